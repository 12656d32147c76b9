"""The peer's best loop: one service object of PyLTI1p3 for all scores, and its column known beforehand.

`python -m tests.bench.peer_loop CONFIG ISSUER COLUMN COUNT` sends scores one after the other and prints
`{"seconds": …, "cpu_seconds": …}` of the loop.
"""

import json
import sys
import time

from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.tool_config import ToolConfJsonFile  # type: ignore[attr-defined]

from tests.bench.peer import make_grade
from tests.rows import ALL_SCOPES


def send(config: str, issuer: str, column: str, count: int) -> dict[str, float]:
    registration = ToolConfJsonFile(config).find_registration_by_issuer(issuer)
    service = AssignmentsGradesService(
        ServiceConnector(registration),
        {"scope": ALL_SCOPES, "lineitem": column},  # type: ignore[typeddict-item]
    )
    began_at, cpu_before = time.perf_counter(), time.process_time()
    for number in range(count):
        service.put_grade(make_grade(f"student-{number}", number % 100))
    return {"seconds": time.perf_counter() - began_at, "cpu_seconds": time.process_time() - cpu_before}


if __name__ == "__main__":
    print(json.dumps(send(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))

"""What the gradebook shows, as the LMS tells it. [AGS §3.3]"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tool.lti import quirks
from tool.lti.answers import parse_json
from tool.lti.connector import Connector
from tool.lti.line_items import add_to_query
from tool.lti.scores import add_to_path
from tool.lti.unverified import read_decimal, read_moment, read_object, read_text
from tool.lti.vocabulary import RESULTS_TYPE, SCOPE_RESULT_READ


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One person's result on the column's own scale. `score` is None where the grade is empty; 0 is a grade."""

    user_id: str
    score: Decimal | None
    maximum: Decimal | None
    comment: str | None
    timestamp: datetime | None


def read_results(connector: Connector, line_item_url: str, user_id: str | None = None) -> list[ResultFacts]:
    """All results of a column, or those of one person [AGS §3.3.3]. All pages are read. Raises ServiceError."""
    family = connector.platform.family
    asks_for_person = user_id is not None and not quirks.filters_results_badly(family)
    query = {"user_id": (user_id or "") if asks_for_person else "", "limit": str(quirks.page_size(family) or "")}
    url = add_to_query(add_to_path(line_item_url, "results"), query)
    found: list[ResultFacts] = []
    for answer in connector.pages(url, scopes=frozenset({SCOPE_RESULT_READ}), accept=RESULTS_TYPE):
        listed = parse_json(answer)
        if not isinstance(listed, list):
            raise quirks.classify(family, answer)
        found.extend(result for result in map(_read_result, listed) if result is not None)
    return [result for result in found if user_id in (None, result.user_id)]


def _read_result(entry: object) -> ResultFacts | None:
    fields = read_object(entry)
    user = fields.get("userId")
    user_id = read_text(str(user) if isinstance(user, int) else user)
    if user_id is None:
        return None
    return ResultFacts(
        user_id=user_id,
        score=read_decimal(fields.get("resultScore")),
        maximum=read_decimal(fields.get("resultMaximum")),
        comment=read_text(fields.get("comment")),
        timestamp=read_moment(fields.get("timestamp")),
    )

"""What was found, between looking and storing: in the page's form, sealed, and nowhere on the server.

The seal is of one launch: what one teacher looked at, another cannot store. Ids are made before sealing, so that a form
that is sent twice stores nothing twice.
"""

from itsdangerous import BadData, URLSafeTimedSerializer

from tool.assessment.questions import AssignmentFile, make_assignment
from tool.language import gettext
from tool.library.importing.report import FoundAssignment, ImportRefused

SEALED_CHARACTERS = 4_000_000  # a form may be 6 MB
SECONDS = 4 * 60 * 60


class ImportSeal(URLSafeTimedSerializer):
    """Signs with the installation's secret."""

    def __init__(self, secret: str) -> None:
        super().__init__(secret, salt="passback.import")


def seal_found(seal: ImportSeal, launch_id: str, found: tuple[FoundAssignment, ...]) -> str:
    """The assignments that can be stored, as one field of a form. Raises ImportRefused."""
    files = [one.file.model_dump(mode="json") for one in found if one.file is not None]
    sealed = seal.dumps({"launch": launch_id, "files": files})
    text = sealed if isinstance(sealed, str) else sealed.decode("ascii")
    if len(text) > SEALED_CHARACTERS:
        raise ImportRefused(
            gettext("The file holds more than Passback stores at once."),
            gettext("Export fewer quizzes at a time, then import each file."),
        )
    return text


def open_found(seal: ImportSeal, launch_id: str, sealed: str) -> dict[str, AssignmentFile]:
    """The sealed assignments by their ids. Raises ImportRefused for anything that this launch did not seal."""
    try:
        content = seal.loads(sealed, max_age=SECONDS)
    except BadData:
        content = None
    if not isinstance(content, dict) or content.get("launch") != launch_id:
        raise ImportRefused(gettext("This page is too old to add anything from it."), gettext("Choose the file again."))
    files = [make_assignment(values) for values in content["files"]]
    return {file.id: file for file in files}

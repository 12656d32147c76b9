"""From the bytes of an upload to what was found in them."""

from tool.assessment.questions import AssignmentFileError, read_assignment_file
from tool.language import gettext, ngettext
from tool.library.importing.assembling import Sheet, assemble
from tool.library.importing.markup import ALL_WORK, TAG_WORK, Scribe, work_of
from tool.library.importing.package import Package, open_document, open_package, tell_kind
from tool.library.importing.qti12.reading import holds_qti12
from tool.library.importing.qti12.reading import read_sheets as read_sheets_12
from tool.library.importing.qti21.reading import holds_qti21
from tool.library.importing.qti21.reading import read_sheets as read_sheets_21
from tool.library.importing.report import UPLOAD_BYTES, Found, FoundAssignment, ImportRefused, ItemReport

ITEMS = 2_000
"""Of one upload; a quiz rarely has more than 50, a question bank than 500."""


def read_upload(name: str, content: bytes) -> Found:
    """Everything an uploaded file holds, as assignments that could be stored, with the report. Raises ImportRefused.

    `name` is only shown. Nothing is stored, and nothing is written to disk.
    """
    if not content:
        raise ImportRefused(gettext("The file is empty."), gettext("Choose the file again."))
    if len(content) > UPLOAD_BYTES:
        raise ImportRefused(
            gettext("The file is larger than %(most)s MB.", most=UPLOAD_BYTES // 1_000_000),
            gettext("Export fewer quizzes at a time, or without pictures."),
        )
    kind = tell_kind(content)
    if kind == "json":
        return _read_json(content)
    package = open_package(content) if kind == "zip" else open_document(content, name[:60])
    return _read_package(package)


def _read_json(content: bytes) -> Found:
    try:
        file = read_assignment_file(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise ImportRefused(gettext("The file is not UTF-8 text."), gettext("Save it as UTF-8.")) from None
    except AssignmentFileError as fault:
        raise ImportRefused(
            gettext("The assignment file breaks a rule – %(rule)s.", rule=fault.message),
            gettext("Mend the file, then choose it again."),
        ) from None
    items = tuple(
        ItemReport(number, question.prompt[:90], question.type.replace("_", " "), "kept", (), (number,))
        for number, question in enumerate(file.questions, start=1)
    )
    notes = (gettext("Its dates are kept: look at them in the settings."),) if file.due_at or file.closes_at else ()
    return Found((FoundAssignment(file.title, file, items, notes),))


def _read_package(package: Package) -> Found:
    scribe, roots = Scribe(), package.documents.values()
    _refuse_what_is_newer(package)
    _check_size(package)
    sheets: list[Sheet] = []
    if holds_qti12(roots):
        sheets, notes = read_sheets_12(package.documents, scribe)
        package.notes += notes
    if holds_qti21(roots):
        more, notes = read_sheets_21(package.documents, scribe)
        sheets += more
        package.notes += notes
    found = [one for sheet in sheets if sheet.drafts for one in assemble(sheet)]
    if not found:
        raise ImportRefused(
            gettext("There is no question in this file."),
            gettext("Passback reads QTI 1.2 and 2.1 packages, and its own assignment files."),
        )
    if package.others:
        package.notes.append(
            ngettext(
                "%(num)s picture or other file of the package is left out.",
                "%(num)s pictures and other files of the package are left out.",
                package.others,
            )
        )
    return Found(tuple(found), tuple(package.notes))


def _refuse_what_is_newer(package: Package) -> None:
    if any(root.tag.startswith("qti-assessment") for root in package.documents.values()):
        raise ImportRefused(
            gettext("This is QTI 3.0, which Passback does not read."),
            gettext("Export it as QTI 2.1 or 1.2, if the other software can."),
        )


def _check_size(package: Package) -> None:
    """Before any work is done on it. Raises ImportRefused."""
    roots = package.documents.values()
    texts = [one for root in roots for tag in ("presentation", "itemBody") for one in root.iter(tag)]
    work = sum(work_of(piece) for text in texts for piece in text.itertext())
    work += sum(TAG_WORK for text in texts if text.tag == "itemBody" for _ in text.iter())
    if work > ALL_WORK:
        raise ImportRefused(
            gettext("The file holds more text than Passback reads at once."),
            gettext("Export fewer quizzes at a time, then import each file."),
        )
    count = sum(1 for root in roots if root.tag == "questestinterop" for _ in root.iter("item"))
    count += sum(1 for root in roots if root.tag == "assessmentItem")
    if count > ITEMS:
        raise ImportRefused(
            gettext("The file has %(count)s questions; Passback reads %(most)s at once.", count=count, most=ITEMS),
            gettext("Export fewer quizzes at a time, then import each file."),
        )

"""Packages and documents written for a test: zips in memory, QTI with few words."""

from html import escape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tool.library.importing.reading import read_upload
from tool.library.importing.report import Found, FoundAssignment

PACKAGES = Path(__file__).parent / "packages"


def zipped(**documents: str | bytes) -> bytes:
    """A zip; `quiz__a_xml="…"` is the entry quiz/a.xml."""
    return zipped_names({name.replace("__", "/").replace("_xml", ".xml"): text for name, text in documents.items()})


def zipped_names(documents: dict[str, str | bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, text in documents.items():
            archive.writestr(name, text)
    return made.getvalue()


def look(content: bytes | str, name: str = "quiz.zip") -> Found:
    return read_upload(name, content.encode() if isinstance(content, str) else content)


def only(content: bytes | str) -> FoundAssignment:
    found = look(content)
    assert len(found.assignments) == 1
    return found.assignments[0]


def folder(path: Path) -> bytes:
    return zipped_names({one.name: one.read_bytes() for one in sorted(path.iterdir())})


def assessment(*parts: str, ident: str = "quiz1", title: str = "A quiz", before: str = "") -> str:
    """A QTI 1.2 document; `before` stands before its section."""
    inner = "".join(parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="{ident}" title="{escape(title)}">{before}<section ident="root_section">{inner}</section>'
        "</assessment></questestinterop>"
    )


def item(
    kind: str, prompt: str, responses: str = "", rules: str = "", *, points: str | None = "1", more: str = ""
) -> str:
    """A QTI 1.2 item as Canvas writes it; an empty `kind` leaves its type to its looks."""
    fields = {"question_type": f"{kind}_question" if kind else "", "points_possible": points or ""}
    told = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for name, value in fields.items()
        if value
    )
    return (
        f'<item ident="i{abs(hash((kind, prompt)))}" title="Question"><itemmetadata><qtimetadata>{told}</qtimetadata>'
        f"</itemmetadata><presentation>{material(prompt)}{responses}</presentation>"
        f"<resprocessing><outcomes/>{rules}</resprocessing>{more}</item>"
    )


def material(html: str) -> str:
    return f'<material><mattext texttype="text/html">{escape(html)}</mattext></material>'


def choices(*texts: str, ident: str = "response1", cardinality: str = "Single", before: str = "") -> str:
    """Choices whose idents are 1, 2, 3 …"""
    labels = "".join(
        f'<response_label ident="{n}">{material(text)}</response_label>' for n, text in enumerate(texts, 1)
    )
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{before}'
        f"<render_choice>{labels}</render_choice></response_lid>"
    )


def typed(fibtype: str = "") -> str:
    kind = f' fibtype="{fibtype}"' if fibtype else ""
    return f'<response_str ident="response1" rcardinality="Single"><render_fib{kind}/></response_str>'


def equal(value: str, ident: str = "response1", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{escape(value)}</varequal>'


def rule(condition: str, value: str = "100", action: str = "Set") -> str:
    return (
        f'<respcondition continue="No"><conditionvar>{condition}</conditionvar>'
        f'<setvar action="{action}" varname="SCORE">{value}</setvar></respcondition>'
    )


def between(low: str, high: str, lower: str = "vargte") -> str:
    return f'<{lower} respident="response1">{low}</{lower}><varlte respident="response1">{high}</varlte>'


def qti21_item(body: str, declared: str, processing: str = "match_correct", more: str = "") -> str:
    """A QTI 2.1 item; `processing` is the name of a template, or elements, or nothing."""
    rules = processing
    if processing and not processing.startswith("<"):
        address = f"http://www.imsglobal.org/question/qti_v2p1/rptemplates/{processing}"
        rules = f'<responseProcessing template="{address}"/>'
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="An item">'
        f"{declared}{more}<itemBody>{body}</itemBody>{rules}</assessmentItem>"
    )

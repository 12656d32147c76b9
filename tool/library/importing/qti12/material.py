"""Texts of QTI 1.2: `material` with its `mattext`, wherever it stands."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.drafting import Draft
from tool.library.importing.markup import as_html

RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")
PICTURES = ("matimage", "mataudio", "matvideo", "matapplet", "matapplication")


def html_of(element: Element | None, draft: Draft | None = None) -> str:
    """The material within as HTML, that of answers aside; each material is a block of its own."""
    blocks = [_block(material, draft) for material in _materials(element)]
    return "".join(f"<div>{block}</div>" if len(blocks) > 1 else block for block in blocks)


def _materials(element: Element | None) -> Iterator[Element]:
    for child in element if element is not None else ():
        if child.tag == "material":
            yield child
        elif child.tag not in (*RESPONSES, "response_label", "render_choice", "render_fib"):
            yield from _materials(child)


def _block(material: Element, draft: Draft | None) -> str:
    parts: list[str] = []
    for piece in material:
        text = "".join(piece.itertext())
        if piece.tag in PICTURES and draft is not None:
            draft.tell(gettext("A picture is left out."))
            parts.append(f"[{gettext('picture')}]")
        elif piece.tag == "matbreak":
            parts.append("<br>")
        elif piece.tag in ("mattext", "matemtext"):
            parts.append(text if _is_html(piece) else as_html(text))
    return " ".join(parts)


def _is_html(piece: Element) -> bool:
    return piece.get("texttype", "text/plain").lower() in ("text/html", "text/xhtml", "text/rtf+html", "html")


def metadata(element: Element | None) -> dict[str, str]:
    """`fieldlabel` (in small letters) → `fieldentry`, and the older `qmd_…` elements by their names."""
    fields: dict[str, str] = {}
    for piece in element.iter() if element is not None else ():
        if piece.tag == "qtimetadatafield":
            label = (piece.findtext("fieldlabel") or "").strip().lower()
            fields.setdefault(label, (piece.findtext("fieldentry") or "").strip())
        elif piece.tag.startswith("qmd_"):
            fields.setdefault(piece.tag, (piece.text or "").strip())
    return fields

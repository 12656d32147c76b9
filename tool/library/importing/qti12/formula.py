"""Canvas's formula question: numbers drawn for each student. Here everyone gets the first set the file has."""

from xml.etree.ElementTree import Element

from tool.language import gettext
from tool.library.importing.documents import text_of
from tool.library.importing.drafting import Draft, Part, read_number
from tool.library.importing.qti12.material import html_of
from tool.library.importing.report import Lost


def read_formula(item: Element, draft: Draft) -> None:
    """Raises Lost when the file holds no worked-out set of numbers."""
    first = item.find(".//var_sets/var_set")
    answer = first.find("answer") if first is not None else None
    if first is None or answer is None:
        raise Lost(gettext("Its formula has no numbers worked out that could be taken over."))
    html, told = html_of(item.find("presentation"), draft), []
    for variable in first.iter("var"):
        name, value = variable.get("name", ""), text_of(variable)
        read_number(value)
        html = html.replace(f"[{name}]", value)
        told.append(f"{name} = {value}")
    number = read_number(text_of(answer))
    tolerance_text = text_of(item.find(".//answer_tolerance")) or "0"
    if tolerance_text.endswith("%"):
        tolerance = abs(number) * read_number(tolerance_text.removesuffix("%")) / 100
    else:
        tolerance = read_number(tolerance_text)
    draft.tell(gettext("Every student gets the same numbers: %(numbers)s.", numbers=", ".join(told)))
    key = {"type": "numeric", "answer": format(number, "f"), "tolerance": format(abs(tolerance), "f")}
    draft.parts = [Part(draft.markdown(html), key)]

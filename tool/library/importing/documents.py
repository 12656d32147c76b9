"""XML from strangers: read into a tree of bounded size, without entities, without anything from elsewhere."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from tool.language import gettext
from tool.library.importing.report import ImportRefused

ELEMENTS = 200_000
"""Of all documents of an upload together; a Canvas quiz needs about 80 a question."""
DEPTH = 100
ATTRIBUTES = 50


class Allowance:
    """What may still be read of one upload. Shared by its documents, so that many small ones are no way around."""

    def __init__(self) -> None:
        self.elements = ELEMENTS

    def take_element(self) -> None:
        self.elements -= 1
        if self.elements < 0:
            raise ImportRefused(
                gettext("The file holds more than Passback reads at once."),
                gettext("Export fewer quizzes at a time, then import each file."),
            )


class _BoundedTree(TreeBuilder):
    """Element and attribute names without their namespaces: files of every version and flavour look alike."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self._allowance = allowance
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._allowance.take_element()
        self._depth += 1
        if self._depth > DEPTH or len(attrs) > ATTRIBUTES:
            raise ImportRefused(
                gettext("The file is built in a way no quiz is: it is nested too deeply."),
                gettext("Export the quiz again from where you made it."),
            )
        return super().start(_local(tag), {_local(name): value for name, value in attrs.items()} if attrs else attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(_local(tag))


class _Parser(DefusedXMLParser):
    """Plain QTI 1.2 names its DTD in the first line, so a DOCTYPE alone is no fault; one with content is."""

    def defused_start_doctype_decl(self, name: str, sysid: Any, pubid: Any, has_internal_subset: bool) -> None:
        if has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


def read_document(content: bytes, name: str, allowance: Allowance) -> Element:
    """The root of an XML document, its names local. Raises ImportRefused.

    Entities of the document's own, external ones and a DTD's content are refused; nothing is fetched.
    """
    parser = _Parser(target=_BoundedTree(allowance), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise ImportRefused(
            gettext("“%(name)s” defines entities of its own, which Passback does not read.", name=name),
            gettext("They are a known way to harm a server. Export the quiz again from where you made it."),
        ) from None
    except (ParseError, ValueError, LookupError) as fault:
        raise ImportRefused(
            gettext("“%(name)s” is not well-formed XML (%(fault)s).", name=name, fault=_tell(fault)),
            gettext("Export the quiz again from where you made it."),
        ) from None
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _tell(fault: Exception) -> str:
    if isinstance(fault, ParseError):
        return gettext("line %(line)s", line=fault.position[0])
    return gettext("its encoding is not known")


def text_of(element: Element | None) -> str:
    """All text within, trimmed."""
    return "".join(element.itertext()).strip() if element is not None else ""

"""An upload, opened without harm: nothing is written to disk, no name in it is used as a path."""

import stat
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Literal
from xml.etree.ElementTree import Element
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tool.language import gettext, ngettext
from tool.library.importing.documents import Allowance, read_document
from tool.library.importing.report import ImportRefused

ENTRIES = 2_000
DIRECTORY_BYTES = 1_000_000  # a zip's table of contents; 2,000 entries with long names take a fifth of it
UNPACKED_BYTES = 100_000_000  # by the zip's own word, pictures included, none of which is unpacked
DOCUMENT_BYTES = 10_000_000  # of all XML together, counted while it is unpacked
CHUNK_BYTES = 65_536
READ_ENDINGS = (".xml", ".qti", ".dat")

Kind = Literal["zip", "xml", "json"]


@dataclass
class Package:
    """The XML documents of an upload by their names within it, in the order of the file."""

    documents: dict[str, Element] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    others: int = 0
    """Entries that are no XML: pictures, attachments."""


def tell_kind(content: bytes) -> Kind:
    """By its first bytes: names and types that browsers send are not trusted. Raises ImportRefused."""
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if start.startswith(b"{"):
        return "json"
    if start.startswith(b"<") or content.startswith((b"\xff\xfe<\x00", b"\xfe\xff\x00<")):
        return "xml"
    raise ImportRefused(
        gettext("This is neither a QTI package (.zip), nor a QTI document (.xml), nor an assignment file (.json)."),
        gettext("In Canvas, choose Settings, Export Course Content, Quiz; the file it makes is a .zip."),
    )


def open_package(content: bytes) -> Package:
    """All XML of a zip. Raises ImportRefused."""
    try:
        _check_directory(content)
        with ZipFile(BytesIO(content)) as archive:
            return _read_archive(archive)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, OverflowError):
        raise _refuse(gettext("The zip file is damaged.")) from None


def open_document(content: bytes, name: str) -> Package:
    """A lone XML document as a package of one. Raises ImportRefused."""
    return Package({name: read_document(content, name, Allowance())})


def _refuse(message: str) -> ImportRefused:
    return ImportRefused(message, gettext("Export the quiz again from where you made it."))


def _check_directory(content: bytes) -> None:
    """A hundred thousand empty entries fit into an upload; they are counted before anything is made of them."""
    found = content.rfind(b"PK\x05\x06")
    if found >= 0 and int.from_bytes(content[found + 12 : found + 16], "little") > DIRECTORY_BYTES:
        raise _refuse(gettext("The zip file has too many entries."))


def _read_archive(archive: ZipFile) -> Package:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check_entries(entries)
    package, allowance, left = Package(), Allowance(), DOCUMENT_BYTES
    strange = 0
    for entry in entries:
        if _is_strange(entry):
            strange += 1
        elif entry.filename.lower().endswith(READ_ENDINGS):
            content = _read_entry(archive, entry, left)
            left -= len(content)
            if entry.filename.endswith(".dat") and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                package.others += 1  # Blackboard keeps its settings under the same ending
                continue
            package.documents[entry.filename] = read_document(content, _shown(entry.filename), allowance)
        else:
            package.others += 1
    if strange:
        package.notes.append(
            ngettext(
                "%(num)s entry of the zip was left aside: its name points outside the package, or it is a link.",
                "%(num)s entries of the zip were left aside: their names point outside the package, or they are links.",
                strange,
            )
        )
    return package


def _check_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > ENTRIES:
        raise _refuse(gettext("The zip file has too many entries."))
    if sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        raise _refuse(gettext("The zip file unpacks to far more than a quiz needs."))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportRefused(
            gettext("The zip file is protected by a password."), gettext("Make it again without a password.")
        )
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise _refuse(gettext("The zip file is compressed in a way Passback does not read."))
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise _refuse(gettext("The zip file holds two entries of the same name."))


def _is_strange(entry: ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/")
    is_outside = name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name.partition("/")[0]
    return is_outside or stat.S_ISLNK(entry.external_attr >> 16)


def _read_entry(archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    """What it really holds: a declared size may lie."""
    parts: list[bytes] = []
    with archive.open(entry) as unpacked:
        while chunk := unpacked.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise ImportRefused(
                    gettext("The zip file unpacks to more than Passback reads at once."),
                    gettext("Export fewer quizzes at a time, then import each file."),
                )
            parts.append(chunk)
    return b"".join(parts)


def _shown(name: str) -> str:
    """An entry's name for people: no path, no control characters, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1][:60]
    return last if last.isprintable() else ascii(last)

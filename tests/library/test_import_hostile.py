"""Files made to harm are refused quickly, with little memory, and with a reason a person can read."""

import resource
import struct
import time
import zipfile
from io import BytesIO

import pytest

from tests.library.packing import assessment, choices, equal, item, look, rule, zipped, zipped_names
from tool.library.importing.report import ImportRefused

CHOICE = item("multiple_choice", "Two plus two?", choices("3", "4"), rule(equal("2")))
QUIZ = assessment(CHOICE)
SECONDS, MEGABYTES = 2, 100


def refused(content: bytes) -> str:
    """Why, in the limits of time and memory."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(ImportRefused) as refusal:
        look(content)
    assert time.process_time() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES
    assert refusal.value.hint
    return refusal.value.message


def zeros(megabytes: int, name: str = "quiz.xml") -> bytes:
    made = BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(b" " * 1_000_000)
    return made.getvalue()


@pytest.fixture(scope="module")
def gigabyte() -> bytes:
    return zeros(1000)


def test_a_gigabyte_that_says_so_is_refused(gigabyte: bytes) -> None:
    assert len(gigabyte) < 5_000_000
    assert "unpacks to far more" in refused(gigabyte)


def test_a_gigabyte_that_lies_about_its_size_is_refused() -> None:
    """Both places that name the unpacked size say 1,000 bytes; nothing beyond the limits is unpacked."""
    made = bytearray(zipped_names({"quiz.xml": b" " * 60_000_000}))
    central = made.index(b"PK\x01\x02")
    struct.pack_into("<I", made, central + 24, 1000)
    struct.pack_into("<I", made, 22, 1000)

    assert refused(bytes(made)) in (
        "The zip file is damaged.",
        "The zip file unpacks to more than Passback reads at once.",
    )


def test_many_documents_together_are_limited_too() -> None:
    padding = "<!--" + " " * 900_000 + "-->"
    assert "unpacks to more" in refused(zipped_names({f"{n}.xml": QUIZ + padding for n in range(20)}))


@pytest.mark.parametrize("count", [2_500, 60_000])
def test_too_many_entries_are_refused(count: int) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(count):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    content = made.getvalue()[:5_000_000] if len(made.getvalue()) <= 5_000_000 else _directory_only(count)
    assert "too many entries" in refused(content)


def _directory_only(count: int) -> bytes:
    """As many entries as fit into an upload: each names the same file."""
    first = zipped_names({"a": b""})
    start = first.index(b"PK\x01\x02")
    end = first.index(b"PK\x05\x06")
    directory = first[start:end] * count
    tail = bytearray(first[end:])
    struct.pack_into("<HHI", tail, 8, 0xFFFF & count, 0xFFFF & count, len(directory))
    return first[:start] + directory + bytes(tail)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xml", "/etc/passwd.xml", "a/../../b.xml", "..\\b.xml", "C:\\b.xml", "C:/b.xml"]
)
def test_names_that_point_outside_are_left_aside_and_told(name: str) -> None:
    found = look(zipped_names({"quiz.xml": QUIZ, name: "<questestinterop/>"}))

    assert len(found.assignments) == 1
    assert found.notes[0].startswith("1 entry of the zip was left aside")


def test_a_link_is_not_followed() -> None:
    link = zipfile.ZipInfo("secret.xml")
    link.external_attr = 0o120777 << 16
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("quiz.xml", QUIZ)
        archive.writestr(link, "/etc/passwd")

    assert look(made.getvalue()).notes[0].startswith("1 entry of the zip was left aside")


def test_a_zip_in_a_zip_is_not_opened() -> None:
    found = look(zipped_names({"quiz.xml": QUIZ, "inner.zip": zipped_names({"quiz.xml": QUIZ})}))

    assert len(found.assignments) == 1
    assert found.notes == ("1 picture or other file of the package is left out.",)


MANY_ATTRIBUTES = "<a " + " ".join(f'a{n}="1"' for n in range(90_000)) + "/>"
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><questestinterop>&l9;</questestinterop>"
)


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><questestinterop>&x;</questestinterop>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd">%x;]><questestinterop/>',
        f'<!DOCTYPE a [<!ATTLIST item x CDATA "{"x" * 1000}">]><questestinterop/>',
    ],
)
def test_entities_and_dtds_are_refused(document: str) -> None:
    assert "defines entities of its own" in refused(document.encode())
    assert "defines entities of its own" in refused(zipped(quiz_xml=document))


def test_a_dtd_that_is_only_named_is_no_fault_and_is_not_fetched() -> None:
    """Plain QTI 1.2 begins like this."""
    document = QUIZ.replace("?>", '?><!DOCTYPE questestinterop SYSTEM "http://192.0.2.1/ims_qtiasiv1p2.dtd">', 1)

    assert len(look(document).assignments) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Dear colleague,", "neither a QTI package"),
        (b"%PDF-1.7", "neither a QTI package"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"PK\x05\x06", "damaged"),
        (b"<quiz", "not well-formed"),
        (b"<html><body>Sign in</body></html>", "no question"),
        (b"<a>" * 300_000, "nested too deeply"),
        (MANY_ATTRIBUTES.encode(), "nested too deeply"),
        (b"<a>" + b"<b/>" * 900_000 + b"</a>", "more than Passback reads"),
        (b"<?xml version='1.0' encoding='no-such'?><a/>", "its encoding"),
        (b"<?xml version='1.0'?><a>\xff\xfe</a>", "not well-formed"),
        (b"<a>\x00</a>", "not well-formed"),
        (b"{" + b'"a":{' * 100_000, "nested too deeply"),
        (b'{"id": "x"}', "is required"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"{" + b" " * 5_000_000, "larger than 5 MB"),
        (b"<a>" + b"x" * 5_000_000, "larger than 5 MB"),
        (zipped_names({}), "no question"),
        (zipped_names({"a.txt": "hello"}), "no question"),
    ],
)  # fmt: skip
def test_what_is_no_quiz_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    assert reason in refused(content)


def test_an_attribute_of_megabytes_does_no_harm() -> None:
    document = QUIZ.replace('ident="quiz1"', f'ident="{"x" * 4_000_000}"')

    assert len(look(document).assignments) == 1


def test_an_encrypted_zip_is_refused() -> None:
    made = bytearray(zipped_names({"quiz.xml": QUIZ}))
    made[made.index(b"PK\x01\x02") + 8] |= 1

    assert "password" in refused(bytes(made))


def test_a_zip_whose_content_was_changed_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("quiz.xml", QUIZ)

    assert refused(made.getvalue().replace(b"Two plus two", b"Two plus six")) == "The zip file is damaged."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("quiz.xml", QUIZ)
        archive.writestr("quiz.xml", QUIZ)

    assert "same name" in refused(made.getvalue())


def test_unusual_compression_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("quiz.xml", QUIZ)

    assert "compressed in a way" in refused(made.getvalue())


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_declared_encodings_are_read(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    made = QUIZ.replace("Two plus two", "Où est le café").replace('encoding="UTF-8"', f'encoding="{declared}"')

    assert look(made.encode(encoding)).assignments[0].items[0].name == "Où est le café?"
    assert look(zipped(quiz_xml=made.encode(encoding))).assignments[0].items[0].name == "Où est le café?"


def test_ten_thousand_questions_are_refused() -> None:
    short = '<item ident="a"><presentation/></item>'
    assert "10000 questions" in refused(assessment(short * 10_000).encode())


def test_more_text_than_can_be_worked_on_is_refused() -> None:
    long = item("essay", "<b>x</b> word " * 3000)
    assert "more text than" in refused(zipped(quiz_xml=assessment(*[long] * 90)))
    assert "more text than" in refused(zipped(quiz_xml=assessment(*[long] * 25)))


def test_rules_that_would_take_minutes_are_refused() -> None:
    tangled = item(
        "multiple_choice",
        "Q",
        choices(*["x"] * 100),
        "".join(rule(f"<not>{equal(str(n))}</not>", "1", "Add") for n in range(1500)),
    )
    assert "rules for scoring" in refused(zipped(quiz_xml=assessment(*[tangled] * 8)))


def test_a_bank_that_is_drawn_from_a_thousand_times_is_refused() -> None:
    """Each reading of an item counts."""
    drawing = (
        "<section><selection_ordering><selection><sourcebank_ref>b</sourcebank_ref></selection></selection_ordering>"
        "</section>"
    )
    bank = f'<questestinterop><objectbank ident="b">{CHOICE * 100}</objectbank></questestinterop>'
    assert "more than Passback reads" in refused(zipped(a_xml=assessment(drawing * 1000), b_xml=bank))


def test_tangled_markup_costs_only_its_own_question() -> None:
    tangled = item("essay", "<a>" * 15_000)
    found = look(assessment(CHOICE, tangled)).assignments[0]

    assert [one.status for one in found.items] == ["kept", "lost"]
    assert found.items[1].notes == ("Its text is too tangled to read.",)


def test_control_characters_never_reach_a_question() -> None:
    found = look(assessment(item("essay", "a&#1;b &#x7f; c"))).assignments[0]

    assert found.file is not None
    assert found.file.questions[0].prompt.isprintable()

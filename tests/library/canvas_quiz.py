"""A Canvas classic quiz with every type of question, as its export writes them, and the answers Ada expects."""

from tests.library.packing import assessment, between, choices, equal, item, material, rule, typed, zipped

META = """<?xml version="1.0"?><quiz identifier="quiz1" xmlns="http://canvas.instructure.com/xsd/cccv1p0">
<title>Everything &amp; more</title>
<description>&lt;p&gt;Take your &lt;strong&gt;time&lt;/strong&gt;.&lt;/p&gt;</description>
<shuffle_answers>true</shuffle_answers><scoring_policy>keep_highest</scoring_policy>
<allowed_attempts>3</allowed_attempts><time_limit>30</time_limit>
<assignment><due_at>2026-05-01T10:00:00</due_at></assignment></quiz>"""

FORMULA = """<itemproc_extension><calculated><answer_tolerance>10%</answer_tolerance><var_sets>
<var_set ident="1"><var name="x">4</var><var name="y">5</var><answer>20.0</answer></var_set>
<var_set ident="2"><var name="x">7</var><var name="y">1</var><answer>7.0</answer></var_set>
</var_sets></calculated></itemproc_extension>"""

FEEDBACK = f'<itemfeedback ident="general_fb"><flow_mat>{material("Well done")}</flow_mat></itemfeedback>'


def _named(name: str, *texts: str) -> str:
    return choices(*texts, ident=f"response_{name}", before=f"<material><mattext>{name}</mattext></material>")


def _adds(name: str, right: str, share: str = "50.00") -> str:
    return rule(equal(right, f"response_{name}"), share, "Add").replace(' continue="No"', "")


ITEMS = (
    item("multiple_choice", "<p>Two plus two?</p>", choices("3", "4"), rule(equal("2")), points="2", more=FEEDBACK),
    item("true_false", "The sea is salty.", choices("True", "False"), rule(equal("1"))),
    item(
        "multiple_answers",
        "Which are even?",
        choices("1", "2", "4", cardinality="Multiple"),
        rule(f"<and><not>{equal('1')}</not>{equal('2')}{equal('3')}</and>"),
        points="3",
    ),
    item("short_answer", "The planet we live on", typed(), rule(equal("Earth") + equal("the Earth"))),
    item("numerical", "Pi", typed("Decimal"), rule(f"<or>{equal('3.14')}<and>{between('3.13', '3.15')}</and></or>")),
    item("numerical", "One to three", typed("Decimal"), rule(between("1", "3"))),
    item(
        "numerical",
        "A thousand, precisely",
        typed("Decimal"),
        rule(f"<or>{equal('1000.0')}<and>{between('999.995', '1000.005', 'vargt')}</and></or>"),
    ),
    item("essay", "Why?", typed()),
    item("text_only", "<p>Read this <em>first</em>.</p>", points="0"),
    item(
        "fill_in_multiple_blanks",
        "<p>Roses are [one], violets are [two].</p>",
        _named("one", "red", "Red") + _named("two", "blue"),
        _adds("one", "1") + _adds("two", "1"),
        points="1",
    ),
    item("fill_in_multiple_blanks", "Snow is [colour].", _named("colour", "white"), _adds("colour", "1", "100")),
    item(
        "multiple_dropdowns",
        "[a] barks, [b] sings.",
        _named("a", "The bird", "The dog") + _named("b", "the bird", "the dog"),
        _adds("a", "2") + _adds("b", "1"),
    ),
    item(
        "matching",
        "Capitals",
        "".join(
            choices("Paris", "Rome", "Oslo", ident=f"response_{n}", before=material(land))
            for n, land in ((1, "France"), (2, "Italy"), (3, "Norway"))
        ),
        _adds("1", "1", "33.33") + _adds("2", "2", "33.33") + _adds("3", "3", "33.34"),
        points="1",
    ),
    item("calculated", "What is [x] times [y]?", typed("Decimal"), rule("<other/>"), more=FORMULA),
    item("file_upload", "Hand in your drawing."),
)

RIGHT: dict[str, object] = {
    "q1": "b",
    "q2": True,
    "q3": ["b", "c"],
    "q4": "the earth",
    "q5": "3.15",
    "q6": "1",
    "q7": "1000",
    "q9": "RED",
    "q10": "blue",
    "q11": "white",
    "q12": "b",
    "q13": "a",
    "q14": "a",
    "q15": "b",
    "q16": "c",
    "q17": "22",
}
"""What counts as right in Canvas; q8 is the essay."""


def every_type() -> bytes:
    return zipped(quiz1__quiz1_xml=assessment(*ITEMS, title="Everything"), quiz1__assessment_meta_xml=META)

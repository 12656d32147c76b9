"""docs/troubleshooting.md says what the pages say."""

from tests.troubleshooting import PAGE, write_page
from tool.sis.remedies.finding import BY_CODE


def test_the_page_is_what_the_catalogues_say() -> None:
    assert PAGE.read_text() == write_page(), "write it anew: python -m tests.troubleshooting"


def test_every_code_of_the_schools_records_is_on_it() -> None:
    page = PAGE.read_text()

    assert [code for code in BY_CODE if f"`{code}`" not in page] == []

"""docs/troubleshooting.md says what the pages say."""

from tests.said_refusals import error_classes, said_refusals
from tests.troubleshooting import PAGE, write_page
from tool.lti.errors import LaunchRefused, RegistrationRefused, ServiceError
from tool.lti.id_token import UnknownDeployment
from tool.lti.service_texts import SERVICE_TEXTS
from tool.outbound.errors import OutboundError
from tool.passback.words import REASONS
from tool.registration.refusals import TEXTS
from tool.sis.plain import SisError
from tool.sis.remedies.finding import BY_CODE

# Made with a code: their words stand in the catalogues that the page is written from.
CODED = (LaunchRefused, UnknownDeployment, RegistrationRefused, ServiceError, OutboundError, SisError)
BY_CATALOGUE = {one.__name__ for one in CODED}


def test_the_page_is_what_the_catalogues_say() -> None:
    assert PAGE.read_text() == write_page(), "write it anew: python -m tests.troubleshooting"


def test_every_code_of_the_schools_records_is_on_it() -> None:
    page = PAGE.read_text()

    assert [code for code in BY_CODE if f"`{code}`" not in page] == []


def test_every_code_of_an_lms_is_on_it() -> None:
    page = PAGE.read_text()

    assert [code for code in (*SERVICE_TEXTS, *REASONS, *TEXTS) if f"`{code}`" not in page] == []


def test_every_error_a_person_can_see_is_on_it() -> None:
    """Each class is read out of the source by its words, or has a catalogue."""
    with_words = {one.kind for one in said_refusals()}

    assert sorted(error_classes() - with_words - BY_CATALOGUE) == []


def test_a_refusal_of_the_settings_and_one_of_a_page_stand_on_it() -> None:
    page = PAGE.read_text()

    assert "| the database's tables are not those of this version. | Run: passback db upgrade |" in page
    assert "| Grade Passback | A score cannot be negative. | Type 0 or more. |" in page

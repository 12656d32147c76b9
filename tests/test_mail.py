"""A digest goes to a real mail server of a few lines, as plain text."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from smtplib import SMTPRecipientsRefused

import pytest

from tests.post_office import open_post_office
from tool.clock import now
from tool.mail import MailServer, is_address, send_mail


def test_a_mail_arrives_as_it_was_written() -> None:
    with open_post_office() as office:
        send_mail(office.server, "ada@school.example", "Grades that need you", "Fractions: 1\n.\nÅsa\n")

    [letter] = office.letters
    message = letter.message
    assert letter.recipients == ["ada@school.example"]
    assert (message["From"], message["To"]) == ("passback@school.example", "ada@school.example")
    assert message["Subject"] == "Grades that need you"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(parsedate_to_datetime(message["Date"]) - now()) < timedelta(minutes=1)
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Fractions: 1\n.\nÅsa\n"


def test_an_address_that_is_refused_is_told() -> None:
    with open_post_office() as office:
        office.refuses = {"ada@school.example"}
        with pytest.raises(SMTPRecipientsRefused):
            send_mail(office.server, "ada@school.example", "Grades that need you", "Fractions: 1")

    assert office.letters == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ada@school.example", True),
        ("o'neill+math@school.example", True),
        ("ada", False),
        ("", False),
        ("ada@school.example, ben@school.example", False),
        ("Ada Byron <ada@school.example>", False),
        ("ada@school.example\nBcc: ben@school.example", False),
        ("ada@school.example\n", False),
        ("a@b@c", False),
    ],
)
def test_only_one_plain_address_is_one(text: str, is_one: bool) -> None:
    """An LMS's field may hold anything, and a header takes lists."""
    assert is_address(text) is is_one


def test_a_password_is_never_shown() -> None:
    assert "secret" not in repr(MailServer("smtp://ada:secret@mail.example:587", "a@b"))

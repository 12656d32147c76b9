"""What is kept of one student: handed out, or deleted."""

import json
from pathlib import Path

import click
import structlog

from tool.admin import one_person
from tool.cli.agreeing import require_agreement
from tool.cli.opening import database_in_words, open_database
from tool.course.one_person import Found
from tool.db import Database
from tool.errors import BadInput
from tool.logs import configure_logs
from tool.settings import load_settings

log = structlog.get_logger("admin")

which_customer = click.option("--customer", type=int, help="The number of the customer, where several know such an id.")
by_number = click.option("--number", is_flag=True, help="ID is the person's number here, not the LMS's id.")


@click.group()
def student() -> None:
    """What is kept of one student."""


@student.command("export")
@click.argument("named", metavar="ID")
@which_customer
@by_number
@click.option("--file", type=click.Path(path_type=Path), help="Write to this new file instead of standard output.")
def student_export(named: str, customer: int | None, number: bool, file: Path | None) -> None:
    """Write everything that is kept of the student ID, as JSON.

    ID is the LMS's own id of the student (its “sub”), or the number that Passback gave the person.
    """
    database, person = _find(named, customer, number)
    with database_in_words():
        text = json.dumps(one_person.export(database, person), ensure_ascii=False, indent=2)
    if file is None:
        click.echo(text)
        log.info("student.exported", person_id=person.person_id)
        return
    try:
        # Never over something else, and for nobody but its owner.
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise BadInput(f"{file}: cannot be written ({error.strerror})") from error
    click.echo(f"wrote {file}")
    log.info("student.exported", person_id=person.person_id)


@student.command("delete")
@click.argument("named", metavar="ID")
@which_customer
@by_number
@click.option("--yes", is_flag=True, help="Do not ask.")
def student_delete(named: str, customer: int | None, number: bool, yes: bool) -> None:
    """Delete everything that is kept of the student ID, for good. What stands in the LMS stays there.

    ID is the LMS's own id of the student (its “sub”), or the number that Passback gave the person.
    """
    database, person = _find(named, customer, number)
    with database_in_words():
        standing = one_person.count_standing(database, person)
    click.echo(
        f"Student number {person.person_id} of {person.platform}: answers, grades, scores that wait and open pages go "
        f"for good. Scores that stand in the LMS's gradebook and stay there: {standing}."
    )
    if not yes:
        require_agreement()
    with database_in_words():
        one_person.delete(database, person)
    click.echo(f"deleted {person.person_id}")
    if not one_person.rewrite_file(database):
        click.echo(
            "The database's file still holds spare pages of before: run VACUUM on it when it is quiet.", err=True
        )


def _find(named: str, customer: int | None, number: bool) -> tuple[Database, Found]:
    configure_logs()  # whose rows went, and when, stands in the log; standard output is the export's
    database = open_database(load_settings())
    with database_in_words():
        return database, one_person.find(database, named, customer_id=customer, is_number=number)

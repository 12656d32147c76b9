"""Courses that are over: ended, begun again, deleted."""

import click

from tool.admin import courses
from tool.admin.one_person import rewrite_file
from tool.cli.agreeing import require_agreement
from tool.cli.opening import database_in_words, open_database
from tool.cli.printing import print_table
from tool.course.ending import KnownCourse, list_courses
from tool.logs import configure_logs
from tool.settings import load_settings

which = click.argument("course_id", metavar="NUMBER", type=click.IntRange(1, 2**31 - 1))


@click.group()
def course() -> None:
    """The courses of the LMSs, and which of them are over."""
    configure_logs()


@course.command("list")
@click.option("--ended/--open", "is_ended", default=None, help="Only those that ended, or only those that did not.")
def course_list(is_ended: bool | None) -> None:
    """Show the courses, with their numbers."""
    database = open_database(load_settings())
    with database_in_words(), database.reading() as connection:
        known = list_courses(connection, is_ended=is_ended)
    print_table(("number", "course", "platform", "people", "last launch", "ended"), map(_in_cells, known))


@course.command("end")
@which
def course_end(course_id: int) -> None:
    """End course NUMBER: open pages close, launches are refused, and nothing that waits is sent any more.

    Nothing is deleted, and what stands in the LMS stays there.
    """
    database = open_database(load_settings())
    with database_in_words():
        closed = courses.end(database, course_id)
    click.echo(f"ended {course_id}; waiting scores that were closed and are not sent: {closed}")


@course.command("reopen")
@which
def course_reopen(course_id: int) -> None:
    """Let the people of course NUMBER in again. What was closed goes when a teacher sends it."""
    database = open_database(load_settings())
    with database_in_words():
        courses.reopen(database, course_id)
    click.echo(f"reopened {course_id}")


@course.command("delete")
@which
@click.option("--yes", is_flag=True, help="Do not ask.")
def course_delete(course_id: int, yes: bool) -> None:
    """Delete everything that is kept of course NUMBER and of its people, for good, and end it.

    Assignments in libraries stay, and so does what stands in the LMS and in the school's records.
    """
    database = open_database(load_settings())
    with database_in_words():
        people = courses.count_people(database, course_id)
    click.echo(
        f"Course {course_id}: the answers, grades, scores that wait and open pages of its people ({people}) go for "
        "good. What stands in the LMS's gradebook and in the school's records stays there."
    )
    if not yes:
        require_agreement()
    with database_in_words():
        courses.delete(database, course_id)
    click.echo(f"deleted {course_id}")
    if not rewrite_file(database):
        click.echo(
            "The database's file still holds spare pages of before: run VACUUM on it when it is quiet.", err=True
        )


def _in_cells(known: KnownCourse) -> tuple[str, ...]:
    launched, ended = known.last_launch_at, known.ended_at
    when = tuple(f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in (launched, ended))
    return (str(known.id), known.title, known.platform, str(known.people), *when)

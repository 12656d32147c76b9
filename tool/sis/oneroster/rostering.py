"""Who and what the SIS has: teachers, classes, students, grading periods. Filters are tried and never relied on."""

from dataclasses import replace

from tool.sis.oneroster.bodies import write_id
from tool.sis.oneroster.fields import Fields
from tool.sis.oneroster.lists import Lists
from tool.sis.oneroster.reading import add_enrolments, read_class, read_period, read_sourced_id, read_student
from tool.sis.plain import Enrolled, Period, SchoolClass, SisError

_USERS = ("users", "teachers", "students")
_SESSIONS = ("academicSessions", "gradingPeriods", "terms")


class Rostering:
    """The rostering service of one SIS. What was read of schools and terms is kept for this client's life."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._titles: dict[str, str | None] = {}
        self._school_ids: dict[str, str] = {}

    def find_teacher_id(self, email: str) -> str | None:
        """The one teacher with this e-mail; None for nobody and for two. Raises SisError."""
        wanted = email.strip().casefold()
        if not wanted:
            return None
        found = self._read_filtered_teachers(email.strip())
        # An honest empty list may be a filter that minds capitals, so all are read then too.
        if not any(_has_email(one, wanted) for one in found):
            is_unfiltered = bool(found)
            found = found if is_unfiltered else self._lists.read_all("rostering", "/teachers", _USERS)
        ids = {read_sourced_id(one) for one in found if _has_email(one, wanted) and one.is_active()} - {None}
        return ids.pop() if len(ids) == 1 else None

    def _read_filtered_teachers(self, email: str) -> list[Fields]:
        # The standard has no way to write a quote inside a value (O'Neil).
        if "'" in email:
            return []
        try:
            return self._lists.read_all("rostering", "/teachers", _USERS, more=(("filter", f"email='{email}'"),))
        except SisError as error:
            if error.kind != "permanent" or error.code in ("auth.scope", "sis.route"):
                raise
            return []

    def find_classes_of_teacher(self, email: str) -> list[SchoolClass]:
        """The teacher's classes that are not to be deleted, with the names of school and first term."""
        teacher_id = self.find_teacher_id(email)
        if teacher_id is None:
            return []
        found = self._lists.read_all("rostering", f"/teachers/{write_id(teacher_id)}/classes", ["classes"])
        return [self._name(one) for one in map(read_class, found) if one is not None and one.is_active]

    def find_class(self, class_id: str) -> SchoolClass | None:
        """The class, be it active or not; None where the SIS knows no such class."""
        try:
            found = read_class(self._lists.read_one("rostering", f"/classes/{write_id(class_id)}", "class"))
        except SisError as error:
            if error.kind == "permanent" and error.code == "class.unlinked":
                return None
            raise
        return found and self._name(found)

    def read_students(self, class_id: str) -> list[Enrolled]:
        """The students of a class with the days of their enrolment, where the SIS tells them."""
        found = self._lists.read_all("rostering", f"/classes/{write_id(class_id)}/students", _USERS)
        students = [one for one in map(read_student, found) if one is not None]
        return add_enrolments(students, self._read_enrolments(class_id))

    def _read_enrolments(self, class_id: str) -> list[Fields]:
        try:
            if class_id not in self._school_ids:
                self.find_class(class_id)
            school_id = self._school_ids.get(class_id)
            if not school_id:
                return []
            path = f"/schools/{write_id(school_id)}/classes/{write_id(class_id)}/enrollments"
            return self._lists.read_all("rostering", path, ["enrollments", "enrolments"])
        except SisError as error:
            # Aeries and others have no such address, or another right for it: then the days stay unknown.
            if error.kind == "permanent":
                return []
            raise

    def read_periods(self, school_class: SchoolClass) -> list[Period]:
        """The grading periods of the class's terms, earliest first."""
        found = [one for term_id in school_class.term_ids for one in self._read_periods_of_term(term_id)]
        if not found:
            found = _select_periods(self._read_all_periods(), school_class.term_ids)
        periods = {one.sourced_id: one for one in map(read_period, found) if one is not None}
        return sorted(periods.values(), key=lambda one: (one.starts_on, one.ends_on, one.sourced_id))

    def _read_periods_of_term(self, term_id: str) -> list[Fields]:
        """Not every SIS has the list of a term; the list of all is tried then."""
        try:
            return self._lists.read_all("rostering", f"/terms/{write_id(term_id)}/gradingPeriods", _SESSIONS)
        except SisError as error:
            if error.kind == "permanent":
                return []
            raise

    def _read_all_periods(self) -> list[Fields]:
        return self._lists.read_all("rostering", "/gradingPeriods", _SESSIONS)

    def _name(self, school_class: SchoolClass) -> SchoolClass:
        """With the titles of its first term and its school, for a person who chooses; without them it works too."""
        self._school_ids[school_class.sourced_id] = school_class.school_id
        term = next(iter(school_class.term_ids), None)
        return replace(
            school_class,
            term_title=self._find_title("/academicSessions", "academicSession", "title", term),
            school_title=self._find_title("/orgs", "org", "name", school_class.school_id),
        )

    def _find_title(self, collection: str, envelope: str, name: str, sourced_id: str | None) -> str | None:
        if not sourced_id:
            return None
        path = f"{collection}/{write_id(sourced_id)}"
        if path not in self._titles:
            try:
                self._titles[path] = self._lists.read_one("rostering", path, envelope).text(name)
            except SisError as error:
                if error.kind != "permanent":
                    raise
                self._titles[path] = None
        return self._titles[path]


def _has_email(teacher: Fields, wanted: str) -> bool:
    return (teacher.text("email") or "").casefold() == wanted


def _select_periods(found: list[Fields], term_ids: tuple[str, ...]) -> list[Fields]:
    """Those of the class's terms, or named as its terms; all, where the SIS says of none what it belongs to."""
    if any(one.reference("parent") for one in found):
        return [one for one in found if one.reference("parent") in term_ids or read_sourced_id(one) in term_ids]
    return found

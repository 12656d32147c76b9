"""*Test connection*: what a run will need, step by step, each with its result and remedy. Nothing is written there."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar, cast

from tool.clock import now
from tool.language import gettext
from tool.language import lazy_gettext as _
from tool.registration.checks.steps import State, Step
from tool.sis.connecting.connections import is_ending
from tool.sis.oneroster.client import OneRoster
from tool.sis.oneroster.tokens import GRADEBOOK_PUT, GRADEBOOK_READ, ROSTER_READ
from tool.sis.plain import Access, Category, SchoolClass, SisError
from tool.sis.remedies.telling import tell

NAMES: Mapping[str, object] = {
    "token": _("Access token"),
    "scopes": _("Permissions"),
    "class": _("A class"),
    "periods": _("Grading periods"),
    "categories": _("Categories of the class"),
    "vendor_header": _("Header of the vendor"),
    "secret": _("End of the credentials"),
}
NEEDED = (ROSTER_READ, GRADEBOOK_READ, GRADEBOOK_PUT)
IN_SHORT: Mapping[str, object] = {
    "good": _("It was good."),
    "look": _("It was worth a look. Test again to read what was found."),
    "bad": _("It did not work. Test again to read what was found."),
    "unknown": _("It could not be tested."),
}
"""What is shown of a step afterwards: what a SIS told about a class is not stored."""

T = TypeVar("T")


class Trial:
    """The steps so far, in the order of `NAMES`."""

    def __init__(self, name: str) -> None:
        self.about = {"sis": name}
        """What a remedy's sentences are filled in with; no dates: a terminal has no writing of them."""
        self.steps: list[Step] = []
        self.codes: dict[str, str] = {}

    def tell(self, key: str, state: State, text: str, remedy: str = "", code: str = "") -> None:
        self.steps.append(Step(str(NAMES[key]), state, text, remedy, key))
        if code:
            self.codes[key] = code

    def tell_untested(self, *keys: str) -> None:
        """Those of `keys` of which nothing is told yet."""
        for key in keys:
            if self.find_state(key) is None:
                self.tell(key, "unknown", gettext("Not tested: a step before it has to be good first."))

    def find_state(self, key: str) -> State | None:
        return next((one.state for one in self.steps if one.key == key), None)

    def ask(self, key: str, what: Callable[[], T]) -> T | None:
        """The answer; None when the SIS refused, which is then told."""
        try:
            return what()
        except SisError as error:
            remedy = tell(error.code, self.about)
            seen = gettext("It answered with status %(status)s.", status=error.status) if error.status else ""
            self.tell(key, "bad", f"{remedy.happened} {seen}".strip(), remedy.fix, error.code)
            return None

    def kept(self) -> list[object]:
        """What is stored of the test: keys, states and codes, and nothing that names anybody."""
        return [{"key": one.key, "state": one.state, "code": self.codes.get(one.key)} for one in self.steps]


def read_kept(kept: Iterable[object], *, name: str, expires_on: date | None) -> list[Step]:
    """The steps of an earlier test, as far as they are stored; how long the credentials last, as of today."""
    trial = Trial(name)
    for one in kept:
        row = cast("dict[str, str | None]", one)
        key, state, code = row["key"] or "", cast("State", row["state"]), row["code"]
        if key == "secret" or key not in NAMES or state not in IN_SHORT:
            continue
        said = tell(code, trial.about) if code else None
        trial.tell(key, state, said.happened if said else str(IN_SHORT[state]), said.fix if said else "")
    _check_secret(trial, expires_on)
    return trial.steps


def check_connection(
    client: OneRoster, access: Access, *, name: str, expires_on: date | None, class_id: str | None, teacher_email: str
) -> Trial:
    """Token → permissions → a class → its grading periods → its categories → the vendor's header → the secret's end.

    The class is `class_id`, else the first of the teacher's. How long it may take is up to the client.
    """
    trial = Trial(name)
    if _check_token(client, access, trial):
        found = _check_class(client, trial, class_id, teacher_email)
        if found is not None:
            _check_periods(client, trial, found)
            _check_categories(client, trial, found)
    else:
        trial.tell_untested("scopes")
    trial.tell_untested("class", "periods", "categories")
    _check_vendor_header(access, trial)
    _check_secret(trial, expires_on)
    return trial


def _check_token(client: OneRoster, access: Access, trial: Trial) -> bool:
    if access.auth != "oauth2":
        trial.tell("token", "unknown", gettext("There is none to ask for: every request carries its own proof."))
        return True
    granted = trial.ask("token", client.ask_token)
    if granted is None:
        return False
    trial.tell("token", "good", gettext("The SIS gave an access token."))
    names = {one.rpartition("/")[2] for one in granted}
    missing = [one for one in NEEDED if one not in names]
    if not names:
        trial.tell("scopes", "unknown", gettext("The SIS does not say which permissions it granted."))
    elif missing:
        trial.tell(
            "scopes",
            "bad",
            gettext("Not granted: %(scopes)s.", scopes=", ".join(missing)),
            gettext("Ask the office that administers the SIS to grant it to this client."),
            "auth.scope",
        )
    else:
        trial.tell("scopes", "good", gettext("Granted: %(scopes)s.", scopes=", ".join(NEEDED)))
    return True


def _check_class(client: OneRoster, trial: Trial, class_id: str | None, teacher_email: str) -> SchoolClass | None:
    if class_id is None and not teacher_email:
        trial.tell(
            "class",
            "unknown",
            gettext("No class is linked yet."),
            gettext("Type the e-mail address of a teacher to look at one."),
        )
        return None
    if class_id is not None:
        known = class_id
        found = trial.ask("class", lambda: [one for one in [client.find_class(known)] if one])
    else:
        found = trial.ask("class", lambda: client.find_classes_of_teacher(teacher_email))
    if found is None:
        return None
    if not found:
        trial.tell(
            "class",
            "look",
            gettext("The SIS knows no such class or teacher."),
            gettext("Check the e-mail address of the teacher in the SIS."),
        )
        return None
    trial.tell("class", "good", gettext("Read: %(title)s.", title=found[0].title))
    return found[0]


def _check_periods(client: OneRoster, trial: Trial, found: SchoolClass) -> None:
    periods = trial.ask("periods", lambda: client.read_periods(found))
    if periods:
        titles = ", ".join(f"{one.title} ({one.starts_on} – {one.ends_on - timedelta(days=1)})" for one in periods)
        trial.tell("periods", "good", gettext("Read: %(title)s.", title=titles))
    elif periods is not None:
        trial.tell(
            "periods",
            "look",
            gettext("The class has no grading periods."),
            gettext("Without them no due date can be checked before a score is sent. Ask the office."),
        )


def _check_categories(client: OneRoster, trial: Trial, found: SchoolClass) -> None:
    categories: list[Category] | None = trial.ask("categories", lambda: client.read_categories(found.sourced_id))
    if categories:
        titles = ", ".join(one.title for one in categories)
        trial.tell("categories", "good", gettext("Read: %(title)s.", title=titles))
    elif categories is not None:
        trial.tell(
            "categories",
            "look",
            gettext("The class has no categories."),
            gettext("Its teacher makes them in the SIS; new ones may take a day to be seen."),
        )


def _check_vendor_header(access: Access, trial: Trial) -> None:
    """Infinite Campus refuses every gradebook path without it, and only those: categories are the first of them."""
    header = access.profile.vendor_header
    if header is None:
        return
    if not access.vendor_header or trial.codes.get("categories") == "auth.vendor":
        said = tell("auth.vendor", trial.about | {"header": header})
        trial.tell("vendor_header", "bad", said.why, said.fix, "auth.vendor")
    elif trial.find_state("categories") in ("good", "look"):
        trial.tell("vendor_header", "good", gettext("The gradebook takes %(header)s.", header=header))
    else:
        trial.tell_untested("vendor_header")


def _check_secret(trial: Trial, expires_on: date | None) -> None:
    renew = gettext("Ask the district for new ones, and store them in the connection.")
    if expires_on is None:
        trial.tell("secret", "unknown", gettext("No day is noted on which the credentials run out."))
    elif expires_on < now().date():
        trial.tell("secret", "bad", gettext("They ran out on %(day)s.", day=expires_on), renew)
    elif is_ending(expires_on):
        trial.tell("secret", "look", gettext("They run out on %(day)s.", day=expires_on), renew)
    else:
        trial.tell("secret", "good", gettext("They run out on %(day)s.", day=expires_on))

"""Rows whose stories stand in other rooms, or which no test can decide: what was looked at, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    words: str
    evidence: tuple[str, ...]
    """Files of this repository."""


CHECKED = {
    "B31": Check(
        "An operator signs in with a password kept as Argon2id; ten wrong ones close the account, and many from one "
        "source the source, alike for accounts that exist and that do not; sessions are kept as digests, end, and "
        "change at each sign-in; every form is sealed. *By hand:* there is no second factor. Whoever needs one puts "
        "the proxy's own sign-in before `/admin`. No key is made, shown or replaced in the browser, so there is no "
        "operation there to sign in again for; keys are files and commands",
        (
            "tests/admin/test_signing_in.py",
            "tests/admin/test_tries.py",
            "tests/admin/test_forms_and_headers.py",
            "tests/admin/test_operator_commands.py",
        ),
    ),
    "B32": Check(
        "*By hand:* `make audit` asks pip-audit about both lock files on a machine with internet access. CI reaches no "
        "list of advisories and does not claim to have looked",
        ("Makefile", "requirements.lock", "requirements-dev.lock"),
    ),
    "B33": Check(
        "*By hand:* whether what is kept is right for a school is for the school to judge: what, why, how long and who "
        "sees it is written down",
        ("docs/privacy.md", "tests/admin/test_one_student.py"),
    ),
}

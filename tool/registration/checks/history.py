"""Whether the registration is trusted, and what has come through it so far."""

from tool.language import gettext, ngettext
from tool.registration.checks.steps import Step, bad, good, look, unknown
from tool.registration.checks.subject import Subject
from tool.registration.checks.words import ago


def check_registration(subject: Subject, *, invited: bool) -> Step:
    if not subject.is_approved:
        remedy = gettext("An operator of Passback approves it; until then every launch is refused.")
        return look("registration", gettext("It waits for approval."), remedy)
    if not subject.is_active:
        remedy = (
            gettext("Ask whoever runs Passback to switch it on.")
            if invited
            else gettext("Switch it on, or put it back into config.json.")
        )
        return bad("registration", gettext("It is switched off: every launch is refused."), remedy)
    return good("registration", gettext("It is approved and switched on."))


def check_deployments(subject: Subject, *, invited: bool) -> Step:
    known = ngettext("%(num)s deployment is known.", "%(num)s deployments are known.", subject.deployments)
    if subject.held_deployments:
        waits = ngettext("%(num)s waits for approval.", "%(num)s wait for approval.", subject.held_deployments)
        remedy = (
            gettext("Ask whoever runs Passback to approve it: until then its launches are refused.")
            if invited
            else gettext("Approve it on the page of the platform, or switch it off.")
        )
        return look("deployments", f"{known} {waits}", remedy)
    if subject.deployments:
        return good("deployments", known)
    if subject.new_deployments == "accept":
        return look(
            "deployments",
            gettext("No deployment is known yet; the first launch brings one."),
            gettext("Install Passback in the LMS and open it once from a course."),
        )
    remedy = gettext("Copy the deployment id from the LMS into the registration: the whole of it, as it stands there.")
    if subject.new_deployments == "hold":
        text = gettext("No deployment is known yet: the first launch waits until an operator approves it.")
        return look("deployments", text, remedy)
    return bad("deployments", gettext("No deployment is known, so every launch is refused."), remedy)


def check_last_launch(subject: Subject, *, invited: bool) -> Step:
    if subject.course is None:
        return unknown(
            "last_launch",
            gettext("No launch was seen yet."),
            gettext("Open Passback once from a course of the LMS: that shows more than every test here."),
        )
    when = ago(subject.course.seen_at)
    if invited or not subject.course.title:
        return good("last_launch", gettext("The last launch was %(ago)s.", ago=when))
    text = gettext("The last launch was %(ago)s, from “%(course)s”.", ago=when, course=subject.course.title)
    return good("last_launch", text)


def check_last_score(subject: Subject) -> Step:
    last = subject.last_score_at
    said = gettext("The last score arrived %(ago)s.", ago=ago(last)) if last else gettext("No score was sent yet.")
    if subject.broken_at is not None:
        since = gettext("The LMS has not answered scores properly since %(ago)s.", ago=ago(subject.broken_at))
        remedy = gettext("The steps above tell why. Scores are kept and follow by themselves once they are good.")
        return bad("last_score", f"{since} {said}", remedy)
    return good("last_score", said) if last else unknown("last_score", said)

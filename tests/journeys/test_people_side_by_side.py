"""Many people at once, several in one browser, and who may open what."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier

from tests.cast import (
    ADA,
    AMARA,
    BEN,
    CLASSMATES,
    CLEO,
    DAN,
    DIEGO,
    ESSAY,
    FATIMA,
    FRACTIONS,
    FRACTIONS_IN_SCIENCE,
    HANA,
    ISAAC,
    TEST_STUDENT,
    WARM_UP,
)
from tests.scripted_browser import Page, ScriptedBrowser
from tests.stage import Stage, right_answers, wait_until

ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def test_ten_who_finish_at_the_same_moment_share_one_column(stage: Stage) -> None:
    assert stage.columns(WARM_UP) == []
    browsers = [ScriptedBrowser() for _ in CLASSMATES]
    pages = [stage.arrive(browser, someone, WARM_UP) for browser, someone in zip(browsers, CLASSMATES, strict=True)]
    together = Barrier(len(CLASSMATES))

    def finish(browser: ScriptedBrowser, work: Page) -> str:
        together.wait(30)
        return stage.hand_in(browser, work, right_answers("warm-up")).words

    with ThreadPoolExecutor(len(CLASSMATES)) as hands:
        results = list(hands.map(finish, browsers, pages))

    assert all("5 of 5" in words for words in results)
    scores = [stage.wait_for_cell(someone, WARM_UP) for someone in CLASSMATES]
    assert [(cell["score"], cell["attempts"]) for cell in scores] == [(5, 1)] * 10
    assert len(stage.columns(WARM_UP)) == 1
    assert len([one for one in stage.scores_sent() if one["body"]["scoreMaximum"] == 5]) == 10


def test_two_people_share_a_browser(stage: Stage) -> None:
    browser = ScriptedBrowser()
    works = [stage.arrive(browser, BEN, FRACTIONS), stage.arrive(browser, CLEO, FRACTIONS)]

    all_but_one = [pair for pair in right_answers("fractions-quiz") if pair[0] != "larger-denominator"]
    results = [
        stage.hand_in(browser, work, [*all_but_one, ("larger-denominator", answer)])
        for work, answer in zip(works, ("true", "false"), strict=True)
    ]

    assert "19 of 20" in results[0].words
    assert "20 of 20" in results[1].words
    assert stage.wait_for_cell(BEN, FRACTIONS)["score"] == 19
    assert stage.wait_for_cell(CLEO, FRACTIONS)["score"] == 20


def test_two_launches_in_two_tabs_do_not_disturb_each_other(stage: Stage) -> None:
    browser = ScriptedBrowser()
    forms = [_begin(stage, browser, link) for link in (FRACTIONS, ESSAY)]  # both tabs stand at the LMS now

    second, first = [browser.submit(form.form(), {"Origin": stage.lms_url}) for form in reversed(forms)]

    assert (first.status, second.status) == (200, 200)
    assert "Which fraction is equal" in browser.get(first.url).words
    assert "How many muffins are left?" in browser.get(second.url).words


def test_the_lms_answer_opens_one_page_only(stage: Stage) -> None:
    browser = ScriptedBrowser()
    answer = _begin(stage, browser, FRACTIONS).form()
    cookies_of_the_login = deepcopy(browser.cookies)
    assert browser.submit(answer, {"Origin": stage.lms_url}).url.endswith("/work")

    again = browser.submit(answer, {"Origin": stage.lms_url})
    browser.cookies = cookies_of_the_login
    with_the_old_cookie = browser.submit(answer, {"Origin": stage.lms_url})

    for page in (again, with_the_old_cookie):
        assert page.status == 400
        assert page.url == answer.action


def test_the_teacher_sees_every_student_and_where_the_score_is(stage: Stage) -> None:
    stage.arrive(ScriptedBrowser(), DIEGO, FRACTIONS)
    stage.finish(FATIMA, FRACTIONS, "fractions-quiz")
    browser = ScriptedBrowser()

    overview = stage.arrive(browser, ADA, FRACTIONS)

    assert (overview.status, overview.url.endswith("/overview")) == (200, True)
    assert "Automatic passback On" in overview.words
    assert "“Fractions quiz” in Demo LMS, 20 points" in overview.words
    assert "Diego Ramírez – – In progress" in overview.words
    wait_until(lambda: "Fatima Haddad 20 of 20 20" in browser.get(overview.url).words, 20)
    assert "Ada Byron" not in overview.words


def test_a_teacher_never_sends(stage: Stage) -> None:
    both = [f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Learner"]
    for claims in ({}, {ROLES: both}):
        browser = ScriptedBrowser()
        overview = stage.arrive(browser, ADA, FRACTIONS, claims=claims)
        work_url = overview.url.replace("/overview", "/work")

        handed_in = browser.post(work_url.replace("/work", "/submit"), right_answers("fractions-quiz"))

        assert overview.url.endswith("/overview")
        assert (browser.get(work_url).status, handed_in.status) == (403, 403)
    stage.finish(HANA, FRACTIONS, "fractions-quiz")  # what was to be sent before that has been sent by now
    assert stage.scores_sent(ADA) == []


def test_the_test_students_work_never_sends(stage: Stage) -> None:
    browser = ScriptedBrowser()

    result = stage.hand_in(browser, stage.arrive(browser, TEST_STUDENT, FRACTIONS), right_answers("fractions-quiz"))

    assert "20 of 20" in result.words
    assert "Not sent to Demo LMS" in result.words
    stage.finish(ISAAC, FRACTIONS, "fractions-quiz")
    assert stage.scores_sent(TEST_STUDENT) == []


def test_nobody_opens_the_pages_of_somebody_elses_launch(stage: Stage) -> None:
    of_amara, of_dan = ScriptedBrowser(), ScriptedBrowser()
    works = [stage.arrive(of_amara, AMARA, FRACTIONS), stage.arrive(of_dan, DAN, FRACTIONS_IN_SCIENCE)]
    host = stage.tool_url.removeprefix("http://")
    [own_secret] = of_dan.cookies[host].values()
    [foreign_name] = of_amara.cookies[host]

    foreign = of_dan.get(works[0].url)
    of_dan.cookies[host][foreign_name] = own_secret  # his own secret under the other launch's name
    forged = of_dan.get(works[0].url)
    handed_in = stage.hand_in(of_dan, works[0], right_answers("fractions-quiz"))

    for page in (foreign, forged, handed_in):
        assert page.status == 401
        assert "Which fraction is equal" not in page.text
    assert of_amara.get(works[0].url).url.endswith("/work")  # still hers, and still open
    assert of_dan.get(works[1].url).status == 200
    assert of_dan.get(works[1].url.replace("/l/", "/l/x")).status == 401


def test_a_student_cannot_open_the_teachers_page(stage: Stage) -> None:
    browser = ScriptedBrowser()
    work = stage.arrive(browser, AMARA, FRACTIONS)

    page = browser.get(work.url.replace("/work", "/overview"))

    assert page.status == 403
    assert "This page is not for you." in page.words
    assert "Amara" not in page.text


def _begin(stage: Stage, browser: ScriptedBrowser, link: str) -> Page:
    """As far as the LMS's own page, which would send its answer to the tool by itself."""
    begun = stage.lms("POST", "/control/launch-form", course=AMARA.course, link=link, person=AMARA.subject)
    page = browser.post(begun["login_url"], begun["fields"].items(), {"Origin": stage.lms_url})
    assert page.url.startswith(stage.lms_url)
    return page

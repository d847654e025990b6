"""A person is judged by two who cannot see each other; settled, the level is another one, and what
rests on the person turns stale. VARANGIAN_SCREENS=1 keeps pictures."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious

LEADER, ANALYST = "leader@varangian.invalid", "analyst@varangian.invalid"
OPERATOR = "operator@varangian.invalid"
CONTRACT, NAME = "lumen", "Basil Thornapple"
BAKER = "Told the baker that Friday is the day"
KEPT |= {"judgement-dark-1440", "judgement-rate-dark-390", "judgement-compare-dark-1440"}


@pytest.fixture(scope="module")
def case(worked_house, browser, slug):
    person = worked_house.cli(
        *("persons", "add", CONTRACT, NAME, "--concern", "Eleven letters since April"),
        *("--legal-basis", "legitimate_interests", "--purpose", "To notice an approach in time"),
        *("--proportionality", "Only the desk of this contract", "--reviewer", OPERATOR),
        actor=ANALYST,
    )
    label = person["serial"]
    for state in ("triaged", "under_assessment"):
        move = ("persons", "move", CONTRACT, label, state, "--reason", "Letters go on")
        worked_house.cli(*move, actor=ANALYST)
    worked_house.cli("persons", "threat", CONTRACT, label, slug, "T1", actor=ANALYST)
    return SimpleNamespace(
        label=label,
        at=f"/threats/persons/{person['id']}/assessment/",
        house=worked_house,
        analyst=sit_down(browser, worked_house, ANALYST, size=DESK),
        leader=sit_down(browser, worked_house, LEADER, size=PHONE),
    )


def opened(seat, case):
    page = seat.go(case.at)
    gate = page.get_by_role("button", name="Open the file")
    if gate.count():
        gate.click()
        page.wait_for_load_state()
        page = seat.go(case.at)
    page.get_by_role("heading", name="Versions").wait_for()
    return page


def row(page, title):
    return page.locator("fieldset", has=page.get_by_text(title, exact=True))


def conclude(page, level, reasons):
    page.get_by_label("Formulation").fill("A refused claim became a cause against her")
    page.get_by_label("What could happen").first.fill("Comes to the door after the verdict")
    page.get_by_label("Level of concern").select_option(level)
    page.get_by_label("Confidence").select_option("moderate")
    page.get_by_label("Reasons for the level").fill(reasons)
    page.get_by_role("button", name="Sign under my name").click()


def test_1_the_first_rates_by_keyboard_and_signs(case):
    page = opened(case.analyst, case)
    page.get_by_role("button", name="Begin an assessment").click()
    row(page, "Grievance").locator("input:checked").focus()
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    page.keyboard.type("Eleven letters since April")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert row(page, "Grievance").get_by_label("Present").is_checked()
    assert row(page, "Thoughts of violence as an answer").get_by_label("Absent").is_checked()
    row(page, "Leakage").get_by_label("Partly").check()
    page.get_by_role("button", name="Sign under my name").click()
    page.get_by_text("Choose the level of concern").wait_for()
    conclude(page, "moderate", "One witness, nothing known of means")
    page.get_by_text("needs its evidence").wait_for()
    row(page, "Leakage").get_by_label("Evidence").fill(BAKER)
    page.get_by_role("button", name="Sign under my name").click()
    page.get_by_text("First judgement").first.wait_for()
    page.get_by_label("Second rater", exact=True).select_option(label="Ingrid Falk")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("rates without seeing the first").wait_for()


def test_2_the_second_rates_blind_on_a_phone_and_differs(case):
    page = opened(case.leader, case)
    page.get_by_text("look with your own eyes").wait_for()
    assert BAKER not in page.content() and "nothing known of means" not in page.content()
    page.get_by_role("link", name="Go on rating").click()
    row(page, "Leakage").get_by_label("Absent").check()
    row(page, "Breach").get_by_label("Present").check()
    row(page, "Breach").get_by_label("Evidence").fill("Climbed the gate, camera at the drive")
    for theme in ("light", "dark"):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(150)
        keep(page, f"judgement-rate-{theme}-390")
        assert not serious(page, all_rules=theme == "dark"), theme
    assert page.evaluate(SIDEWAYS) <= 0
    conclude(page, "high", "The gate tells more than words")
    page.get_by_role("heading", name="Versions").wait_for()
    page.get_by_text("they differ").wait_for()


def test_3_side_by_side_it_is_settled_and_what_rests_on_it_is_stale(case, slug):
    page = opened(case.analyst, case)
    page.get_by_role("link", name="Compare side by side").click()
    page.get_by_role("heading", name="They differ").wait_for()
    page.get_by_role("heading", name="Only one of them knows").wait_for()
    page.evaluate(SET_THEME, "dark")
    keep(page, "judgement-compare-dark-1440")
    assert not serious(page, all_rules=True)
    page.get_by_label("The first holds").check()
    page.get_by_label("Level of concern").select_option("high")
    page.get_by_label("Confidence").select_option("moderate")
    page.get_by_label("Reasons for the level").fill("The gate decides; the baker was heard twice")
    page.get_by_role("button", name="Settle it under my name").click()
    page.get_by_text("settled between two raters").wait_for()
    page.get_by_text("level moderate to high; now present (was unknown): breach").first.wait_for()
    nodes = case.house.cli("thread", "show", slug, "--stale", actor=LEADER)["nodes"]
    reason = f"Person {case.label} level of concern changed"
    kinds = {one["kind"] for one in nodes if any(reason in why for why in one["stale"])}
    assert {"Threat", "Risk"} <= kinds and any("line" in kind.lower() for kind in kinds), kinds


def test_4_a_strategy_with_a_task_that_runs_late_and_its_effect(case):
    page = opened(case.analyst, case)
    page.get_by_role("link", name="Strategy and tasks").click()
    page.get_by_label("Gather information").check()
    page.get_by_label("Why this, now").fill("Nothing is known of means")
    page.get_by_role("button", name="Choose under my name").click()
    page.get_by_role("heading", name="In force").wait_for()
    soon = (datetime.now(UTC) + timedelta(seconds=4)).isoformat(timespec="seconds")
    given = ("Ask the court", "--owner", OPERATOR, "--due", soon[:19])
    case.house.cli("judgements", "task", CONTRACT, case.label, *given, actor=ANALYST)
    page.wait_for_timeout(4500)
    due = case.house.cli("judgements", "due", actor=ANALYST)
    assert (case.label, "task 1", True) in [
        (one["person"], one["what"], one["late"]) for one in due
    ]
    page.reload()
    page.get_by_text("overdue", exact=True).wait_for()
    page.get_by_label("Effect of task 1").fill("The court has no file on him")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Effect seen: The court has no file on him").wait_for()


@pytest.mark.parametrize("size", ["1440", "390"])
def test_5_the_screens_are_in_order(case, size):
    seat = case.analyst if size == "1440" else case.leader
    opened(seat, case)
    seat.faults.clear()  # what was refused on purpose before
    pages = {"judgement": case.at, "judgement-strategy": case.at.replace("assessment", "strategy")}
    pages["judgements-due"] = "/threats/judgements/"
    for name, path in pages.items():
        page = seat.go(path)
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        for theme in ("light", "dark"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(150)
            keep(page, f"{name}-{theme}-{size}")
            assert not serious(page, all_rules=theme == "dark"), f"{name} {theme} {size}"
        assert page.evaluate(SIDEWAYS) <= 0, name
    seat.assert_clean()

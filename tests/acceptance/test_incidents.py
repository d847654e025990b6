"""An incident with a roll call, on four screens at once; and what those screens look like."""

import re

import pytest
from tests.acceptance.browser import DESK, PHONE, sit_down, visitor
from tests.acceptance.test_screens import SET_THEME, SIDEWAYS, keep, serious

LEADER, OPERATOR = "leader@varangian.invalid", "operator@varangian.invalid"
DRIVER = "driver@varangian.invalid"
SCREENS = {
    "incident": "/incidents/{incident}/",
    "casualty": "/casualties/{casualty}/",
    "muster": "/musters/{muster}/",
    "muster-own": "/m/muster/",
    "party": "/musters/party/{slug}/",
    "incidents": "/incidents/of/{slug}/",
    "incident-report": "/incidents/of/{slug}/report/",
    "centre": "/centre/",
    "queue": "/centre/queue/",
    "queued": "/centre/queue/{alert}/",
    "handover": "/centre/handover/",
}
MAPS = {"centre"}


@pytest.fixture(scope="module")
def leader(worked_house, browser):
    return sit_down(browser, worked_house, LEADER)


@pytest.fixture(scope="module")
def operator(worked_house, browser):
    return sit_down(browser, worked_house, OPERATOR)


@pytest.fixture(scope="module")
def driver(worked_house, browser):
    return sit_down(browser, worked_house, DRIVER, size=PHONE)


@pytest.fixture(scope="module")
def ids(slug):
    """What the tests before have made, by its kind."""
    return {"slug": slug}


def test_1_it_is_reported_and_shows_on_the_wall_by_itself(leader, operator, ids, slug):
    wall = operator.go("/centre/")
    wall.get_by_role("heading", name="Operations centre").wait_for()
    page = leader.go(f"/incidents/of/{slug}/")
    page.get_by_role("link", name="Report an incident").click()
    page.get_by_label("Kind").select_option("medical")
    page.get_by_label("What has happened").fill("Guest has collapsed at the buffet")
    page.get_by_label("Where, in words").fill("Second floor, by the window")
    page.get_by_label("Place, if it is on the map").select_option(index=1)
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("nobody commands").wait_for()
    ids["incident"] = page.url.rstrip("/").rsplit("/", 1)[-1]
    wall.get_by_role("link", name=re.compile("Guest has collapsed")).first.wait_for()


def test_2_command_is_taken_and_handed_over(leader, operator, ids):
    leader.page.get_by_role("button", name="Take command").click()
    leader.page.get_by_text("Commander since").wait_for()
    room = operator.go(f"/incidents/{ids['incident']}/")
    leader.page.get_by_role("button", name="Hand command over").click()
    dialog = leader.page.locator("dialog[open]")
    mine = room.locator("body").get_attribute("data-user")
    dialog.get_by_label("To", exact=True).select_option(mine)
    dialog.get_by_label("Briefing").fill("One casualty, ambulance called, principal is away")
    dialog.get_by_role("button", name="Offer command").click()
    room.get_by_role("button", name="Accept command").click()
    room.get_by_role("button", name="Hand command over").wait_for()
    room.get_by_role("button", name=re.compile("^Reached: Ambulance")).click()
    leader.page.get_by_text(re.compile("Reached .* by")).first.wait_for()


def test_3_a_casualty_card_is_said_to_the_crew(operator, ids):
    room = operator.page
    room.get_by_role("button", name="Casualty", exact=True).click()
    dialog = room.locator("dialog[open]")
    dialog.get_by_label("Who, or what can be seen").fill("Woman, grey dress")
    dialog.get_by_label("Priority").select_option("p1")
    dialog.get_by_role("button", name="Begin the card").click()
    room.get_by_role("heading", name=re.compile("AT-MIST")).wait_for()
    ids["casualty"] = room.url.rstrip("/").rsplit("/", 1)[-1]
    room.get_by_label("Response (AVPU)").select_option("V")
    room.get_by_label("Massive bleeding").fill("none")
    room.get_by_label("Airway").fill("open, snoring")
    room.get_by_label("Treatment").fill("recovery position")
    room.get_by_role("button", name="Write it down").click()
    room.locator(".in-mist").get_by_text("AVPU V").wait_for()


def test_4_the_party_answers_by_app_and_by_link(
    worked_house, browser, leader, driver, operator, ids, slug
):
    worked_house.cli("party", "add", slug, "Nora Niece", "--phone", "+358 40 123", actor=LEADER)
    page = leader.go(f"/incidents/{ids['incident']}/")
    page.get_by_role("button", name="Call the roll").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Where to go").fill("the fountain")
    dialog.get_by_role("button", name="Call the roll").click()
    page.get_by_role("button", name="Links for the party").click()
    link = page.locator(".in-links .in-hash").first.inner_text()
    ids["muster"] = re.search(r"musters/([0-9a-f-]+)/", page.url)[1]
    phone = driver.go("/m/muster/")
    phone.locator("main").get_by_role("button", name="I am safe").click()
    phone.get_by_text(re.compile("Safe, said")).wait_for()
    roll = operator.go(f"/musters/{ids['muster']}/")
    stranger = visitor(browser, worked_house, size=PHONE)
    door = stranger.page
    door.goto(link)
    keep(door, "muster-link-dark-390")
    assert not serious(door, all_rules=True)
    door.get_by_role("button", name="I am safe").click()
    door.get_by_text("We know that you are safe").wait_for()
    line = roll.get_by_role("row").filter(has_text="Nora Niece")
    line.get_by_text("link").wait_for()
    stranger.assert_clean()
    stranger.context.close()


def test_5_the_operator_works_by_the_steps(operator, worked_house, ids):
    rows = worked_house.cli("centre", "queue", actor=OPERATOR)
    ids["alert"] = rows[0]["alert"]["id"]
    page = operator.go(f"/centre/queue/{ids['alert']}/")
    page.get_by_role("button", name="Take it in hand").click()
    page.get_by_text(re.compile("done by")).first.wait_for()
    assert page.get_by_role("button", name=re.compile("^Done: ")).count()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
def test_6_the_screens(worked_house, browser, ids, size):
    seat = sit_down(browser, worked_house, OPERATOR, size=size)
    for name, address in SCREENS.items():
        page = seat.go(address.format(**ids))
        page.get_by_role("heading", level=1).wait_for()
        if name in MAPS:
            page.locator(".maplibregl-canvas").first.wait_for()
            page.wait_for_timeout(1200)
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(600 if name in MAPS else 100)
            keep(page, f"{name}-{theme}-{size['width']}")
            assert not serious(page, all_rules=theme == "dark"), f"{name} {theme}"
        assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways"
    seat.assert_clean()
    seat.context.close()


def test_7_it_ends_with_figures_and_a_whole_chain(operator, leader, worked_house, ids, slug):
    worked_house.cli("muster", "close", slug, "--note", "All at the fountain", actor=OPERATOR)
    page = operator.go(f"/incidents/{ids['incident']}/")
    page.get_by_role("button", name="Contained").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_label("What happened", exact=True).fill("She fainted; the crew took her")
    page.get_by_role("button", name="Reviewed").click()
    page.get_by_text("She fainted").wait_for()
    shown = worked_house.cli("incident", "list", slug, actor=LEADER)
    serial = str(shown[0]["serial"])
    rows = worked_house.cli("incident", "figures", slug, serial, actor=LEADER)
    found = {row["key"]: row["seconds"] for row in rows}
    assert found["secure"] >= found["acknowledge"] >= 0 and found["arrive"] is None
    lines = worked_house.cli("incident", "timeline", slug, serial, actor=LEADER)
    told = [row["event"] for row in lines]
    assert sum("Nora Niece safe (link)" in words for words in told) == 1
    leader.assert_clean()
    operator.assert_clean()

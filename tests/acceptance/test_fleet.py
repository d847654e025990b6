"""A car that was out of sight: searched on a phone, signed twice, lost from sight, stopped."""

import json
import re
from importlib.resources import files
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import calendar
from tests.factories import picture

LEADER, DRIVER = "fleet-leader@example.org", "fleet-driver@example.org"
OFFICER = "fleet-officer@example.org"
STEP_S, STEPS, THUMB = 3, 20, 56
LEAST_MS = round(STEP_S * STEPS * 0.6 * 1000)
ONE = {"name": "step.png", "mimeType": "image/png", "buffer": picture((600, 400))}


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    """One engagement, one car, a leg; the shipped lists with short steps: a test can wait."""
    own = house.home / "library"
    own.mkdir(exist_ok=True)
    shipped = files("varangian.travel.fleet").joinpath("inspections.yaml").read_text()
    text = re.sub(r"seconds: \d+", f"seconds: {STEP_S}", shipped)
    (own / "inspections.yaml").write_text(text)
    people = ((LEADER, "Ingrid Falk"), (DRIVER, "Leo Marchetti"), (OFFICER, "Mia Sand"))
    for email, name in people:
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Fleet client", "--slug", "fleet", actor=LEADER)
    house.cli(
        *("principal", "create", "PUFFIN", "--engagement", "fleet", "--slug", "puffin"),
        actor=LEADER,
    )
    file = tmp_path_factory.mktemp("fleet") / "day.ics"
    file.write_bytes(calendar())
    house.cli(
        *("operation", "import", str(file), "--principal", "puffin", "--accept"), actor=LEADER
    )
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    house.cli("member", "add", slug, DRIVER, "driver", actor=LEADER)
    house.cli("member", "add", slug, OFFICER, "officer", actor=LEADER)
    legs = house.cli("movement", "list", slug, actor=LEADER)
    leg = next(row["id"] for row in legs if row["title"].startswith("Drive"))
    car = house.cli(
        *("vehicle", "add", "Car 1", "ABC-123", "--engagement", "fleet", "--seats", "5"),
        *("--drive", "ev", "--range-km", "300", "--make-model", "Grey estate"),
        actor=LEADER,
    )
    return SimpleNamespace(
        house=house,
        leg=leg,
        car=car["id"],
        leader=sit_down(browser, house, LEADER),
        driver=sit_down(browser, house, DRIVER, size=PHONE),
        officer=sit_down(browser, house, OFFICER, size=PHONE),
    )


def answer(page, steps=None) -> None:
    for step in steps or page.locator("[data-step]").all():
        step.get_by_label("In order").check()


def photograph(page) -> None:
    for step in page.locator("[data-wants=required]").all():
        step.locator("input[type=file]").set_input_files(ONE)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-wants=required]')]"
        ".every((step) => Number(step.dataset.has) > 0)"
    )


def begin_full(page) -> None:
    page.get_by_role("button", name="Full systematic search").click()
    page.get_by_text(f"0 of {STEPS} answered").wait_for()


def test_1_the_leader_sees_reasons_and_assigns_the_car(team):
    page = team.leader.go(f"/travel/legs/{team.leg}/vehicles/?cold=yes&distance_km=180&seats=3")
    page.get_by_text("in the cold 210 to 240 km").wait_for()
    page.get_by_text("Thin reserve").wait_for()
    page.get_by_text("Assign it").click()
    page.get_by_label("Driver", exact=True).select_option(label="Leo Marchetti")
    page.get_by_role("button", name="Assign Car 1").click()
    page.get_by_text("Leo Marchetti drives").wait_for()
    page.get_by_text("not ready: check due").wait_for()
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    team.leader.assert_clean()


def test_2_custody_was_lost_so_a_full_search_is_due_and_too_quick_is_none(team):
    team.house.cli("vehicle", "custody", "car-1", "public", "--where", "Kerb", actor=DRIVER)
    page = team.driver.go(f"/travel/vehicles/{team.car}/")
    page.get_by_text("Full search due").wait_for()
    page.goto(f"{team.driver.base}/operations/movements/{team.leg}/")
    page.get_by_role("link", name="Vehicles").first.click()
    begin_full(page)
    choices = page.locator(".vg-check-choice").all()
    assert min(choice.bounding_box()["height"] for choice in choices[:6]) >= THUMB
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    photograph(page)
    answer(page)
    page.get_by_role("button", name="Sign and end the check").click()
    page.get_by_text(re.compile(rf"{STEPS} steps in \d+ s is not a check")).wait_for()
    team.driver.assert_clean()


def test_3_a_search_in_its_time_with_pictures_outlives_a_dead_spot(team):
    page = team.driver.page
    page.get_by_role("button", name="Do it again, properly").click()
    page.get_by_text(f"0 of {STEPS} answered").wait_for()
    steps = page.locator("[data-step]").all()
    answer(page, steps[:10])
    team.driver.context.set_offline(True)
    page.locator("#step-ground input[type=file]").set_input_files(ONE)
    page.get_by_text(re.compile("1 picture wait")).or_(
        page.get_by_text("1 picture, waits")
    ).first.wait_for()
    page.get_by_role("button", name="Sign and end the check").click()
    page.get_by_text("your answers are kept here").wait_for()
    team.driver.context.set_offline(False)
    page.wait_for_function("() => document.querySelector('#step-ground').dataset.has === '1'")
    team.driver.faults.clear()  # the browser itself tells that the net was gone
    page.reload()
    assert page.locator("#step-around").get_by_label("In order").is_checked(), "a draft is kept"
    photograph(page)
    page.wait_for_timeout(LEAST_MS)
    answer(page, page.locator("[data-step]").all()[10:])
    page.get_by_label("Where seal 1 is").fill("boot")
    page.get_by_label("Number of seal 1").fill("0417")
    page.get_by_role("button", name="Sign and end the check").click()
    page.get_by_text("second signature").first.wait_for()
    assert page.get_by_role("link", name="Sign as second").count() == 0, "not by the same person"
    team.driver.assert_clean()


def test_4_a_second_person_signs_and_the_search_ends_when_the_car_leaves_sight(team):
    address = team.driver.page.url.removeprefix(team.driver.base)
    page = team.officer.go(address)
    page.get_by_role("link", name="Sign as second").click()
    page.get_by_role("button", name="Sign").click()
    page.get_by_text("Signed. The search holds").wait_for()
    page = team.driver.go(f"/travel/vehicles/{team.car}/")
    page.get_by_text("Cursory search due").wait_for()
    page.get_by_label("It is").select_option("locked")
    page.get_by_role("button", name="From now on").click()
    page.get_by_text(re.compile("due: out of sight since")).first.wait_for()
    rows = team.house.cli("inspection", "list", "car-1", actor=LEADER)
    assert rows[0]["state"] == "clear" and rows[0]["expired_why"].startswith("out of sight")
    assert rows[0]["seals"] == [{"where": "boot", "number": "0417"}]
    team.driver.assert_clean()
    team.officer.assert_clean()


def test_5_a_find_stops_the_leg_and_opens_nothing_until_the_leader_releases_it(team):
    page = team.driver.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_role("button", name="Cursory search").click()
    page.get_by_text("0 of 8 answered").wait_for()
    page.locator("#step-arches").get_by_label("Note").fill("Tape, rear left")
    page.locator("#step-arches").get_by_label("Find", exact=True).check()
    page.get_by_text("Do not touch it").wait_for()
    page.get_by_role("button", name="Report it, stop the leg").click()
    page.get_by_role("heading", name="Find on Car 1").wait_for()
    assert page.get_by_role("button", name="Release the find").count() == 0
    alerts = team.house.cli("alert", "list", actor=LEADER)
    assert any(row["title"] == "Find on Car 1" for row in alerts)
    refused = team.house.run("--as", LEADER, "movement", "state", team.leg, "under_way")
    assert refused.code != 0 and "stops this leg" in refused.err
    page = team.leader.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_role("link", name="A find on Car 1 stops this leg").click()
    page.get_by_label("Why: who looked").fill("Police: tape of the garage")
    page.get_by_role("button", name="Release the find").click()
    page.get_by_text("A find was reported since the last full search").wait_for()
    team.house.cli("movement", "state", team.leg, "under_way", actor=LEADER)
    team.driver.assert_clean()
    team.leader.assert_clean()


def test_6_the_card_shows_one_turn_and_asks_for_nothing(team):
    page = team.leader.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_text("Turns of the route card").first.click()
    turns = [{"words": "Leave by the north gate"}, {"words": "Left into Harbour Street"}]
    file = {
        "name": "turns.json",
        "mimeType": "application/json",
        "buffer": json.dumps(turns).encode(),
    }
    page.get_by_label("Turns as JSON").first.set_input_files(file)
    page.get_by_role("button", name="Take them").first.click()
    page = team.driver.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_role("link", name="Route card").click()
    page.get_by_text("Leave by the north gate").wait_for()
    onward = page.get_by_role("button", name="Next")
    assert onward.bounding_box()["height"] >= THUMB
    onward.click()
    page.get_by_text("Left into Harbour Street").first.wait_for()
    page.get_by_text("Driving since").wait_for()
    assert page.locator("input[type=text]:visible").count() == 0
    team.driver.assert_clean()

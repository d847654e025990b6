"""A replayed evening of counters drives live alerts and the principal's advice, in the browser."""

import json
import os
import re
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import PHONE, sit_down
from tests.unit.engines.crowdflow.plans import feature, hall

LEADER, OFFICER = "live-leader@example.org", "live-officer@example.org"


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    for email, name in ((LEADER, "Ines Berg"), (OFFICER, "Ola Lund")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Live client", "--slug", "live", actor=LEADER)
    house.cli(
        *("principal", "create", "PLOVER", "--engagement", "live", "--slug", "plover-live"),
        actor=LEADER,
    )
    line = ("operation", "create", "A full hall", "--principal", "plover-live")
    made = house.cli(*line, actor=LEADER)
    house.cli("member", "add", made["slug"], OFFICER, "officer", actor=LEADER)
    folder = tmp_path_factory.mktemp("live")
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]),
        feature("room", "safe_room", "Point", [38, 23]),
    ]
    (folder / "hall.geojson").write_text(json.dumps(document))
    imported = house.cli(
        *("venue", "import", str(folder / "hall.geojson"), "--operation", made["slug"]),
        actor=LEADER,
    )
    return SimpleNamespace(
        house=house, slug=made["slug"], folder=folder, venue=imported["id"],
        leader=sit_down(browser, house, LEADER),
        officer=sit_down(browser, house, OFFICER, size=PHONE, theme="light"),
    )  # fmt: skip


def keep(seat, name: str) -> None:
    if folder := os.environ.get("VARANGIAN_SHOTS"):
        seat.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def evening(file: Path) -> None:
    """Twenty minutes in which the hall fills; the south counter goes silent half way."""
    rows = ["seconds,counter,entered,left"]
    for k in range(120):
        rows.append(f"{10 * k},North gate,{8 * k},0")
        if k < 60:
            rows.append(f"{10 * k},South gate,{4 * k},0")
    file.write_text("\n".join(rows))


def test_1_counters_and_triggers_are_set(team):
    page = team.leader.go(f"/crowds/{team.venue}/live/counters/")
    for name in ("North gate", "South gate"):
        page.get_by_label("Name").fill(name)
        page.get_by_label("Into").select_option("floor")
        page.get_by_label("A word every, seconds").fill("10")
        page.get_by_role("button", name="Register counter").click()
        expect(page.get_by_text(f"{name} is registered.")).to_be_visible()
        expect(page.locator("code")).to_contain_text("/count/")
    page.get_by_role("link", name="Live", exact=True).first.click()
    for level, value in (("amber", "300"), ("red", "700")):
        page.get_by_label("Level").select_option(level)
        page.get_by_label("From", exact=True).fill(value)
        page.get_by_role("button", name="Set the trigger").click()
    expect(page.get_by_role("button", name=re.compile("^Take the trigger"))).to_have_count(2)


def test_2_a_replayed_evening_asks_for_people_and_moves_the_way_out(team):
    """Twenty minutes in half a minute, while the leader looks."""
    file = team.folder / "evening.csv"
    evening(file)
    line = ("crowd", "live", "replay", team.venue, str(file), "--speed", "30", "--expected", "2000")
    playing = Thread(target=lambda: team.house.cli(*line, actor=LEADER))
    playing.start()
    page = team.leader.go(f"/crowds/{team.venue}/live/")
    for _ in range(60):
        if page.get_by_role("button", name="End the watch").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_label("Principal at (x, y in metres)").fill("20, 10")
    page.get_by_role("button", name="Find the way out").click()
    expect(page.locator("[data-trade]")).to_contain_text("arrives first")
    calm = seconds(page)
    expect(page.locator("[data-zones]")).to_contain_text("red from 700", timeout=90_000)
    playing.join(120)
    expect(page.locator("[data-counters]")).to_contain_text("silent", timeout=30_000)
    expect(page.locator("[data-moving]").first).not_to_have_text(f"{calm} s", timeout=60_000)
    page.wait_for_timeout(25_000)
    assert seconds(page) > calm
    expect(page.locator("polyline.vc-way")).to_have_count(1)
    people = page.locator('[data-zone=""] [data-people]').inner_text()
    low, high = (int(part) for part in people.split(" – "))
    assert low <= 1432 <= high
    told = " ".join(row["title"] for row in team.house.cli("alert", "list", actor=LEADER))
    assert "Whole venue: amber" in told and "Whole venue: red" in told
    fits(page)
    keep(team.leader, "crowd-live-dark-1440")


def seconds(page) -> int:
    return int(re.match(r"\d+", page.locator("[data-moving]").first.inner_text())[0])


def test_3_an_officer_reads_it_on_the_phone(team):
    page = team.officer.go(f"/crowds/{team.venue}/live/")
    expect(page.locator("[data-zones]")).to_be_visible()
    expect(page.get_by_role("button", name="End the watch")).to_have_count(0)
    fits(page)
    keep(team.officer, "crowd-live-light-390")
    team.officer.assert_clean()


def test_4_the_evening_is_seen_again(team):
    page = team.leader.go(f"/crowds/{team.venue}/live/")
    page.get_by_role("button", name="End the watch").click()
    expect(page.get_by_role("heading", name="The evening again")).to_be_visible()
    expect(page.locator("[data-summary]")).to_contain_text("Whole venue")
    slider = page.get_by_label("Moment of the evening")
    expect(page.locator("[data-evening][data-shown]")).to_be_visible()
    before = page.locator("[data-moment]").inner_text()
    slider.focus()
    slider.press("Home")
    expect(page.locator("[data-moment]")).not_to_have_text(before)
    fits(page)
    team.leader.assert_clean()

"""A crowd plan is made of a venue, written, signed, put in force, printed and held in the hand."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import PHONE, sit_down
from tests.unit.engines.crowdflow.plans import feature, hall

LEADER, OFFICER = "plan-leader@example.org", "plan-officer@example.org"
STAMP = "%Y-%m-%dT%H:%M"


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    for email, name in ((LEADER, "Ingrid Falk"), (OFFICER, "Olaf Post")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Plan client", "--slug", "crowdplan", actor=LEADER)
    house.cli(
        *("principal", "create", "EGRET", "--engagement", "crowdplan", "--slug", "egret-plan"),
        actor=LEADER,
    )
    line = ("operation", "create", "A concert", "--principal", "egret-plan")
    made = house.cli(*line, actor=LEADER)
    house.cli("member", "add", made["slug"], OFFICER, "officer", actor=LEADER)
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6], name="Blue van"),
        feature("p1", "post", "Point", [20, 2], name="Front of stage"),
        feature("lane", "screening", "Point", [9, -8]),
    ]
    drawing = tmp_path_factory.mktemp("plan") / "hall.geojson"
    drawing.write_text(json.dumps(document))
    venue = house.cli("venue", "import", str(drawing), "--operation", made["slug"], actor=LEADER)
    house.cli("venue", "in-force", venue["id"], "1", actor=LEADER)
    return SimpleNamespace(
        house=house,
        slug=made["slug"],
        folder=drawing.parent,
        leader=sit_down(browser, house, LEADER),
        officer=sit_down(browser, house, OFFICER, size=PHONE, theme="light"),
    )


def keep(seat, name: str) -> None:
    """A picture for whoever asks for one."""
    if folder := os.environ.get("VARANGIAN_SHOTS"):
        seat.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def written(page, part: str, **fields: str) -> None:
    page.locator(f'a[href$="/write/{part}/"]').last.click()
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)
    page.get_by_role("button", name="Save").click()


def test_1_a_plan_is_prefilled_from_the_venue(team):
    page = team.leader.go(f"/crowds/of/{team.slug}/")
    page.get_by_role("button", name="Write a plan").click()
    expect(page.get_by_role("heading", name="Crowd plan of Test hall", level=1)).to_be_visible()
    expect(page.get_by_text("Entrances: front (2.40 m)").first).to_be_visible()
    expect(page.locator("[data-gaps]")).to_contain_text("Nobody has the authority")
    fits(page)
    keep(team.leader, "crowd-plan-dark-1440")


def test_2_what_is_wrong_stands_beside_what_was_typed(team):
    page = team.leader.page
    page.locator('a[href$="/write/zones/"]').last.click()
    amber = page.locator('[name$="-amber"]').first
    amber.fill("5000")
    page.get_by_role("button", name="Save").click()
    expect(page.locator('[id$="-amber_error"]')).to_contain_text("amber comes before red")
    expect(amber).to_have_value("5000")
    amber.fill("900")
    keep(team.leader, "crowd-plan-zones-dark-1440")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Zones and triggers: saved.")).to_be_visible()


def test_3_it_is_written_and_signed(team):
    page = team.leader.page
    day = datetime.now(UTC) + timedelta(days=3)
    written(page, "show_stop", who="Ines Stage", reach="channel 1", deputies="Per Wing")
    written(page, "medical", who_orders="Ines Stage", hospital="City Hospital")
    written(
        page, "event", opens=day.strftime(STAMP), clear=(day + timedelta(hours=6)).strftime(STAMP)
    )
    written(page, "principal", safe_room="Dressing room 2")
    page.locator('a[href$="/write/matrix/"]').last.click()
    page.locator('[name="normal.ingress.design"]').fill("Two lanes at the front.")
    keep(team.leader, "crowd-plan-matrix-dark-1440")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Two lanes at the front.")).to_be_visible()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("signed, not in force").first).to_be_visible()


def test_4_a_copy_for_others_names_nothing_secret(team):
    page = team.leader.page
    for copy in ("organiser", "team"):
        link = page.locator(f'a[href$="plan.pdf?copy={copy}"]').get_attribute("href")
        answer = page.request.get(team.house.url + link)
        assert answer.ok and answer.body().startswith(b"%PDF"), answer.status
    cards = page.locator('a[href$="cards.pdf?copy=organiser"]').get_attribute("href")
    assert page.request.get(team.house.url + cards).body().startswith(b"%PDF")


def test_5_agreed_in_force_and_in_the_roster(team):
    page = team.leader.page
    copy = team.folder / "signed.pdf"
    copy.write_bytes(b"%PDF-1.7 signed by hand")
    page.get_by_role("button", name="Record an agreement").click()
    box = page.locator("#agreed")
    box.get_by_label("Who agreed").fill("Olga Host")
    box.get_by_label("Signed copy").set_input_files(copy)
    box.get_by_role("button", name="Record").click()
    expect(page.locator("[data-agreed]")).to_contain_text("Olga Host")
    page.get_by_role("button", name="Put in force").click()
    page.locator("#force").get_by_label(re.compile("Why it counts")).fill("The venue is hers")
    page.locator("#force").get_by_role("button", name=re.compile("^Put version 1")).click()
    expect(page.get_by_text("in force", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Posts into the roster").click()
    expect(page.get_by_text(re.compile("1 post made, 0 were there already; [1-9]"))).to_be_visible()
    page.goto(f"{team.house.url}/planning/{team.slug}/roster/")
    expect(page.get_by_text("Front of stage").first).to_be_visible()
    team.leader.assert_clean()


def test_6_a_steward_card_on_the_phone(team):
    page = team.officer.go(f"/crowds/of/{team.slug}/")
    page.get_by_role("link", name="Test hall").first.click()
    expect(page.locator('a[href*="/write/"]')).to_have_count(0)
    fits(page)
    keep(team.officer, "crowd-plan-light-390")
    page.get_by_role("link", name="Card of Front of stage").click()
    card = page.locator("[data-steward-card]")
    expect(card).to_contain_text("amber: 900 people")
    expect(card).to_contain_text("Ines Stage")
    expect(card).not_to_contain_text("Dressing room")
    card.get_by_text("Leave the venue").click()
    expect(card.locator('p[lang="fi"]').filter(has_text="Poistukaa")).to_be_visible()
    fits(page)
    keep(team.officer, "steward-card-light-390")
    team.officer.assert_clean()

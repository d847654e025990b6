"""How to travel and where to stay, compared and decided at the desk and read on the phone."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import START, stamp

LEADER, ANALYST = "choice-leader@example.org", "choice-analyst@example.org"
STAYS = (
    ("Hotel Aurora", "60.1682, 24.9431", 0, 1100),
    ("Hotel Strand", "51.5110, -0.1200", 1500, 2400),
)
VETOES = 9


def calendar() -> bytes:
    rows = [(f"{name}", f"{name}, {at}", since, until) for name, at, since, until in STAYS]
    rows.insert(1, ("Flight AY1331 HEL-LHR", "", 1200, 1390))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//EN", "X-WR-CALNAME:London"]
    for number, (title, place, since, until) in enumerate(rows):
        lines += ["BEGIN:VEVENT", f"UID:c{number}@example.org", f"SUMMARY:{title}"]
        lines += [f"DTSTART:{stamp(since)}", f"DTEND:{stamp(until)}"]
        lines += [f"LOCATION:{place.replace(',', chr(92) + ',')}"] if place else []
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    for email, name in ((LEADER, "Ingrid Falk"), (ANALYST, "Ana Lyst")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Choice client", "--slug", "choice", actor=LEADER)
    house.cli(
        *("principal", "create", "SHRIKE", "--engagement", "choice", "--slug", "shrike"),
        actor=LEADER,
    )
    folder = tmp_path_factory.mktemp("choice")
    (folder / "trip.ics").write_bytes(calendar())
    line = ("operation", "import", str(folder / "trip.ics"), "--principal", "shrike", "--accept")
    house.cli(*line, actor=LEADER)
    slug = next(
        row["slug"] for row in house.cli("operation", "list", actor=LEADER)
        if row["slug"].startswith("shrike") or row.get("principal") == "shrike"
    )  # fmt: skip
    house.cli("member", "add", slug, ANALYST, "analyst", actor=LEADER)
    rows = house.cli("place", "list", actor=LEADER)
    strand = next(row["id"] for row in rows if row["name"] == "Hotel Strand")
    house.cli("place", "kind", strand, "hotel", actor=LEADER)
    return SimpleNamespace(
        house=house,
        slug=slug,
        folder=folder,
        leader=sit_down(browser, house, LEADER),
        analyst=sit_down(browser, house, ANALYST, size=PHONE, theme="light"),
    )


def keep(seat, name: str) -> None:
    """A picture for whoever asks for one."""
    if folder := os.environ.get("VARANGIAN_SHOTS"):
        seat.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_1_ways_stand_side_by_side_without_a_total(team):
    page = team.leader.go(f"/travel/choices/of/{team.slug}/")
    page.get_by_role("button", name="Compare ways").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label(re.compile("^Or from")).select_option(label="Hotel Aurora")
    dialog.get_by_label(re.compile("^To")).select_option(label="Hotel Strand")
    dialog.get_by_label(re.compile("^Leaves")).fill(
        (START + timedelta(minutes=1200)).strftime("%Y-%m-%d %H:%M")
    )
    dialog.get_by_label(re.compile("^People")).fill("3")
    dialog.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="Hotel Aurora to Hotel Strand").wait_for()
    team.way = page.url.removeprefix(team.leader.base)
    table = page.locator("table.vg-ways")
    assert table.get_by_role("columnheader", name="Private flight by FBO").count()
    row = table.locator("tr", has_text="Waiting among the public")
    row.get_by_text("1 h 20 to 3 h 00").wait_for()
    assert "total" not in (table.inner_text() or "").lower()
    assert page.get_by_text("Car: ").count() or page.locator("li", has_text="Car").count()
    keep(team.leader, "way-dark")
    team.leader.assert_clean()


def test_2_what_is_known_better_is_told_by_phone(team):
    page = team.analyst.go(team.way)
    fits(page)
    keep(team.analyst, "way-phone-light")
    page.get_by_role("button", name="Tell what you know").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Way", exact=True).select_option(label="Train")
    dialog.get_by_label("Line", exact=True).select_option(label="Door to door")
    dialog.get_by_label(re.compile("^In words")).fill("Two nights by Stockholm and Brussels")
    dialog.get_by_label(re.compile("^Least")).fill("2400")
    dialog.get_by_label(re.compile("^Most")).fill("2700")
    dialog.get_by_role("button", name="Tell", exact=True).click()
    page.get_by_text("Two nights by Stockholm and Brussels").first.wait_for()
    assert not page.get_by_role("button", name="Decide").count(), "a leader decides"
    team.analyst.assert_clean()


def test_3_the_leader_decides_and_the_table_stays(team):
    page = team.leader.go(team.way)
    page.get_by_role("button", name="Decide").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Way", exact=True).select_option(label="Private flight by FBO")
    dialog.get_by_label("Why this one").fill("Least minutes among the public")
    dialog.get_by_role("button", name="Decide").click()
    page.get_by_text("was chosen by Ingrid Falk").wait_for()
    keep(team.leader, "way-decided-dark")
    team.leader.assert_clean()


def test_4_a_delay_is_proposed_and_taken_by_a_person(team):
    late = START + timedelta(minutes=1290)
    flight = {
        "ident_iata": "AY1331", "status": "Delayed", "gate_origin": "27",
        "scheduled_out": (START + timedelta(minutes=1200)).isoformat(),
        "estimated_out": late.isoformat(), "estimated_in": (late + timedelta(hours=3)).isoformat(),
    }  # fmt: skip
    (team.folder / "flights.json").write_text(json.dumps({"flights": [flight]}))
    page = team.leader.go(f"/travel/choices/of/{team.slug}/")
    page.get_by_text("all sources are off").wait_for()
    page.get_by_label("Flight status as JSON").set_input_files(team.folder / "flights.json")
    page.get_by_role("button", name="Read a file").click()
    page.get_by_text("1 of 1 flights differ from the plan").wait_for()
    page.get_by_text("other times").wait_for()
    keep(team.leader, "choices-dark")
    page.get_by_role("button", name="Take these times").click()
    page.get_by_text("Taken", exact=True).wait_for()
    team.leader.assert_clean()


def test_5_two_hotels_are_compared_and_the_order_says_what_it_rests_on(team):
    page = team.leader.go(f"/travel/choices/of/{team.slug}/")
    page.get_by_role("button", name="Choose a house").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("For what").fill("One night in London")
    dialog.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="One night in London").wait_for()
    team.stay = page.url.removeprefix(team.leader.base)
    for name in ("Hotel Strand", "The Old Wharf"):
        page.get_by_role("button", name="Add a house").click()
        dialog = page.locator("dialog[open]")
        if name == "Hotel Strand":
            dialog.get_by_label("A place on record").select_option(label=name)
        else:
            dialog.get_by_label("Or a name").fill(name)
        dialog.get_by_role("button", name="Add", exact=True).click()
        page.locator(".vg-houses").get_by_text(name).wait_for()
    known = {
        "Hotel Strand": {"exits": "two", "arrival": "front", "police": "6"},
        "The Old Wharf": {"exits": "near", "arrival": "covered", "police": "9"},
    }
    for name, answers in known.items():
        page.locator(".vg-houses li", has_text=name).get_by_role("button", name="Answer").click()
        dialog = page.locator("dialog[open]")
        vetoes = dialog.locator("select", has=page.locator("option[value=no]")).filter(
            has=page.locator("option[value=yes]")
        )
        assert vetoes.count() == VETOES
        for place in range(VETOES):
            vetoes.nth(place).select_option("no")
        for item, value in answers.items():
            field = dialog.locator(f"[name=a-{item}]")
            field.fill(value) if item == "police" else field.select_option(value)
        if name == "Hotel Strand":
            keep(team.leader, "house-answers-dark")
        dialog.get_by_role("button", name="Keep the answers").click()
        page.locator(".vg-houses li", has_text=name).get_by_text("nothing rules it out").wait_for()
    page.get_by_text("takes the lead").first.wait_for()
    page.get_by_text("could be first if this turned out well").first.wait_for()
    keep(team.leader, "house-dark")
    team.leader.assert_clean()


def test_6_what_is_ruled_out_cannot_be_chosen_and_the_decision_keeps_its_reason(team):
    ident = team.stay.rstrip("/").rsplit("/", 1)[-1]
    found = team.house.cli("stay", "compare", ident, actor=LEADER)
    best = found["rows"][0]["name"]
    other = next(row["name"] for row in found["rows"] if row["name"] != best)
    line = ("stay", "answer", ident, other, "single_exit", "yes")
    assert team.house.cli(*line, actor=ANALYST)["rows"][-1]["standing"] == "out"
    refused = team.house.run("--as", LEADER, "stay", "choose", ident, other, "Nearer")
    assert refused.code != 0 and "ruled out" in refused.err
    page = team.leader.go(team.stay)
    page.get_by_role("button", name="Decide").click()
    dialog = page.locator("dialog[open]")
    assert other not in dialog.get_by_label("House", exact=True).inner_text()
    dialog.get_by_label("Why this one").fill("The only one with two ways out")
    dialog.get_by_role("button", name="Decide").click()
    page.get_by_text("was chosen by Ingrid Falk").wait_for()
    phone = team.analyst.go(team.stay)
    phone.get_by_text("The only one with two ways out").wait_for()
    fits(phone)
    keep(team.analyst, "house-phone-light")
    phone = team.analyst.go(f"/travel/choices/of/{team.slug}/")
    fits(phone)
    keep(team.analyst, "choices-phone-light")
    team.leader.assert_clean()
    team.analyst.assert_clean()

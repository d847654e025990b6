"""A destination from four files to an approval, and an advisory that takes it away."""

import os
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.acceptance.browser import PHONE, sit_down
from tests.acceptance.material import calendar
from tests.integration.travel import feeds

from varangian.kernel.clock import now

LEADER, ANALYST = "dossier-leader@example.org", "dossier-analyst@example.org"
PLANS = {
    "Context": "A reading of two days, known to the press.",
    "Threats and hazards": "One letter writer in the city; ice on the roads.",
    "Inherent risk": "An approach at the door; a fall or a crash on ice.",
    "Controls": "Two officers at the door, winter tyres, no walk after dark.",
    "Residual risk": "An approach in the lobby remains possible and is acceptable.",
    "Communications plan": "Radio, two telephones, a satellite messenger; silence of 30 minutes.",
    "Owner of the communications plan": "Operator",
    "Medical plan": "City Trauma Centre; the principal's own medicine travels in the second car.",
    "Owner of the medical plan": "Medic",
    "Owner of the evacuation plan": "Lead driver",
}


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    for email, name in ((LEADER, "Ingrid Falk"), (ANALYST, "Ana Lyst")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Dossier client", "--slug", "dossier", actor=LEADER)
    house.cli(
        *("principal", "create", "LYNX", "--engagement", "dossier", "--slug", "lynx"), actor=LEADER
    )
    folder = tmp_path_factory.mktemp("dossier")
    (folder / "day.ics").write_bytes(calendar())
    line = ("operation", "import", str(folder / "day.ics"), "--principal", "lynx", "--accept")
    house.cli(*line, actor=LEADER)
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    house.cli("member", "add", slug, ANALYST, "analyst", actor=LEADER)
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


def bring(team, seat, name: str, data: bytes) -> None:
    (team.folder / name).write_bytes(data)
    page = seat.go("/travel/advisories/")
    page.get_by_role("button", name="Import a file").click()
    page.locator("dialog[open]").get_by_label(re.compile("^File")).set_input_files(
        team.folder / name
    )
    page.locator("dialog[open]").get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name=name).wait_for()


def test_1_the_analyst_brings_four_files_and_sees_that_they_differ(team):
    files = {
        "us.json": feeds.us(2),
        "uk.json": feeds.uk("avoid_all_but_essential_travel_to_parts"),
        "canada.json": feeds.canada(0),
        "germany.json": feeds.germany(),
        "quake.json": feeds.quake(25.3, 60.3, now().timestamp()),
    }
    for name, data in files.items():
        bring(team, team.analyst, name, data)
    page = team.analyst.go("/travel/advisories/")
    page.get_by_role("link", name="Finland").click()
    page.get_by_text("On the whole country they differ: 2 by US State Department").wait_for()
    page.get_by_text("On parts of it they differ: 3 by UK FCDO").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    keep(team.analyst, "country-phone-light")
    team.analyst.go("/travel/advisories/")
    keep(team.analyst, "advisories-phone-light")
    team.analyst.assert_clean()


def test_2_a_place_of_the_programme_becomes_a_dossier(team):
    page = team.leader.go(f"/travel/destinations/of/{team.slug}/")
    keep(team.leader, "proposals")
    choice = page.get_by_label("Country of Hotel Aurora")
    assert choice.input_value() == "FI", "guessed by the nearest airport, confirmed by a person"
    page.get_by_role("button", name="Open a dossier").first.click()
    page.wait_for_url(re.compile(r"/travel/destinations/[0-9a-f-]{36}/$"))
    team.dossier = page.url.removeprefix(team.leader.base)
    page.locator(".vg-tile").first.get_by_text("Level 2").wait_for()
    page.locator(".vg-list").get_by_text("M 5.1 invented quake").first.wait_for()
    page.locator("#section-airports").get_by_text("HEL Helsinki Vantaa").wait_for()
    assert page.locator("#section-numbers").get_by_text("unverified").count()
    page.locator("#dossier-map canvas").wait_for()
    page.wait_for_timeout(1500)
    keep(team.leader, "dossier-dark")
    team.leader.assert_clean()


def test_3_without_an_evacuation_plan_the_approval_is_refused(team):
    page = team.leader.go(f"{team.dossier}statement/")
    for label, text in PLANS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    keep(team.leader, "statement-dark")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Before anybody can approve: no evacuation plan.").wait_for()
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("button", name="Approve under my name").click()
    page.get_by_text("The dossier is not whole: no evacuation plan").wait_for()
    keep(team.leader, "refused-dark")
    team.leader.faults.clear()  # the refusal itself is an answer of 422


def test_4_the_leader_approves_until_a_time(team):
    page = team.leader.go(f"{team.dossier}statement/")
    plan = page.get_by_label(re.compile("^Evacuation plan"))
    plan.fill("Ferry to Tallinn at the second shot or the word of the leader; papers in car two.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Approve").click()
    until = f"{now() + timedelta(days=6):%Y-%m-%dT12:00}"
    page.get_by_label(re.compile("^Holds until")).fill(until)
    page.get_by_role("button", name="Approve under my name").click()
    page.get_by_text("Ingrid Falk").first.wait_for()
    page.locator(".vg-head-state").get_by_text("approved", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Print").click()
    body = download.value.path().read_bytes()
    assert body[:5] == b"%PDF-"
    if folder := os.environ.get("VARANGIAN_SHOTS"):
        (Path(folder) / "dossier.pdf").write_bytes(body)
    team.leader.assert_clean()


def test_5_an_advisory_rises_and_the_approval_is_stale(team):
    risen = feeds.germany(warning="true", lastModified=1764633600000)
    bring(team, team.analyst, "germany-2.json", risen)
    page = team.leader.go(team.dossier)
    page.locator(".vg-head-state").get_by_text("approval stale").wait_for()
    page.get_by_text("German Foreign Office on FI rose from 1").first.wait_for()
    page.get_by_text("The country rose from 2, increased caution to 4, do not travel").wait_for()
    page.locator("#dossier-map canvas").wait_for()
    page.wait_for_timeout(1500)
    keep(team.leader, "stale-dark")
    [row] = team.house.cli("destination", "list", team.slug, actor=LEADER)
    assert row["state"] == "stale" and "do not travel" in row["stale"][0]
    phone = team.analyst.go(team.dossier)
    phone.get_by_text("approval stale").first.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    phone.wait_for_timeout(1500)
    keep(team.analyst, "dossier-phone-light")
    page = team.leader.go("/travel/destinations/")
    page.get_by_text("they differ").first.wait_for()
    keep(team.leader, "list-dark")
    team.leader.assert_clean()
    team.analyst.assert_clean()


def test_6_signed_anew_at_level_four_only_with_a_reason(team):
    page = team.leader.go(f"{team.dossier}approve/")
    page.get_by_role("button", name="Approve under my name").click()
    page.get_by_text("Write why you approve all the same").wait_for()
    team.leader.faults.clear()  # the refusal itself is an answer of 422
    page.get_by_label(re.compile("^Why")).fill("The client insists; we stay at the airport hotel.")
    page.get_by_role("button", name="Approve under my name").click()
    page.locator(".vg-head-state").get_by_text("approved", exact=True).wait_for()
    page.evaluate("localStorage.setItem('vg-theme', 'light')")
    page = team.leader.go(team.dossier)
    page.locator("#dossier-map canvas").wait_for()
    page.wait_for_timeout(1500)
    keep(team.leader, "dossier-light")
    team.leader.assert_clean()

"""The main job on screen, by a detail leader, a driver on a phone and an operator."""

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from tests.acceptance.browser import PHONE, Seat, sit_down
from tests.acceptance.material import START, calendar, hazard

LEADER, DRIVER, OPERATOR = "falk@example.org", "weber@example.org", "zielinski@example.org"
PENICILLIN = "penicillin-marker"


@pytest.fixture(scope="module")
def team(house, browser):
    for email, name in ((LEADER, "Ingrid Falk"), (DRIVER, "Jonas Weber"), (OPERATOR, "Piotr Z")):
        house.cli("user", "create", email, name)
    leader = sit_down(browser, house, LEADER)
    return SimpleNamespace(house=house, browser=browser, leader=leader, operation="", order="")


def upload(seat: Seat, name: str, data: bytes, mime: str) -> None:
    seat.page.set_input_files("input[type=file]", {"name": name, "mimeType": mime, "buffer": data})


def fill(where, **values: str) -> None:
    for name, value in values.items():
        where.locator(f"[name={name}]").first.fill(value)


def test_1_engagement_and_principal(team):
    page = team.leader.go("/operations/engagements/new/")
    fill(page, title="Lumen Arts Trust", slug="lumen")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="New principal").click()
    fill(page, code_name="HERON", name="Astrid Solvang")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/principals/heron"))
    page.get_by_role("link", name="Update the medical card").click()
    fill(page, allergies=PENICILLIN)
    page.get_by_role("button", name="Keep the card").click()
    page.wait_for_url(re.compile("/principals/heron/?$"))
    assert PENICILLIN not in page.content(), "the medical card is masked until a reason is given"
    row = page.get_by_role("row", name=re.compile("Medical card"))
    row.get_by_role("button", name="Unmask").click()
    fill(page.locator("dialog[open]"), purpose="Checking the card with the physician")
    page.locator("dialog[open]").get_by_role("button", name="Unmask for this reading").click()
    page.get_by_text(PENICILLIN).wait_for()
    page = team.leader.go("/principals/heron/")
    page.get_by_role("button", name="Add a contact").click()
    dialog = page.locator("dialog[open]")
    fill(dialog, **{"contact-role": "Sister", "contact-name": "Liv", "contact-phone": "+47 00 01"})
    dialog.get_by_role("button", name="Add").click()
    page.get_by_text("+47 00 01").wait_for()
    page.get_by_role("button", name="Add a window").click()
    dialog = page.locator("dialog[open]")
    night = {"window-starts": "2027-01-01T20:00", "window-ends": "2027-01-02T06:00"}
    fill(dialog, **night, **{"window-rule": "Knock for duress alone"})
    dialog.get_by_role("button", name="Agree it").click()
    page.get_by_text("Knock for duress alone").wait_for()
    team.leader.assert_clean()


def test_2_itinerary(team):
    page = team.leader.go("/travel/import/")
    upload(team.leader, "day.ics", calendar(), "text/calendar")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Differences from the plan").wait_for()
    assert "Northern House" in page.content() and "unlocated" in page.content()
    page.get_by_role("button", name="Accept the differences").click()
    page.wait_for_url(re.compile("/operations/[a-z0-9-]+/$"))
    team.operation = page.url.rstrip("/").rsplit("/", 1)[-1]
    page = team.leader.go("/places/?unlocated=1")
    page.get_by_role("link", name="Northern House").click()
    fill(page, latitude="60.1757", longitude="24.9329")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("exact").first.wait_for()
    for email, role in ((DRIVER, "driver"), (OPERATOR, "operator")):
        team.house.cli("member", "add", team.operation, email, role)
    holders = (("team_leader", LEADER), ("driver_principal", DRIVER), ("controller", OPERATOR))
    for standard, email in holders:
        team.house.cli(
            "post", "add", team.operation, standard, "--holder", email, "--call-sign", standard
        )
    team.leader.assert_clean()


def test_2_a_changed_file_says_what_changed_and_for_whom(team):
    page = team.leader.go(f"/travel/import/{team.operation}/")
    upload(team.leader, "day2.ics", calendar(shift=10), "text/calendar")
    page.get_by_role("button", name="Read the file").click()
    changed = page.get_by_role("listitem").filter(has_text="10 min later").first
    changed.wait_for()
    assert "Driver" in changed.inner_text()
    page.get_by_role("button", name="Leave the plan as it is").click()
    page.wait_for_url(re.compile(f"/operations/{team.operation}/$"))


def test_3_threat_risk_and_measures(team):
    page = team.leader.go(f"/threats/{team.operation}/")
    page.get_by_role("button", name="Threat source").click()
    dialog = page.get_by_role("dialog")
    fill(dialog, title="Letter writer GREY PEN")
    dialog.locator("[name=intent]").select_option("moderate")
    dialog.get_by_role("button", name="Add as a draft").click()
    page.get_by_text("Letter writer GREY PEN").first.wait_for()
    page = team.leader.go(f"/threats/{team.operation}/")
    page.get_by_role("button", name="Risks from the library").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Add the chosen ones").click()
    page.get_by_role("cell", name="R1").wait_for()
    measures = team.house.cli("measure", "list", team.operation)
    assert measures, "the measures of a standard risk come along"
    in_place(team, measures[0])
    team.leader.assert_clean()


def in_place(team, measure) -> None:
    """Somebody answers for it, agrees it, and reports that it stands."""
    line = ("measure", "set", team.operation, measure["serial"], "--owner", LEADER)
    team.house.cli(*line, actor=LEADER)
    page = team.leader.go(f"/planning/{team.operation}/measures/")
    page.get_by_role("link", name=measure["title"]).click()
    page.get_by_role("button", name="Mark as agreed").click()
    page.get_by_role("button", name="Report in place").click()
    page.locator("dialog[open]").get_by_role("button", name="It is in place").click()
    page.get_by_text("In place", exact=True).first.wait_for()
    page = team.leader.go(f"/threats/{team.operation}/")
    page.get_by_role("heading", name="Matrix").wait_for()
    page.get_by_role("link", name="With agreed measures").first.click()
    page.get_by_role("cell", name="R1").wait_for()


def test_4_order_signed_issued_acknowledged(team):
    page = team.leader.go(f"/operations/{team.operation}/edit/")
    fill(page, intent="Protect HERON at the reading so that she keeps her programme.")
    page.get_by_role("button", name="Save").click()
    page = team.leader.go(f"/planning/{team.operation}/order/")
    page.get_by_role("button", name=re.compile("Draft (the |an )?operation order")).click()
    page.get_by_text("1. Ground").wait_for()
    page.get_by_role("button", name=re.compile("^(Approve|Sign)")).first.click()
    confirm(page)
    page.get_by_role("button", name=re.compile("^Issue")).first.wait_for()
    page.get_by_role("button", name=re.compile("^Issue")).first.click()
    confirm(page)
    page.get_by_text("Issued").first.wait_for()
    driver = sit_down(team.browser, team.house, DRIVER, size=PHONE)
    phone = driver.go(f"/planning/{team.operation}/order/")
    phone.get_by_text("1. Ground").wait_for()
    assert PENICILLIN not in phone.content() and "GREY PEN" not in phone.content()
    phone.get_by_role("button", name=re.compile("acknowledge")).first.click()
    page.get_by_role("row", name=re.compile("Jonas Weber")).get_by_text("acknowledged").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    text = "".join(
        p.extract_text() for p in PdfReader(BytesIO(download.value.path().read_bytes())).pages
    )
    assert re.search(r"page 1 of \d", text) and "OPO 1" in text and "estroy" in text
    driver.assert_clean()
    team.leader.assert_clean()


def confirm(page) -> None:
    """Answer the dialog, if this act asks again."""
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button").last.click()


def test_5_hazard_becomes_an_alert_on_the_open_board(team):
    board = team.leader.go("/")
    board.get_by_text("live", exact=True).first.wait_for()
    operator = sit_down(team.browser, team.house, OPERATOR)
    send_feed(operator, hazard())
    queue = board.locator("#board-alerts")
    queue.get_by_text(re.compile("Severe weather on leg")).first.wait_for(timeout=45_000)
    assert "min affected" in queue.inner_text()
    board.get_by_role("button", name=re.compile("^Acknowledge")).first.click()
    queue.get_by_text("acknowledged").first.wait_for()
    send_feed(operator, hazard("cancel"))
    queue.get_by_text("Nothing waits").wait_for(timeout=45_000)
    send_feed(operator, hazard(name="storm-10"))
    for _ in range(until_quiet(queue)):
        page = team.leader.go("/")
        page.get_by_role("link", name=re.compile("^Assign or dismiss")).first.click()
        panel = page.locator("section", has=page.get_by_role("heading", name="Dismiss"))
        fill(panel, reason="The legs wait in the hotel")
        panel.get_by_role("button", name="Dismiss").click()
        page.wait_for_url(re.compile("/alerts/$"))
    team.leader.go("/alerts/?view=closed").get_by_text(
        "The legs wait in the hotel"
    ).first.wait_for()
    team.leader.go("/").locator("#board-alerts").get_by_text("Nothing waits").wait_for()
    operator.assert_clean()
    team.leader.assert_clean()


def until_quiet(queue) -> int:
    """How many alerts came, when no more arrive."""
    queue.get_by_text(re.compile("Severe weather on leg")).first.wait_for(timeout=45_000)
    queue.page.wait_for_timeout(1500)
    return queue.get_by_role("listitem").count()


def send_feed(seat: Seat, data: bytes) -> None:
    page = seat.go("/intelligence/")
    page.get_by_role("button", name="Import a feed file").click()
    upload(seat, "storm.geojson", data, "application/geo+json")
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("Counted").wait_for()


def test_6_a_moved_leg_turns_lines_stale_without_reload(team):
    page = team.leader.go(f"/planning/{team.operation}/order/")
    page.get_by_text("1. Ground").wait_for()
    page.evaluate("window.untouched = true")
    legs = team.house.cli("movement", "list", team.operation)
    drive = next(leg for leg in legs if leg["kind"] == "road")
    later = (START + timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M+00:00")
    team.house.cli("movement", "change", drive["id"], "--ends", later)
    page.get_by_text(re.compile("stale line")).first.wait_for(timeout=45_000)
    assert page.evaluate("window.untouched"), "the page was not loaded again"
    page.get_by_role("button", name="Draft fragmentary order").first.click()
    page.get_by_text(re.compile("Instead of")).first.wait_for()
    team.leader.assert_clean()


def test_7_log_is_kept_chained_and_provable(team, tmp_path):
    page = team.leader.go(f"/log/of/{team.operation}/")
    fill(page, event="HERON in the green room")
    page.keyboard.press("Enter")
    page.get_by_text("HERON in the green room").first.wait_for()
    assert "acknowledged" in page.content(), "state changes write themselves"
    bundle = tmp_path / "log.zip"
    command(team, "log", "export", team.operation, "--out", str(bundle))
    assert verify(team, bundle) == 0
    damaged = bytearray(bundle.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    bundle.write_bytes(damaged)
    assert verify(team, bundle) == 1
    team.leader.assert_clean()


def verify(team, bundle) -> int:
    return command(team, "audit", "verify", str(bundle))


def command(team, *words: str) -> int:
    return team.house.run(*words).code

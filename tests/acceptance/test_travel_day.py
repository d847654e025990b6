"""Two days from a mailbox: dossier, routes under seal, car and driver, a search on a phone, a road
that closes. All of it in the browser, on a map of the house, and no request leaves the house."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from types import SimpleNamespace
from urllib.parse import urlparse

import pytest
from tests import bookings as b
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.factories import picture

from varangian.engines.routing import city

osm_write = pytest.importorskip("varangian.engines.routing.osm_write")

LEADER, DRIVER = "day-leader@example.org", "day-driver@example.org"
WATCHER, OFFICER = "day-watcher@example.org", "day-officer@example.org"
NAMES = ("Ingrid Falk", "Leo Marchetti", "Mia Sand", "Tomas Berg")
STEP_S = 3
SETTLES_MS = 900
KEPT |= {"doors-dark-1440", "doors-light-390"}
TOWN = city.build(at=(60.150, 24.90))
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
SHIFT = (TOMORROW - date(2026, 11, 26)).days
WAY = "The Lamp, Helsinki to Harbour House, 1 Wharf Lane, Helsinki, FI"
PLANS = {
    "Context": "Two days in the city, a supper and a gala; known to the hosts alone.",
    "Threats and hazards": "One letter writer; ice on the roads.",
    "Inherent risk": "An approach at the door; a fall or a crash on ice.",
    "Controls": "Routes by chance, an officer at each door, winter tyres.",
    "Residual risk": "An approach in words remains possible and is acceptable.",
    "Communications plan": "Radio and two telephones; silence of 30 minutes is an alarm.",
    "Owner of the communications plan": "Operator",
    "Medical plan": "City hospital; the principal's own medicine travels in the car.",
    "Owner of the medical plan": "Medic",
    "Evacuation plan": "By car to the airport, else by ferry; papers in the car.",
    "Owner of the evacuation plan": "Lead driver",
}


def at(column: int, row: int) -> dict[str, float]:
    node = row * 24 + column
    return {"latitude": float(TOWN.lat[node]), "longitude": float(TOWN.lon[node])}


def in_town(booking: dict, where: dict[str, float], **more) -> dict:
    """The same booking in the invented streets of Helsinki."""
    inner = booking["reservationFor"]
    home = inner.get("location", inner)
    home |= {"geo": where, **more}
    return booking


def mailbox() -> bytes:
    """In by air, a night, a table, a gala, out by air; and a letter that books nothing."""
    address = {"streetAddress": "1 Wharf Lane", "addressLocality": "Helsinki"}
    inn = in_town(b.hotel(checkout="2026-11-27T11:00:00"), at(3, 3), address=address)
    inn["reservationFor"]["address"]["addressCountry"] = "FI"
    lamp = in_town(b.table(), at(18, 14), address="Helsinki")
    lamp |= {"startTime": "2026-11-26T19:00:00+02:00", "endTime": "2026-11-26T21:30:00+02:00"}
    gala = in_town(b.event(), at(20, 5), address="Quay Road, Helsinki")
    gala["reservationFor"] |= {
        "startDate": "2026-11-27T13:00:00+02:00",
        "endDate": "2026-11-27T15:00:00+02:00",
    }
    there = b.flight(
        ends=("LHR", "HEL"), leaves="2026-11-26T07:30:00+00:00", lands="2026-11-26T12:30:00+02:00"
    )
    back = b.flight(
        ends=("HEL", "LHR"), leaves="2026-11-27T18:00:00+02:00", lands="2026-11-27T19:10:00+00:00"
    )
    found = [("Your flights", [there, back]), ("Your room", [inn]), ("Your table", [lamp])]
    mails = [b.mail(subject, *(b.moved(one, SHIFT) for one in rows)) for subject, rows in found]
    return b.mbox(*mails, b.mail("Gala", b.moved(gala, SHIFT)), b.mail("News of the town"))


def heard(seat) -> list[str]:
    """Every address that this screen asked for."""
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.fixture(scope="module")
def team(house, browser, tmp_path_factory):
    """People, a client and a principal; the shipped lists with short steps: a test can wait."""
    own = house.home / "library"
    own.mkdir(exist_ok=True)
    shipped = files("varangian.travel.fleet").joinpath("inspections.yaml").read_text()
    (own / "inspections.yaml").write_text(re.sub(r"seconds: \d+", f"seconds: {STEP_S}", shipped))
    for email, name in zip((LEADER, DRIVER, WATCHER, OFFICER), NAMES, strict=True):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Two days", "--slug", "two-days", actor=LEADER)
    house.cli(
        *("principal", "create", "WHIMBREL", "--engagement", "two-days", "--slug", "whimbrel"),
        actor=LEADER,
    )
    extract = tmp_path_factory.mktemp("day") / "streets.osm.pbf"
    osm_write.write(TOWN, extract, osm_write.scenery(TOWN))
    seats = {
        "leader": sit_down(browser, house, LEADER),
        "driver": sit_down(browser, house, DRIVER, size=PHONE),
        "watcher": sit_down(browser, house, WATCHER, size=PHONE, theme="light"),
        "officer": sit_down(browser, house, OFFICER, size=PHONE),
    }
    return SimpleNamespace(
        house=house, extract=extract, asked={name: heard(seat) for name, seat in seats.items()},
        **seats,
    )  # fmt: skip


def test_1_an_extract_becomes_the_map_of_the_house(team):
    page = team.leader.go("/travel/maps/")
    page.get_by_label("Extract").set_input_files(team.extract)
    page.get_by_label("Name").fill("Streets of two days")
    page.get_by_role("button", name="Build the map").click()
    page.get_by_text("Everything that a car needs was read.").wait_for(timeout=180_000)
    team.leader.assert_clean()


def test_2_a_mailbox_becomes_a_plan_of_two_days(team):
    page = team.leader.go("/travel/import/")
    file = {"name": "inbox.mbox", "mimeType": "application/mbox", "buffer": mailbox()}
    page.set_input_files("input[type=file]", file)
    page.locator("[name=principal]").select_option("whimbrel")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("Differences from the plan").wait_for()
    for words in ("AY 1331", "Harbour House", "Table at The Lamp", "Gala", "nothing read"):
        assert words in page.content(), words
    page.get_by_role("button", name="Accept the differences").click()
    page.wait_for_url(re.compile("/operations/[a-z0-9-]+/$"))
    team.slug = page.url.rstrip("/").rsplit("/", 1)[-1]
    for email, role in ((DRIVER, "driver"), (WATCHER, "officer"), (OFFICER, "officer")):
        team.house.cli("member", "add", team.slug, email, role, actor=LEADER)
    rows = team.house.cli("movement", "list", team.slug, actor=LEADER)
    days = {row["starts"][:10] for row in rows if row["starts"]}
    assert {f"{TOMORROW}", f"{TOMORROW + timedelta(days=1)}"} <= days
    team.leg = next(row["id"] for row in rows if row["title"] == WAY)
    team.leader.assert_clean()


def test_3_the_leader_says_when_the_implied_drive_leaves(team):
    page = team.leader.go(f"/operations/movements/{team.leg}/")
    page.get_by_text("implied: confirm it").wait_for()
    page.locator("[name=starts]").fill(f"{TOMORROW}T21:40")
    page.locator("[name=ends]").fill(f"{TOMORROW}T22:05")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("21:40").first.wait_for()
    team.leader.assert_clean()


def test_4_the_city_of_the_night_has_an_approved_dossier(team):
    page = team.leader.go(f"/travel/destinations/of/{team.slug}/")
    guessed = {"Helsinki Vantaa Airport (HEL)": "FI", "London Heathrow Airport (LHR)": "GB"}
    for place, country in guessed.items():
        assert page.get_by_label(f"Country of {place}").input_value() == country
    forms = page.locator("form").filter(has=page.get_by_label("Country of Helsinki Vantaa"))
    forms.get_by_role("button", name="Open a dossier").click()
    page.wait_for_url(re.compile(r"/travel/destinations/[0-9a-f-]{36}/$"))
    page.goto(f"{page.url}statement/")
    for label, text in PLANS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Approve").click()
    page.get_by_label(re.compile("^Why, where the level asks")).fill("Advisories read by hand")
    page.get_by_role("button", name="Approve under my name").click()
    page.locator(".vg-head-state").get_by_text("approved", exact=True).wait_for()
    team.leader.assert_clean()


def test_5_routes_are_planned_approved_and_drawn_under_seal(team):
    page = team.leader.go(f"/travel/routes/of/{team.slug}/")
    page.get_by_role("button", name="Plan the routes of a leg").click()
    page.locator("#movement").select_option(team.leg)
    page.locator("#window").fill("20")
    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_text("Exposure side by side").wait_for()
    page.get_by_text("Streets of two days").first.wait_for()
    page.locator("#route-map canvas").wait_for()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Draw and seal").click()
    page.get_by_text("Drawn and sealed").wait_for()
    team.plan = urlparse(page.url).path
    assert not serious(page, all_rules=True)
    team.leader.assert_clean()


def test_6_the_leg_gets_a_car_and_a_driver(team):
    page = team.leader.go("/travel/vehicles/new/")
    page.locator("#engagement").select_option("two-days")
    page.locator("[name=name]").fill("Day car")
    page.locator("[name=plate]").fill("DAY-101")
    page.locator("[name=seats]").fill("5")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Day car").wait_for()
    page = team.leader.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_text("Assign it").first.click()
    page.get_by_label("Driver", exact=True).first.select_option(label="Leo Marchetti")
    page.get_by_role("button", name="Assign Day car").click()
    page.get_by_text("Leo Marchetti drives").wait_for()
    team.leader.assert_clean()


def test_7_the_driver_searches_the_car_on_a_phone(team):
    page = team.driver.go(f"/travel/legs/{team.leg}/vehicles/")
    page.get_by_role("button", name=re.compile("search$")).click()
    page.get_by_text(re.compile(r"0 of \d+ answered")).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0, "the page scrolls sideways"
    one = {"name": "step.png", "mimeType": "image/png", "buffer": picture((600, 400))}
    for step in page.locator("[data-wants=required]").all():
        step.locator("input[type=file]").set_input_files(one)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-wants=required]')]"
        ".every((step) => Number(step.dataset.has) > 0)"
    )
    steps = page.locator("[data-step]").all()
    steps[0].get_by_label("In order").check()
    page.wait_for_timeout(round(STEP_S * len(steps) * 0.6 * 1000))
    for step in steps[1:]:
        step.get_by_label("In order").check()
    assert not serious(page, all_rules=True)
    page.get_by_role("button", name="Sign and end the check").click()
    page.get_by_text("second signature").first.wait_for()
    signed = urlparse(page.url).path
    page = team.watcher.go(signed)
    page.get_by_role("link", name="Sign as second").click()
    page.get_by_role("button", name="Sign").click()
    page.get_by_text("Signed. The search holds").wait_for()
    team.driver.assert_clean()
    team.watcher.assert_clean()


def test_8_a_road_closes_and_the_leg_is_planned_anew(team):
    page = team.leader.go(team.plan)
    lines = page.request.get(f"{team.leader.base}{team.plan}lines.json").json()["features"]
    ways = [one for one in lines if one["geometry"]["type"] == "LineString"]
    road = ways[0]["geometry"]["coordinates"]
    lon, lat = road[len(road) // 2]
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ring = [[lon + x * 4e-4, lat + y * 4e-4] for x, y in corners]
    page.get_by_role("button", name="A road is closed").click()
    page.locator("#area").fill(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    page.locator("#area-reason").fill("Water main broke")
    page.get_by_role("button", name="Plan anew").click()
    page.get_by_text("version 2").first.wait_for()
    page.get_by_text("Water main broke").first.wait_for()
    fresh = urlparse(page.url).path
    assert fresh != team.plan
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Draw and seal").click()
    page.get_by_text("Drawn and sealed").wait_for()
    team.leader.assert_clean()
    team.plan = fresh


def test_9_those_of_the_leg_read_the_draw_and_nobody_else(team):
    page = team.driver.go(team.plan)
    page.get_by_text("nothing released").wait_for()
    page = team.leader.go(team.plan)
    page.get_by_label("Watcher of the leg").select_option(label="Mia Sand")
    page.get_by_role("button", name="Name as watcher").click()
    page.get_by_text("named watcher").wait_for()
    page.get_by_role("button", name="Release to those of the leg").click()
    page.locator("#release-reason").fill("Driven in the rehearsal tonight")
    page.get_by_role("button", name="Release", exact=True).click()
    page.get_by_text("Report as driven").first.wait_for()
    for seat in (team.driver, team.watcher):
        page = seat.go(team.plan)
        page.get_by_role("link", name="Route card").click()
        page.get_by_text("Say each turn").wait_for()
        page.get_by_text("Leave at").first.wait_for()
        assert page.evaluate(SIDEWAYS) <= 0, "the card scrolls sideways"
        assert not serious(page, all_rules=True)
    page = team.officer.go(f"/travel/routes/of/{team.slug}/")
    assert WAY not in page.content(), "who is not of the leg knows of no plan"
    for path in (team.plan, f"{team.plan}card/", f"{team.plan}lines.json"):
        assert page.request.get(f"{team.officer.base}{path}").status == 404, path
    page = team.driver.go(team.plan)
    page.get_by_role("button", name="Report as driven").click()
    page.get_by_role("button", name="Report", exact=True).click()
    page.get_by_text("as drawn").first.wait_for()
    for seat in (team.leader, team.driver, team.watcher, team.officer):
        seat.assert_clean()


def shots(page, name):
    """Both sizes and themes: nothing scrolls sideways, nothing serious for who cannot see it."""
    for theme, size in (("dark", DESK), ("light", PHONE)):
        page.set_viewport_size(size)
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(500)
        keep(page, f"{name}-{theme}-{size['width']}")
        assert page.evaluate(SIDEWAYS) <= 0, f"{name} scrolls sideways at {size['width']}"
        assert not serious(page, all_rules=theme == "dark"), f"{name} {theme}"
    page.set_viewport_size(DESK)
    page.evaluate(SET_THEME, "dark")


def test_10_a_door_is_put_on_the_map(team):
    rows = team.house.cli("place", "list", actor=LEADER)
    place = next(row["id"] for row in rows if row["name"].startswith("Harbour House"))
    page = team.leader.go(f"/places/{place}/")
    page.get_by_role("link", name="Doors").click()
    note = page.locator("[data-draw-note]")
    note.get_by_text("Click the map where it is").wait_for()
    page.wait_for_timeout(SETTLES_MS)
    box = page.locator("#doors-map canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2 - 20)
    note.get_by_text("Drag the mark").wait_for()
    page.get_by_label("Name").fill("North gate")
    page.get_by_label("A car may wait here").check()
    page.get_by_role("button", name="Add door").click()
    page.get_by_text("a car may wait", exact=True).wait_for()
    page.wait_for_timeout(SETTLES_MS)
    shots(page, "doors")
    team.leader.assert_clean()


def test_11_no_request_left_the_house(team):
    own = urlparse(team.leader.base).hostname
    for name, asked in team.asked.items():
        assert len(asked) > 10, name
        outside = [url for url in asked if url.startswith("http") and urlparse(url).hostname != own]
        assert not outside, (name, outside)
    tiles = [url for url in team.asked["leader"] if "/tiles.pmtiles" in url]
    assert tiles, "the streets came from the house"

"""Devices that speak MQTT, end to end: on the map, told of when they talk nonsense, kept when the
gateway is killed, and missed when they fall silent. VARANGIAN_SCREENS=1 keeps pictures."""

import os
import signal
import time
from collections import Counter
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from tests.acceptance.browser import DESK, PHONE, sit_down
from tests.acceptance.house import House
from tests.acceptance.mqtt import Gateway, mesh, place
from tests.acceptance.test_positions import open_sharing
from tests.acceptance.test_screens import KEPT, SET_THEME, SIDEWAYS, keep, serious
from tests.press import connect
from tests.seed import furnish
from tests.stack import patience, team, until

KEPT |= {"device-gateway-dark-1440"}
RADIO, CTRL_C = 0xA1B2C3D4, 130
HEARTBEAT, SILENT_PERIODS, LOOKS_EVERY = 3, 2, 5
PRESSES = "select count(*) from protection_press where subject = %s"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("paho.mqtt", reason="the extra mqtt is not installed")
    house = House(furnish(tmp_path_factory.mktemp("gateway")))
    try:
        house.start()
        found = enrolled(house)
        yield found
        assert found.gateway.stop() == CTRL_C
        assert house.stop() == 0
        house.assert_gone()
    finally:
        house.kill()


def enrolled(house: House) -> SimpleNamespace:
    who = team(house)
    house.cli("operation", "state", who.operation, "planned", actor=who.leader)
    house.cli("go", "override", who.operation, "--reason", "A rehearsal", actor=who.leader)
    house.cli("operation", "state", who.operation, "active", actor=who.leader)

    def enrol(label: str, kind: str, *more: str) -> tuple[str, str]:
        made = house.cli(
            "device", "enrol", who.operation, label, "--kind", kind, *more, actor=who.leader
        )
        return made["id"], made["url"].rsplit("/", 1)[-1]

    gateway, token = enrol("MQTT gateway", "tracker", "--period", "10")
    tracker, secret = enrol("Car 1", "owntracks", "--period", "30")
    radio, _ = enrol("Radio of W2", "meshtastic", "--node", f"!{RADIO:08x}", "--period", "60")
    button, _ = enrol("Lobby", "button", "--node", "lobby-1", "--period", str(HEARTBEAT * 100))
    open_sharing(house)
    return SimpleNamespace(
        house=house, who=who, gateway=Gateway(house, token).start(), gateway_id=gateway,
        tracker=tracker, topic=f"owntracks/detail/{secret}", radio=radio, button=button,
    )  # fmt: skip


@pytest.fixture
def device(site):
    made = site.gateway.device(f"device-{time.monotonic_ns()}")
    yield made
    made.end()


def shown(site, pk: str) -> dict:
    return site.house.cli("device", "show", pk, actor=site.who.leader)


def refused(site, pk: str) -> dict[str, int]:
    return {row["reason"]: row["count"] for row in shown(site, pk)["refused"]}


def test_1_a_tracker_and_a_radio_stand_on_the_map(site, device, browser):
    seat = sit_down(browser, site.house, site.who.leader)
    page = seat.go(f"/tracking/of/{site.who.operation}/")
    page.get_by_text("live", exact=True).first.wait_for()
    page.evaluate("window.untouched = true")
    page.get_by_text("As a list").first.click()
    device.says(site.topic, place(60.168, 24.945))
    device.says("msh/EU_868/2/json/LongFast/!a1b2c3d4", mesh(RADIO, 60.170, 24.950))
    rows = page.locator("#device-map [data-map-list]")
    for name in ("Car 1", "Radio of W2"):
        expect(rows.get_by_text(name).first).to_be_visible()
    assert page.evaluate("window.untouched")
    last = shown(site, site.tracker)["last"]
    assert (last["position"], last["source"], last["battery"]) == (
        [60.168, 24.945],
        "owntracks",
        0.71,
    )
    path = f"/api/v1/operations/{site.who.operation}/positions"
    told = site.house.call("GET", path, **site.who.headers).json["features"]
    by_name = {one["properties"]["title"]: one["geometry"]["coordinates"] for one in told}
    assert by_name["Radio of W2"] == pytest.approx([24.950, 60.170])
    seat.assert_clean()
    seat.context.close()


def test_2_nonsense_is_counted_with_its_reason_on_the_page_of_the_device(site, device, browser):
    device.says(site.topic, b"{broken")
    device.says(site.topic, place(0, 0))
    device.says(site.topic, place(60.168, 24.945, time.time() + 86_400))
    device.says("owntracks/detail/no-such-token", place(60.1, 24.9))
    device.says("owntracks/detail", place(60.1, 24.9))
    device.says("msh/EU_868/2/json/LongFast/!a1b2c3d4", b"\x00garbage")
    device.says("msh/EU_868/2/json/LongFast/!0badcafe", mesh(0x0BADCAFE, 60.1, 24.9))
    device.says("shellies/not-enrolled/input_event/0", {"event": "S", "event_cnt": 1})
    device.says("shellies/lobby-1/input_event/0", b"{broken")
    device.says("somebody/else", b"1")
    device.says("$SYS/broker/version", b"1")
    wanted = {"token": 1, "topic": 3, "unreadable": 1, "stranger": 2}
    until(lambda: refused(site, site.gateway_id) == wanted, 60)
    own = {"unreadable": 1, "null_island": 1, "future": 1}
    until(lambda: refused(site, site.tracker) == own, 30)
    assert refused(site, site.button) == {"unreadable": 1}
    assert presses(site) == 0
    for size, width in ((DESK, "1440"), (PHONE, "390")):
        seat = sit_down(browser, site.house, site.who.leader, size=size)
        page = seat.go(f"/tracking/devices/{site.gateway_id}/")
        expect(page.get_by_text("Published to a topic that is of no use here")).to_be_visible()
        expect(page.get_by_text("heard", exact=True).first).to_be_visible()
        for theme in ("dark", "light"):
            page.evaluate(SET_THEME, theme)
            page.wait_for_timeout(150)
            keep(page, f"device-gateway-{theme}-{width}")
            assert not serious(page, all_rules=theme == "dark")
        assert page.evaluate(SIDEWAYS) <= 0
        seat.assert_clean()
        seat.context.close()


def presses(site) -> int:
    with connect(site.house) as connection:
        return connection.execute(PRESSES, [f"device:{site.button}"]).fetchone()[0]


def test_3_killed_without_warning_it_loses_nothing_and_doubles_nothing(site, device):
    """Positions and presses go on while the gateway is killed, and each is there once."""
    begun = int(time.time()) - 1_000
    before = shown(site, site.gateway_id)["refused"]
    for number in range(240):
        device.says(site.topic, place(60.16 + number * 1e-5, 24.94, begun + number * 2), number)
        if number % 40 == 20:
            event = {"event": "L", "event_cnt": number}
            device.says("shellies/lobby-1/input_event/0", event, f"press {number}")
        if number in (60, 150):
            site.gateway.kill()
            site.gateway.start()
        time.sleep(0.02)
    device.await_taken(90)
    acknowledged = {one for one in device.acknowledged() if isinstance(one, int)}
    assert acknowledged == set(range(240))
    until(lambda: len(kept(site, begun)) == 240, 60)
    assert kept(site, begun) == Counter({begun + number * 2: 1 for number in range(240)})
    until(lambda: presses(site) >= 6, 30)
    time.sleep(patience(7))
    assert presses(site) == 6, "a press that was delivered twice is one press"
    assert len(kept(site, begun)) == 240
    assert shown(site, site.gateway_id)["refused"] == before


def kept(site, since: int) -> Counter:
    sql = "select extract(epoch from at)::int from tracking_position where device_id = %s"
    with connect(site.house) as connection:
        rows = connection.execute(sql, [site.tracker]).fetchall()
    return Counter(at for (at,) in rows if since <= at < since + 480)


def test_4_a_button_that_falls_silent_is_an_alert_until_it_is_heard(site, device, browser):
    site.house.cli(
        "device", "change", site.button, "--period", str(HEARTBEAT), actor=site.who.leader
    )
    device.says("shellies/lobby-1/online", b"true")
    until(lambda: shown(site, site.button)["state"] == "heard", 30)
    seat = sit_down(browser, site.house, site.who.leader)
    page = seat.go("/alerts/")
    silent = page.get_by_text("Device silent: Lobby").first
    for _ in range(4):
        device.says("shellies/lobby-1/online", b"true")
        page.wait_for_timeout(1000)
    expect(silent).to_be_hidden()
    most = HEARTBEAT * SILENT_PERIODS + LOOKS_EVERY + 5
    silent.wait_for(timeout=patience(most) * 1000)
    assert shown(site, site.button)["state"] == "silent"
    device.says("shellies/lobby-1/online", b"true")
    silent.wait_for(state="hidden", timeout=patience(LOOKS_EVERY + 5) * 1000)
    seat.assert_clean()
    seat.context.close()


def test_5_the_gateway_itself_is_missed(site):
    """Killed and not started again; it comes back for the house to end well."""

    def missed() -> bool:
        rows = site.house.cli("alert", "list", actor=site.who.leader)
        return "Device silent: MQTT gateway" in [row["title"] for row in rows]

    site.gateway.kill()
    until(missed, 60)
    site.gateway.start()
    until(lambda: not missed(), 60)


def test_6_a_house_that_is_away_is_waited_for(site, device):
    """The database is killed: what is published meanwhile comes in when it is back."""
    at = int(time.time())
    for pid in site.house.pids("postgres"):
        os.kill(pid, signal.SIGKILL)
    device.says(site.topic, place(60.1755, 24.955, at), "away")
    device.await_taken(30)
    site.house.await_healthy(patience(60))
    until(lambda: shown(site, site.tracker)["last"]["position"] == [60.1755, 24.955], 60)

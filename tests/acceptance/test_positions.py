"""A phone is enrolled with one code, and stands on the Board of somebody else without a reload."""

import json
import time
import urllib.request

import psycopg
from playwright.sync_api import expect
from tests.acceptance.browser import sit_down

LEADER, OPERATOR = "leader@varangian.invalid", "operator@varangian.invalid"


def send(address: str, **given) -> bytes:
    body = {"_type": "location", "lat": 60.168, "lon": 24.945, "tst": time.time(), "acc": 5}
    request = urllib.request.Request(address, json.dumps(body | given).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def open_sharing(house) -> None:
    """As if everybody were on duty."""
    lines = (house.home / "postgres" / "postmaster.pid").read_text().splitlines()
    words = f"host={lines[4]} port={lines[3]} user=postgres dbname=varangian"
    with psycopg.connect(words, autocommit=True) as connection:
        connection.execute("update tracking_device set emergency_until = now() + '1 hour'")


def test_from_a_code_to_the_board_of_another(worked_house, browser, slug) -> None:
    leader = sit_down(browser, worked_house, LEADER)
    page = leader.go(f"/tracking/of/{slug}/")
    page.get_by_role("button", name="Enrol device").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Phone of the leader")
    dialog.get_by_label("A position every").fill("5")
    dialog.get_by_role("button", name="Enrol and show the code").click()
    address = page.locator("#device-address").inner_text().strip()
    expect(page.get_by_alt_text("QR code that sets up OwnTracks")).to_be_visible()
    open_sharing(worked_house)

    operator = sit_down(browser, worked_house, OPERATOR)
    board = operator.go("/")
    board.get_by_text("live", exact=True).first.wait_for()
    board.evaluate("window.untouched = true")
    board.get_by_text("As a list").first.click()
    assert send(address) == b"[]"
    rows = board.locator("#board-map [data-map-list]")
    expect(rows.get_by_text("Team").first).to_be_visible()
    expect(rows.get_by_text("lost").first).to_be_visible(timeout=60_000)
    assert board.evaluate("window.untouched")

    send(address, lat=0.0, lon=0.0)
    leader.go(f"/tracking/of/{slug}/")
    page.get_by_role("link", name="Phone of the leader").first.click()
    expect(page.get_by_text("The receiver said 0, 0")).to_be_visible()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_role("button", name="Withdraw the device").click()
    expect(page.get_by_text("withdrawn").first).to_be_visible()
    for seat in (leader, operator):
        seat.assert_clean()
        seat.context.close()

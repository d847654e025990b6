"""An alert reaches a person outside: rung with a code only, taken on screen, counted afterwards."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from tests.acceptance.browser import Seat, sit_down
from tests.integration.alerts.outside import Outside, outside
from tests.stack import patience

DESK = "operator@varangian.invalid"
TITLE = "Gale over the harbour"


@pytest.fixture(scope="module")
def device(worked_house) -> Iterator[Outside]:
    """The duty phone of the desk, as a server that keeps what it is sent."""
    with outside() as found:
        worked_house.cli("channel", "on", "webhook", "--host", "127.0.0.1")
        url = f"json://{found.address}/duty"
        worked_house.cli("channel", "add", url, "--from-urgency", "inform", actor=DESK)
        yield found
        worked_house.cli("channel", "off", "webhook")


@pytest.fixture(scope="module")
def seat(worked_house, browser) -> Iterator[Seat]:
    found = sit_down(browser, worked_house, DESK)
    yield found
    found.context.close()


def gale(leg: dict) -> str:
    about = {"id": "gale-1", "kind": "weather", "band": "red", "title": TITLE, "action": "new",
             "updated": leg["starts"], "onset": leg["starts"], "expires": leg["ends"],
             "radius_km": 40}  # fmt: skip
    place = {"type": "Point", "coordinates": [24.94, 60.17]}
    feature = {"type": "Feature", "id": "gale-1", "properties": about, "geometry": place}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_it_rings_outside_with_nothing_but_a_code(worked_house, device, slug, tmp_path) -> None:
    legs = worked_house.cli("movement", "list", slug)
    leg = next(one for one in legs if one["kind"] == "road" and one["state"] == "planned")
    path = tmp_path / "gale.json"
    path.write_text(gale(leg))
    found = worked_house.cli("feed", "import", str(path), "--kind", "geojson")["alerts"]
    codes = {one["code"] for one in found}
    assert codes
    until = time.monotonic() + patience(15)
    while time.monotonic() < until and not codes & set(rung(device)):
        time.sleep(0.2)
    assert codes & set(rung(device)), "the duty phone was not rung"
    assert not any(b"Gale" in body for _, _, body in device.heard)


def rung(device: Outside) -> list[str]:
    said = b" ".join(body for _, _, body in device.heard).decode()
    return re.findall(r"ALERT (\w{4}), open Varangian", said)


def test_it_is_taken_on_screen_and_counted(seat, device) -> None:
    page = seat.go(f"/alerts/code/{rung(device)[-1]}/")
    page.get_by_role("heading", name="Who was told").wait_for()
    page.get_by_role("button", name="Respond").click()
    page.get_by_text("Responding", exact=True).first.wait_for()
    seat.go("/alerts/load/?days=1").get_by_role("heading", name="Alarm load").wait_for()
    seat.go("/alerts/reach/").get_by_text("webhook", exact=False).first.wait_for()
    seat.assert_clean()

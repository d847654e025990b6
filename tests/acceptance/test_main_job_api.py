"""The main job over the API, with a token that may write: the same services, JSON in and out."""

import time
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from tests.acceptance.material import calendar, hazard

LEADER = "lindqvist@example.org"
PORT = (57.7089, 11.9746)


@pytest.fixture(scope="module")
def desk(house) -> Any:
    house.cli("user", "create", LEADER, "Sanna Lindqvist")
    secret = house.cli("token", "create", "acceptance", "--write", actor=LEADER)["secret"]
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=f"{house.url}/api/v1", headers=headers, timeout=30) as client:
        yield SimpleNamespace(client=client, house=house, operation="", post="")


def call(desk, method: str, path: str, code: int = 0, **more: Any) -> Any:
    answer = desk.client.request(method, path, **more)
    assert answer.status_code in ((code,) if code else (200, 201)), (path, answer.text[:600])
    return answer.json()


def test_1_principal(desk) -> None:
    call(desk, "POST", "/engagements", json={"title": "West quay", "slug": "quay"})
    new = {"engagement": "quay", "code_name": "GANNET", "slug": "gannet", "name": "Ylva Norr"}
    call(desk, "POST", "/principals", json=new)
    call(desk, "PATCH", "/principals/gannet/medical", json={"allergies": "latex-marker"})
    call(desk, "POST", "/principals/gannet/contacts", json=contact())
    window = {"starts": "2027-01-01T20:00:00Z", "ends": "2027-01-02T06:00:00Z", "rule": "Knock"}
    call(desk, "POST", "/principals/gannet/windows", json=window)
    assert "latex-marker" not in desk.client.get("/principals/gannet").text
    refused = call(desk, "POST", "/principals/nobody/unmask", 404, json=unmask())
    assert refused["status"] == 404 and refused["title"]
    assert "latex-marker" in str(call(desk, "POST", "/principals/gannet/unmask", json=unmask()))


def contact() -> dict[str, str]:
    return {"role": "Sister", "name": "Ebba", "phone": "+46 00 00 01 04"}


def unmask() -> dict[str, str]:
    return {"section": "medical", "purpose": "Asked by the physician"}


def send(desk, name: str, data: bytes, **fields: str) -> Any:
    return call(desk, "POST", "/itineraries", files={"file": (name, data)}, data=fields)


def test_2_itinerary(desk) -> None:
    draft = send(desk, "day.ics", calendar(at=PORT), principal="gannet")
    assert draft["unlocated"] == ["Northern House"]
    desk.operation = f"/operations/{draft['operation']}"
    call(desk, "POST", f"/itineraries/{draft['id']}/accept")
    lost = next(p for p in items(desk, "/places") if p["name"] == "Northern House")
    call(desk, "PATCH", f"/places/{lost['id']}", json={"position": [57.7150, 11.9800]})
    legs = items(desk, f"{desk.operation}/movements")
    assert {"Hotel Aurora", "Reading at Northern House"} <= {leg["title"] for leg in legs}
    name = draft["operation"]
    again = send(desk, "b.ics", calendar(10, at=PORT), principal="gannet", operation=name)
    assert any("10 min later" in row["words"] for row in again["diff"]["changed"])


def items(desk, path: str) -> list[dict[str, Any]]:
    return call(desk, "GET", path)["items"]


def test_3_threat_risk_measure(desk) -> None:
    call(desk, "POST", f"{desk.operation}/threats", json={"title": "Letter writer"})
    chosen = desk.house.cli("library", "risks")[0]["id"]
    added = call(desk, "POST", f"{desk.operation}/risks", json={"from_library": [chosen, "none"]})
    assert len(added["added"]) == 1 and added["refused"][0]["id"] == "none"
    measure = items(desk, f"{desk.operation}/measures")[0]
    path = f"/measures/{measure['id']}"
    call(desk, "PATCH", path, json={"owner": LEADER})
    call(desk, "POST", f"{path}/state", json={"state": "agreed"})
    place = {"state": "in_place", "verified_at": datetime.now(UTC).isoformat()}
    assert call(desk, "POST", f"{path}/state", json=place)["state"] == "in_place"


def test_4_order(desk) -> None:
    call(desk, "PATCH", desk.operation, json={"intent": "Bring GANNET home."})
    post = {"title": "Team leader", "role": "team_leader", "edition": "detail_leader"}
    desk.post = call(desk, "POST", f"{desk.operation}/posts", json=post)["id"]
    call(desk, "POST", f"/posts/{desk.post}/holder", json={"email": LEADER})
    key = {"Idempotency-Key": "order-1"}
    orders = f"{desk.operation}/orders"
    order = call(desk, "POST", orders, json={}, headers=key)["id"]
    assert call(desk, "POST", orders, json={}, headers=key)["id"] == order
    call(desk, "POST", f"/orders/{order}/approve")
    call(desk, "POST", f"/orders/{order}/issue")
    call(desk, "POST", f"/orders/{order}/acknowledgements", json={"post": desk.post})
    assert call(desk, "GET", "/orders/waiting") == []
    pdf = desk.client.get(f"/orders/{order}/pdf", params={"edition": "driver"})
    text = "".join(page.extract_text() for page in PdfReader(stream(pdf)).pages)
    assert "OPO 1" in text and "latex-marker" not in text


def stream(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text[:300]
    return BytesIO(answer.content)


def test_5_hazard(desk) -> None:
    storm = hazard(at=PORT, name="storm-api")
    call(desk, "POST", "/feeds/import", files={"file": ("storm.geojson", storm)})
    alert = awaited(desk, "eather")
    assert alert["minutes"] and alert["movement"]
    call(desk, "POST", f"/alerts/{alert['id']}/dismiss", json={"reason": "The leg waits"})
    half = {"file": ("half.json", b'{"type": "Fea')}
    assert call(desk, "POST", "/feeds/import", 422, files=half)["title"]


def awaited(desk, words: str, seconds: int = 20) -> dict[str, Any]:
    """Matching runs in the worker."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for row in items(desk, "/alerts"):
            if words in row["title"]:
                return row
        time.sleep(0.3)
    raise AssertionError(f"no alert about {words}")


def test_7_log(desk) -> None:
    call(desk, "POST", f"{desk.operation}/log", json={"event": "GANNET in the green room"})
    entries = items(desk, f"{desk.operation}/log")
    assert entries and "latex-marker" not in str(entries)
    assert desk.client.get(f"{desk.operation}/log/bundle").content[:2] == b"PK"

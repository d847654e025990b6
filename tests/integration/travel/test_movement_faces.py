"""The movement board on screen, over the API and at the console: the same deeds."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel import clock
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.services import issue_token
from varangian.platform.ui import console
from varangian.tracking.models import Device
from varangian.travel import services
from varangian.travel.models import TrackingPlan
from varangian.travel.queries import movement_board as queries
from varangian.travel.services import movement_simulation as simulation

from .test_movement_board import (  # noqa: F401
    START,
    block,
    car,
    driver,
    home,
    leader,
    leg,
    operation,
    plan,
    road,
    routes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


@pytest.fixture
def desk(leader):  # noqa: F811
    leader.__dict__.pop("_reach", None)
    return factories.signed_in(leader, fresh=True)


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_the_plan_is_made_on_its_page(desk, routes, leg, car, leader, operation):  # noqa: F811
    at = f"/travel/board/leg/{leg.pk}/"
    assert "No tracking plan yet" in text(desk, at)
    page = text(desk, f"{at}plan/")
    assert "Lead car" in page and "Report line late after" in page
    fields = {
        "route": routes.payload["routes"][0]["key"], "source": f"device:{car.pk}",
        "watcher": str(leader.pk), "corridor_m": 90, "silence_s": 45, "stop_s": 60,
        "late_min": 4, "loading_min": 1, "spread": 25, "traffic": "07-09 1.5, 17 1.2",
        "mark_name": ["Gate", ""], "mark_kind": ["hold", "report"], "mark_km": ["1.1", ""],
        "mark_code": ["oak", ""], "mark_stay_min": ["2", ""], "reason": "First",
    }  # fmt: skip
    bad = desk.post(f"{at}plan/", {**fields, "traffic": "soon"})
    assert bad.status_code == 422 and "write hours and a factor" in bad.content.decode()
    bad = desk.post(f"{at}plan/", {**fields, "mark_km": ["900", ""]})
    assert bad.status_code == 422 and "not on the route" in bad.content.decode()
    assert 'value="900"' in bad.content.decode(), "what was typed is lost"
    assert desk.post(f"{at}plan/", fields).status_code == 302
    made = TrackingPlan.objects.get()
    assert (made.corridor_m, made.late_s, made.spread, made.watcher) == (90, 240, 0.25, leader)
    assert made.payload["traffic"][7:10] == [1.5, 1.5, 1.0] and made.payload["traffic"][17] == 1.2
    assert made.payload["marks"][0]["code"] == "OAK"
    page = text(desk, f"{at}plan/")
    assert "07-09 1.5, 17-18 1.2" in page and 'value="Gate"' in page
    assert desk.post(f"{at}plan/", {**fields, "source": ""}).status_code == 302
    assert queries.tracking_plan(leader, leg).device is None
    page = text(desk, f"/travel/board/of/{operation.slug}/")
    assert "1. To the court" in page and "OAK" in page and "not begun" in page


def test_a_day_on_screen(desk, road, leg, leader, driver, operation):  # noqa: F811
    at = f"/travel/board/leg/{leg.pk}/"
    road.at(0.2)
    road.at(0.3, aside=400)
    road.at(0.35, aside=400)
    shown = text(desk, f"/travel/board/of/{operation.slug}/rows/")
    assert "off the corridor" in shown and "under way" in shown
    wheel = factories.signed_in(driver, fresh=True)
    page = text(wheel, f"{at}part/")
    assert "Off the corridor" in page and "Divert to" in page and "not verified" in page
    act = lambda **fields: wheel.post(f"{at}act/", fields)  # noqa: E731
    assert act(deed="report", mark="m1").status_code == 302
    assert act(deed="dance").status_code == 422
    plan = queries.tracking_plan(leader, leg)  # noqa: F811
    other = next(r for r in plan.route_plan.payload["routes"] if r["role"] == "alternate")
    assert act(deed="take", route=other["key"]).status_code == 302
    assert act(deed="take", route="", alert="x").status_code == 422
    assert "To the nearest: " in page and act(deed="divert", to="nowhere").status_code == 422
    assert act(deed="divert", to="City hospital").status_code == 302
    page = text(wheel, at)
    assert "The way to City hospital" in page and "haven not verified" in page
    ranks = [f["properties"].get("rank") for f in json.loads(text(wheel, f"{at}lines.json"))
             ["features"]]  # fmt: skip
    assert "emergency" in ranks and "alternate" not in ranks
    assert act(deed="arrive").status_code == 302
    leg.refresh_from_db()
    assert leg.state == "arrived" and "arrived" in text(wheel, f"{at}part/")


def test_an_alert_is_answered_by_one_tap(desk, road, leg, leader, operation):  # noqa: F811
    road.at(0.05)
    alert = block(operation, leg, road.line, 0.5)
    at = f"/travel/board/leg/{leg.pk}/"
    page = text(desk, f"{at}part/")
    assert "Crowd on the road" in page and "lies on the way ahead" in page
    row = json.loads(bearer(leader).get(f"/api/v1/movements/{leg.pk}/track").content)
    (found,) = row["proposals"]
    fields = {"deed": "take", "route": found["route"], "alert": str(alert.pk)}
    assert desk.post(f"{at}act/", fields).status_code == 302
    assert "lies on the way ahead" not in text(desk, f"{at}part/")


def bearer(user) -> Client:
    _, secret = issue_token(user=user, label="t", writes=True)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_over_the_api(routes, leg, leader, driver, car, operation):  # noqa: F811
    leader.__dict__.pop("_reach", None)
    desk, wheel, at = bearer(leader), bearer(driver), f"/api/v1/movements/{leg.pk}/track"

    def post(client, deed="", **body):
        return client.post(at + deed, json.dumps(body), content_type="application/json")

    assert desk.get(at).status_code == 404
    wish = {"device": str(car.pk), "marks": [{"name": "Bridge", "km": 1.5, "code": "OAK"}]}
    assert post(wheel, **wish).status_code == 403
    made = post(desk, **wish)
    assert made.status_code == 201 and made.json()["plan"]["source"] == "Lead car"
    assert post(desk, corridor_m=1).status_code == 422
    assert wheel.get(at).status_code == 404, "not of the leg"
    services.name_watcher(actor=leader, plan=routes, person=driver)
    board = wheel.get(f"/api/v1/operations/{operation.slug}/movement-board").json()
    assert board["legs"][0]["on_time"] > 0.9 and board["legs"][0]["latest_departure"]
    assert post(wheel, "/divert").status_code == 409
    assert post(wheel, "/begin").json()["state"] == "under way"
    done = post(wheel, "/report", mark="oak", words="Clear").json()
    assert done["marks"][0]["how"] == "word"
    havens = wheel.get(f"{at}/havens").json()["havens"]
    assert havens[0]["minutes"] is not None and havens[0]["verified"] is False
    gone = post(wheel, "/divert", to=havens[0]["key"], reason="Smoke").json()
    assert gone["state"] == "diverted" and gone["plan"]["goal"] == havens[0]["name"]
    back = post(wheel, "/route", route="R1").json()
    assert back["state"] == "under way" and back["plan"]["route"] == "R1"
    assert post(wheel, "/arrive").json()["state"] == "arrived"


@pytest.fixture
def run(capsys):
    def said(*words, as_json=True, who="", code=0):
        capsys.readouterr()
        named = ["--as", who] if who else []
        assert root([*named, "movement", *words, *(["--json"] if as_json else [])]) == code
        told = capsys.readouterr()
        return json.loads(told.out) if as_json else told.out + told.err

    return said


def test_at_the_console(routes, leg, leader, car, operation, run, tmp_path):  # noqa: F811
    who, at = leader.email, (operation.slug, "1")
    marks = tmp_path / "marks.json"
    marks.write_text(json.dumps([{"name": "Bridge", "km": 1.5, "code": "OAK"}]))
    more = ("--make", "--marks", str(marks), "--device", str(car.pk), "--corridor", "90")
    row = run("track", *at, *more, who=who)
    assert row["plan"]["corridor_m"] == 90 and row["marks"][0]["code"] == "OAK"
    assert "due" in run("track", *at, as_json=False, who=who)
    (row,) = run("board", operation.slug, who=who)["legs"]
    assert row["state"] == "not begun" and row["chance"]
    shown = run("board", operation.slug, as_json=False, who=who)
    assert "To the" in shown and "leave_by" in shown
    assert run("begin", *at, who=who)["state"] == "under way"
    assert run("report", *at, "OAK", "--words", "Clear", who=who)["marks"][0]["passed_at"]
    rows = run("divert", *at, "--show", who=who)
    assert run("divert", *at, "--to", rows[0]["name"], who=who)["state"] == "diverted"
    assert run("reroute", *at, "--route", "R1", who=who)["plan"]["route"] == "R1"
    assert run("arrived", *at, who=who)["state"] == "arrived"
    with pytest.raises(Refused, match="no day"):
        run("board", operation.slug, "--day", "soon", who=who)


def test_nothing_is_simulated_in_life(plan, leg, leader, settings):  # noqa: F811
    with pytest.raises(Denied, match="exercise only"):
        simulation.prepare(actor=leader, movement=leg, drive=simulation.Drive())
    settings.SIMULATE = True
    with pytest.raises(Refused, match="speed"):
        simulation.prepare(actor=leader, movement=leg, drive=simulation.Drive(speed=900))


def test_the_simulator_drives_what_is_followed(
    plan, leg, leader, settings, monkeypatch,  # noqa: F811
):  # fmt: skip
    """Its positions, without the wire: to the end of the line, aside where it should stray."""
    settings.SIMULATE = True
    drive = simulation.Drive(speed=40, stray_m=500, stop_s=2)
    device, address = simulation.prepare(actor=leader, movement=leg, drive=drive)
    assert "/ingest/" in address and Device.objects.get(pk=device.pk).share == "movement"
    line, sent = queries.line_of(plan.payload), []
    monkeypatch.setattr(simulation, "_send", lambda client, to, place: sent.append(place))
    monkeypatch.setattr(simulation.time, "sleep", lambda seconds: None)

    def follow():
        state = "arrived" if len(sent) > 3 and sent[-1] == sent[-2] else "under_way"
        return queries.tracking_plan(leader, leg), state if not _held(sent) else "under_way"

    def _held(rows):
        return len(rows) < line.seconds / 40

    count = services.simulate_leg(address=address, drive=drive, follow=follow)
    assert count == len(sent) and count > line.seconds / 40
    from varangian.engines.routing import match

    off = [match.off_m(line, lon, lat) for lat, lon in sent]
    assert off[0] < 1 and off[-1] < 1 and max(off) > 200
    simulation.put_away(device)
    assert Device.objects.get(pk=device.pk).revoked_at


def test_pages_cost_few_queries(desk, road, leg, operation, django_assert_max_num_queries):  # noqa: F811
    road.at(0.2)
    at = f"/travel/board/leg/{leg.pk}/"
    desk.get(at)
    for page in (at, f"{at}part/", f"/travel/board/of/{operation.slug}/rows/"):
        with django_assert_max_num_queries(45), clock.frozen(START + timedelta(seconds=40)):
            assert desk.get(page).status_code == 200

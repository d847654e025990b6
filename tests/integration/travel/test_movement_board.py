"""A leg is followed: plan, departure by tap or position, alarms that come and go, ways out."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts.models import Alert
from varangian.alerts.services import raise_alert
from varangian.engines.routing import match
from varangian.kernel import clock
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations.services import set_movement_state
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.tracking.models import LastPosition, Position
from varangian.tracking.services.devices import enrol
from varangian.tracking.services.keeping import make_days
from varangian.travel import services
from varangian.travel.models import LegRun, TrackingPlan
from varangian.travel.queries import movement_board as queries
from varangian.travel.queries import movement_ways as ways
from varangian.travel.services.movement_watch import watch_departures, watch_movements
from varangian.travel.shapes.movement_board import features, leg_row

from . import towns

pytest.importorskip("scipy")
pytest.importorskip("shapely")
pytestmark = pytest.mark.django_db
START = clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.FILES = tmp_path, str(tmp_path / "files")
    make_days()
    return tmp_path


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def driver(operation):
    return factories.member(operation, Role.DRIVER)


@pytest.fixture
def leg(operation, leader, tmp_path):
    towns.road_map(tmp_path)
    ends = START + timedelta(minutes=40)
    return towns.leg(operation, leader, since=START, ends=ends)


@pytest.fixture
def routes(leg, leader):
    plan = services.plan_routes(actor=leader, movement=leg, budget=1.4)
    return services.approve_routes(actor=leader, plan=plan)


@pytest.fixture
def car(operation, leader):
    device, _ = enrol(
        actor=leader, operation=operation, kind="tracker", label="Lead car", period_s=5
    )
    return device


@pytest.fixture
def plan(routes, leg, leader, car):
    return services.make_tracking_plan(
        actor=leader, movement=leg, device=car.pk, watcher=leader.pk, silence_s=60, stop_s=60
    )


class Road:
    """The car as it is heard: positions by the clock of the test, and a look after each."""

    def __init__(self, car, line):
        self.car, self.line, self.seconds = car, line, 0.0

    def at(self, share, *, aside=0.0, after=20.0, look=True):
        lon, lat = match.place_at(self.line, share * self.line.metres)
        return self.heard(lat + aside / 111_195, lon - aside / 64_000, after=after, look=look)

    def heard(self, lat, lon, *, after=20.0, look=True):
        self.seconds += after
        at = START + timedelta(seconds=self.seconds)
        given = {"lat": lat, "lon": lon, "accuracy": 8.0, "at": at, "heard_at": at}
        where = {"device": self.car, "compartment_id": self.car.compartment_id}
        Position.objects.create(**where, **given)
        LastPosition.objects.update_or_create(
            device=self.car, defaults={**given, "compartment_id": self.car.compartment_id}
        )
        return self.look() if look else None

    def look(self, after=0.0):
        self.seconds += after
        with clock.frozen(START + timedelta(seconds=self.seconds)):
            watch_departures()
            watch_movements()
            return LegRun.objects.first()


@pytest.fixture
def road(plan, leg, leader, car):
    with clock.frozen(START):
        services.begin_leg(actor=leader, movement=leg)
    return Road(car, queries.line_of(plan.payload))


def logged(operation):
    return [row.body["event"] for row in LogEntry.objects.filter(operation=operation)]


def alarms(state="raised"):
    found = Alert.objects.filter(source__startswith="track_")
    return sorted((row.source, row.state) for row in found)


def test_a_plan_is_made_from_approved_routes(routes, leg, leader, driver, operation):
    with pytest.raises(Denied):
        services.make_tracking_plan(actor=driver, movement=leg)
    plan = services.make_tracking_plan(actor=leader, movement=leg)
    primary = next(row for row in routes.payload["routes"] if row["role"] == "primary")
    assert (plan.version, plan.payload["route"]) == (1, primary["key"])
    assert plan.payload["seconds"] == pytest.approx(primary["seconds"], rel=0.02)
    assert plan.payload["marks"] and plan.payload["goal"] == "Harbour court"
    assert leg_row(driver, leg)["plan"] is None, "before it leaves it is for those of the leg"
    row = leg_row(leader, leg)
    assert row["on_time"] > 0.9 and row["latest_departure"] > START
    assert row["eta_from"] < row["eta"] < row["eta_to"] and row["state"] == "not begun"
    assert "No device or person tells its position: report lines by radio only" in row["notes"]
    assert any("Tracking plan of leg 1, version 1" in words for words in logged(operation))


def test_a_draft_is_not_followed(leg, leader):
    with pytest.raises(NotFound, match="no route plan"):
        services.make_tracking_plan(actor=leader, movement=leg)
    services.plan_routes(actor=leader, movement=leg, budget=1.4)
    with pytest.raises(Refused, match="routes of this leg are draft"):
        services.make_tracking_plan(actor=leader, movement=leg)


def test_a_sealed_draw_is_not_read_for_it(routes, leg, leader):
    draw = services.draw_route(actor=leader, plan=routes)
    other = next(r for r in routes.payload["routes"] if r["key"] != draw.choice["route"])
    plan = services.make_tracking_plan(actor=leader, movement=leg, route=other["key"])
    assert plan.payload["route"] == other["key"] and not leg_row(leader, leg)["notes"][1:]
    services.release_route(actor=leader, plan=routes, reason="now")
    assert any("Another route was released" in n for n in leg_row(leader, leg)["notes"])
    fresh = services.make_tracking_plan(actor=leader, movement=leg)
    assert fresh.payload["route"] == draw.choice["route"] and fresh.version == 2


def test_it_is_changed_in_versions_and_bad_values_are_told(plan, leg, leader):
    marks = [{"name": "Gate", "kind": "hold", "km": 1, "stay_min": 3}, {"name": "Mill", "km": 2}]
    fresh = services.make_tracking_plan(
        actor=leader, movement=leg, marks=marks, corridor_m=80, traffic=[1.0] * 7 + [1.5] * 17
    )
    assert (fresh.version, fresh.device_id, fresh.silence_s) == (2, plan.device_id, 60)
    assert [mark["name"] for mark in fresh.payload["marks"]] == ["Gate", "Mill"]
    for fields, words in (
        ({"corridor_m": 5}, "30 to 2000 metres"), ({"spread": 7}, "0 to 100 percent"),
        ({"traffic": [1.0]}, "24 factors"), ({"speed_m": 4}, "no such limit"),
        ({"route": "R99"}, "no such route"),
        ({"watcher": factories.person().pk}, "not of the team"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            services.make_tracking_plan(actor=leader, movement=leg, **fields)
    assert queries.tracking_plans(leader, leg).count() == 2
    bare = services.make_tracking_plan(actor=leader, movement=leg, no_source=True)
    assert bare.device is None and bare.person is None


def test_the_leg_moves_and_arrives(road, leg, leader, operation):
    leg.refresh_from_db()
    assert leg.state == "under_way"
    for share in (0.0, 0.2, 0.4):
        run = road.at(share)
    row = leg_row(leader, leg)
    assert row["progress"] == pytest.approx(0.4, abs=0.01) and row["off_m"] < 5
    assert row["eta"] and row["on_time"] > 0.9 and not row["alarms"]
    passed = [mark for mark in row["marks"] if mark["passed_at"]]
    for share in (0.6, 0.8, 1.0):
        run = road.at(share)
    leg.refresh_from_db()
    run.refresh_from_db()
    assert leg.state == "arrived" and run.state == "arrived" and not run.alarms
    row = leg_row(leader, leg)
    assert row["chance"] == "on time" and row["progress"] == 1.0
    assert all(mark["how"] == "position" for mark in row["marks"]) and len(passed) < len(
        row["marks"]
    )
    told = [words for words in logged(operation) if "passed report line" in words]
    assert len(told) == len(row["marks"])


def test_off_the_corridor_comes_and_goes(road, leg, leader):
    road.at(0.1)
    road.at(0.2, aside=400)
    assert not alarms()
    road.at(0.25, aside=400)
    assert alarms() == [("track_corridor", "raised")]
    alert = Alert.objects.get(source="track_corridor")
    assert alert.urgency == "now" and "left the corridor" in alert.title and alert.movement == leg
    road.at(0.3, aside=400)
    assert len(alarms()) == 1 and leg_row(leader, leg)["alarms"][0]["words"] == "off the corridor"
    road.at(0.4)
    run = road.at(0.45)
    assert alarms() == [("track_corridor", "resolved")] and not run.alarms
    road.at(0.5, aside=400)
    road.at(0.55, aside=400)
    assert alarms() == [("track_corridor", "raised"), ("track_corridor", "resolved")]


def test_silence_is_not_lateness(road, leg, leader):
    road.at(0.05)
    road.look(after=90)
    assert alarms() == [("track_silence", "raised")]
    road.look(after=3000)
    assert alarms() == [("track_silence", "raised")], "nothing else is claimed of who is lost"
    run = road.at(0.06)
    assert ("track_silence", "resolved") in alarms() and ("track_late", "raised") in alarms()
    with clock.frozen(START + timedelta(seconds=road.seconds)):
        first = leg_row(leader, leg)["marks"][0]
        assert first["late"]
        run = services.report_line(actor=leader, movement=leg, mark=first["code"], words="Clear")
    assert f"late:{first['id']}" not in run.alarms
    row = next(mark for mark in leg_row(leader, leg)["marks"] if mark["id"] == first["id"])
    assert (row["how"], row["by"], row["late"]) == ("word", "Lea Leader", False)
    with pytest.raises(Conflict, match="passed already"):
        services.report_line(actor=leader, movement=leg, mark=first["name"])
    with pytest.raises(Refused, match="no such hold point"):
        services.report_line(actor=leader, movement=leg, mark="ZEBRA")


def test_an_unplanned_stop(road):
    road.at(0.3)
    for _ in range(4):
        road.at(0.4)
    assert alarms() == [("track_stop", "raised")]
    road.at(0.5)
    assert alarms() == [("track_stop", "resolved")]


def test_it_begins_by_position_near_its_time(plan, car, leg, leader, operation):
    road = Road(car, queries.line_of(plan.payload))
    road.at(0.0)
    leg.refresh_from_db()
    assert leg.state == "planned"
    for share in (0.02, 0.06):
        road.at(share)
    leg.refresh_from_db()
    assert leg.state == "under_way" and LegRun.objects.get().state == "under_way"
    assert any("Leg 1 is followed from now on" in words for words in logged(operation))


def test_a_car_that_passes_by_begins_nothing(plan, car, leg):
    road = Road(car, queries.line_of(plan.payload))
    for share in (0.5, 0.55, 0.6):
        road.at(share)
    leg.refresh_from_db()
    assert leg.state == "planned"


def test_divert_to_the_nearest_verified(road, leg, leader, driver, operation):
    road.at(0.3)
    run = road.at(0.4)
    plan = queries.tracking_plan(leader, leg)
    here = ways.where(driver, plan, run)
    rows = ways.havens(leader, plan, here)
    assert rows and all(not row.verified for row in rows) and rows[0].seconds
    with pytest.raises(Refused, match="verified by a person"):
        services.divert(actor=driver, movement=leg)
    assert ways.haven_named(driver, plan, here, "nearest") == rows[0]
    clinic = factories.place(operation, leader, name="Clinic East", kind="trauma_centre",
                             position=[rows[-1].lat, rows[-1].lon])  # fmt: skip
    factories.surveyed(clinic, leader)
    sign(clinic, leader)
    with clock.frozen(START + timedelta(seconds=road.seconds)):
        made = services.divert(actor=leader, movement=leg, reason="Chest pain")
    leg.refresh_from_db()
    assert (leg.state, made.kind, made.payload["goal"]) == ("diverted", "divert", "Clinic East")
    assert made.payload["verified"] and made.payload["cues"] and made.payload["seconds"] > 0
    alert = Alert.objects.get(source="divert")
    assert "diverted to Clinic East" in alert.title and alert.urgency == "now"
    assert any("diverted to Clinic East: " in words for words in logged(operation))
    away = Road(road.car, queries.line_of(made.payload))
    away.seconds = road.seconds
    run = away.at(0.5)
    assert not run.alarms and leg_row(driver, leg)["progress"] == pytest.approx(0.5, abs=0.05)
    away.at(1.0)
    leg.refresh_from_db()
    alert.refresh_from_db()
    assert leg.state == "arrived" and alert.state == "resolved"


def sign(place, person):
    from varangian.places.services import sign_survey

    sign_survey(actor=person, place=place)


def test_a_haven_of_the_map_is_taken_knowing_it_is_not_verified(road, leg, leader):
    run = road.at(0.3)
    plan = queries.tracking_plan(leader, leg)
    near = ways.havens(leader, plan, ways.where(leader, plan, run))[0]
    with clock.frozen(START + timedelta(seconds=road.seconds)):
        made = services.divert(actor=leader, movement=leg, to=near.key)
    assert not made.payload["verified"]
    assert "NOT verified" in Alert.objects.get(source="divert").body
    with pytest.raises(Refused, match="no such haven"):
        services.divert(actor=leader, movement=leg, to="site:999")


def block(operation, leg, line, share, **fields):
    lon, lat = match.place_at(line, share * line.metres)
    return raise_alert(
        operation=operation, movement=leg, title="Crowd on the road", source="signal",
        dedupe=f"crowd {share}", position=[lat, lon], **fields,
    )  # fmt: skip


def test_an_alert_proposes_the_route_that_avoids_it(road, leg, leader, operation, routes):
    run = road.at(0.05)
    alert = block(operation, leg, road.line, 0.5)
    plan = queries.tracking_plan(leader, leg)
    (found,) = ways.proposals(leader, plan, run)
    assert found.alert == alert and "keeps out of it" in found.words
    with clock.frozen(START + timedelta(seconds=road.seconds)):
        made = services.take_route(
            actor=leader, movement=leg, route=found.route, alert=alert.pk, reason="Crowd"
        )
    assert made.kind == "alternate" and made.version == plan.version + 1
    run.refresh_from_db()
    assert run.plan_id == made.pk and run.state == "under_way"
    assert not ways.proposals(leader, made, run)
    assert not ways._crosses(made.payload["line"], ways.area_of(alert))
    assert made.payload["line"][-1] == pytest.approx(plan.payload["line"][-1], abs=1e-4)


def test_what_is_behind_or_beside_proposes_nothing(road, leg, leader, operation):
    for share in (0.2, 0.5):
        run = road.at(share)
    block(operation, leg, road.line, 0.1)
    raise_alert(operation=operation, movement=leg, title="No place", source="system", dedupe="x")
    road.at(0.5, aside=400)
    road.at(0.5, aside=400)
    assert not ways.proposals(leader, queries.tracking_plan(leader, leg), run)


def test_another_route_before_departure(plan, leg, leader, routes):
    other = next(r for r in routes.payload["routes"] if r["role"] == "alternate")
    made = services.take_route(actor=leader, movement=leg, route=other["name"])
    assert made.payload["route"] == other["key"] and not Alert.objects.exists()
    assert made.payload["seconds"] == pytest.approx(other["seconds"], rel=0.02)


def test_what_ends_elsewhere_ends_here(road, leg, leader):
    road.at(0.05)
    road.look(after=90)
    assert alarms() == [("track_silence", "raised")]
    leg.refresh_from_db()
    set_movement_state(actor=leader, movement=leg, state="complete")
    assert alarms() == [("track_silence", "resolved")]
    assert LegRun.objects.get().state == "arrived"
    with pytest.raises(Conflict, match="not under way"):
        services.arrive(actor=leader, movement=leg)


def test_a_leg_without_a_plan_is_on_the_board_and_not_followed(leg, leader):
    set_movement_state(actor=leader, movement=leg, state="under_way")
    assert not LegRun.objects.exists()
    row = leg_row(leader, leg)
    assert row["state"] == "under way" and row["notes"] == ["No tracking plan yet"]


def test_who_need_not_know_sees_nothing(road, leg, leader, operation):
    road.at(0.1)
    stranger = factories.person()
    analyst = factories.member(operation, Role.ANALYST)
    for one in (stranger, analyst):
        assert queries.tracking_plan(one, leg) is None and queries.run_of(one, leg) is None
    assert TrackingPlan.objects.visible_to(SYSTEM).count() == 1
    ranks = [one["properties"].get("rank") for one in features(queries.tracking_plan(leader, leg),
             queries.run_of(leader, leg))]  # fmt: skip
    assert "primary" in ranks and "alternate" in ranks


def test_what_lies_in_the_table_is_sealed(plan):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select payload from travel_trackingplan")
        blob = bytes(cursor.fetchone()[0])
    assert b"line" not in blob and b"AMBER" not in blob

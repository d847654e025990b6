"""Routes of a leg: planned, approved, drawn under seal, released, reported, planned anew."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.places.queries.surveys import survey
from varangian.places.services import answer_fact
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry
from varangian.travel import services
from varangian.travel.models import RouteDraw, RoutePlan
from varangian.travel.queries import routes as queries

from . import towns

pytest.importorskip("scipy")
pytest.importorskip("shapely")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME, settings.FILES = tmp_path, str(tmp_path / "files")
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
def town(tmp_path):
    return towns.road_map(tmp_path)


@pytest.fixture
def leg(operation, leader):
    return towns.leg(operation, leader)


@pytest.fixture
def plan(town, leg, leader):
    return services.plan_routes(actor=leader, movement=leg, budget=1.3, window_s=1200)


@pytest.fixture
def drawn(plan, leader):
    plan = services.approve_routes(actor=leader, plan=plan)
    services.draw_route(actor=leader, plan=plan)
    return plan


def box(lon, lat, half=0.0004):
    corners = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    return {"type": "Polygon", "coordinates": [[[lon + x, lat + y] for x, y in corners]]}


def logged(operation):
    return [row.body["event"] for row in LogEntry.objects.filter(operation=operation)]


def test_a_leg_becomes_a_plan(plan, leg, operation):
    rows = plan.payload["routes"]
    assert plan.state == "draft" and plan.version == 1 and plan.map_name == "Amber city"
    assert len(rows) > 1 and 0 < plan.bound < 1 and plan.time_ratio <= 1.3 + 1e-6
    assert {row["role"] for row in rows} >= {"primary", "alternate"}
    assert abs(sum(row["chance"] for row in rows) - 1) < 1e-6
    assert all(row["cues"] and row["exposure"]["metres"] > 0 for row in rows)
    assert plan.payload["havens"] and "<svg" in plan.payload["picture"]["panels"][0]
    assert any("Routes of leg 1 planned" in words for words in logged(operation))


def test_what_cannot_be_planned_is_told(town, operation, leader):
    far = factories.place(operation, leader, name="Far", position=[10.0, 10.0])
    with pytest.raises(Refused, match="No map of the house"):
        services.plan_routes(actor=leader, movement=towns.leg(operation, leader, destination=far))
    lost = factories.place(operation, leader, name="Lost")
    with pytest.raises(Refused, match="Lost is not on the map"):
        services.plan_routes(actor=leader, movement=towns.leg(operation, leader, destination=lost))
    flight = towns.leg(operation, leader, kind="flight")
    with pytest.raises(Refused, match="not driven"):
        services.plan_routes(actor=leader, movement=flight)
    with pytest.raises(Refused, match="budget"):
        services.plan_routes(actor=leader, movement=towns.leg(operation, leader), budget=0.5)


def test_a_role_has_one_route(plan, leader):
    second = next(row for row in plan.payload["routes"] if row["name"] == "R2")
    plan = services.set_route_role(actor=leader, plan=plan, route=second["key"], role="primary")
    plan.refresh_from_db()
    assert [r["name"] for r in plan.payload["routes"] if r["role"] == "primary"] == ["R2"]
    with pytest.raises(Refused, match="no such route"):
        services.set_route_role(actor=leader, plan=plan, route="R99", role="primary")


def test_a_named_leader_approves(plan, leader, driver):
    with pytest.raises(Refused, match="named person"):
        services.approve_routes(actor=SYSTEM, plan=plan)
    with pytest.raises(Denied):
        services.approve_routes(actor=driver, plan=plan)
    with pytest.raises(Conflict):
        services.draw_route(actor=leader, plan=plan)
    plan = services.approve_routes(actor=leader, plan=plan)
    assert (plan.state, plan.approved_by) == ("approved", leader)


def test_a_draw_is_sealed_until_it_is_released(drawn, leader, driver, operation):
    draw = queries.opened(leader, drawn)
    assert draw.choice["route"] in {row["key"] for row in drawn.payload["routes"]}
    assert AuditEntry.objects.filter(kind="read", purpose="route draw before its release").exists()
    assert queries.draw_of(driver, drawn) is None
    with pytest.raises(NotFound):
        queries.opened(driver, drawn)
    with pytest.raises(Conflict, match="drawn already"):
        services.draw_route(actor=leader, plan=drawn)
    assert any(draw.commitment in words for words in logged(operation))
    services.name_watcher(actor=leader, plan=drawn, person=driver)
    assert queries.draw_of(driver, drawn) is None
    services.release_route(actor=leader, plan=drawn)
    assert queries.opened(driver, drawn).choice == draw.choice
    assert AuditEntry.objects.filter(kind="unmask", record=str(draw.pk)).exists()


def test_release_is_just_in_time(town, operation, leader):
    leg = towns.leg(operation, leader, since=now() + timedelta(hours=9))
    plan = services.plan_routes(actor=leader, movement=leg)
    plan = services.approve_routes(actor=leader, plan=plan)
    with pytest.raises(Conflict, match="Nothing was drawn"):
        services.release_route(actor=leader, plan=plan)
    services.draw_route(actor=leader, plan=plan)
    with pytest.raises(Refused, match="two hours"):
        services.release_route(actor=leader, plan=plan)
    services.release_route(actor=leader, plan=plan, reason="The cars leave tonight")
    plan.refresh_from_db()
    assert plan.state == "released"


def test_the_seal_opens_after_the_drive(drawn, leader, driver, operation):
    services.name_watcher(actor=leader, plan=drawn, person=driver)
    services.release_route(actor=leader, plan=drawn)
    draw = services.report_driven(actor=driver, plan=drawn, words="No stop")
    assert draw.driven["as_drawn"] and draw.driven["seal_fits"]
    assert any("as drawn; seal" in words and "fits" in words for words in logged(operation))
    habit = queries.habit(leader, queries.plan(leader, drawn.pk))
    assert habit["journeys"] == 1 and "Not enough to say" in habit["warning"]


def test_a_changed_draw_is_told(drawn, leader, operation):
    draw = RouteDraw.objects.get(plan=drawn)
    other = next(r for r in drawn.payload["routes"] if r["key"] != draw.choice["route"])
    draw.choice = draw.choice | {"route": other["key"]}
    draw.save()
    services.release_route(actor=leader, plan=drawn)
    assert not services.report_driven(actor=leader, plan=drawn).driven["seal_fits"]
    assert any("DOES NOT FIT" in words for words in logged(operation))


def test_a_closure_makes_a_new_version(drawn, leader):
    lon, lat = max(drawn.payload["routes"], key=lambda row: row["chance"])["geometry"][6]
    fresh = services.replan_routes(actor=leader, plan=drawn, area=box(lon, lat), reason="Flood")
    drawn.refresh_from_db()
    assert (drawn.state, drawn.reason) == ("withdrawn", "Overtaken by version 2")
    assert (fresh.version, fresh.state, fresh.reason) == (2, "draft", "Flood")
    assert all([lon, lat] not in row["geometry"] for row in fresh.payload["routes"])
    with pytest.raises(Conflict):
        services.replan_routes(actor=leader, plan=drawn, area=box(lon, lat))
    with pytest.raises(Refused, match="not an area"):
        services.replan_routes(actor=leader, plan=fresh, area={"type": "Point"})


def test_strangers_and_clients_see_nothing(plan, operation):
    client = factories.member(operation, Role.CLIENT)
    for person in (client, factories.person()):
        assert not queries.plans(person).exists()
        with pytest.raises(NotFound):
            queries.plan(person, plan.pk)


def test_withdrawn_for_a_reason(plan, leader):
    with pytest.raises(Refused, match="Say why"):
        services.withdraw_routes(actor=leader, plan=plan, reason=" ")
    services.withdraw_routes(actor=leader, plan=plan, reason="Leg is cancelled")
    assert RoutePlan.objects.get(pk=plan.pk).reason == "Leg is cancelled"


def test_a_drive_is_a_fact_of_the_survey(drawn, leg, leader, driver, operation):
    way = factories.place(
        operation, leader, name="Quay to court", kind="route", begins_at=leg.origin,
        ends_at=leg.destination,
    )  # fmt: skip
    services.release_route(actor=leader, plan=drawn)
    services.name_watcher(actor=leader, plan=drawn, person=driver)
    with pytest.raises(Refused, match="minutes"):
        services.report_driven(actor=driver, plan=drawn, minutes=900)
    services.report_driven(actor=driver, plan=drawn, minutes=14)
    found = {one.rule.id: one for section in survey(leader, way).sections for one in section.facts}
    assert found["minutes_planned"].standing.good and found["minutes_planned"].words == "14 min"
    assert found["driven"].by == driver and "14 min" in found["driven"].words


def test_a_surveyed_haven_is_known_with_its_age(town, operation, leader):
    leg = towns.leg(operation, leader)
    lat, lon = leg.destination.position
    seen = factories.place(
        operation, leader, name="City trauma", kind="trauma_centre", position=[lat, lon]
    )
    factories.place(operation, leader, name="Unseen", kind="safe_haven", position=[lat, lon])
    answer_fact(actor=leader, place=seen, item="trauma_level", value="i")
    plan = services.plan_routes(actor=leader, movement=leg)
    known = {row["name"]: row for row in plan.payload["havens"]}
    assert known["City trauma"]["verified"] and not known["Unseen"]["verified"]
    assert known["City trauma"]["verified_at"] and known["City trauma"]["place"] == str(seen.pk)
    row = plan.payload["routes"][0]
    assert row["exposure"]["gaps"]["trauma_centre"]["seconds"] >= 0
    assert row["turn_haven"]["name"] == "City trauma", "a verified one comes first"

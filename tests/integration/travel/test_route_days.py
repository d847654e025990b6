"""A day on record: one game over its legs, a sealed draw a leg, cars and doors as columns."""

# ruff: noqa: F811 fixtures are shared by import

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import factories

from varangian.engines.routing import city
from varangian.engines.routing.errors import Cancelled
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.operations.services import add_movement
from varangian.travel import services
from varangian.travel.models import Allotment, RouteDay, RoutePlan, RouteWork
from varangian.travel.queries import route_days as queries
from varangian.travel.queries import routes as route_queries
from varangian.travel.services import route_work

from . import towns
from .test_routes import box, driver, home, leader, operation, town  # noqa: F401

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("UTC")


@pytest.fixture
def morning():
    return (now().astimezone(ZONE) + timedelta(days=1)).replace(hour=8, minute=0, second=0)


@pytest.fixture
def legs(operation, leader, morning):
    """Quay to court and back, then from a third place: a walk lies between."""
    first = towns.leg(operation, leader, since=morning, ends=morning + timedelta(hours=1))
    grid = city.build(columns=16, rows=10, bridges=(4, 8, 13))
    at = [float(grid.lat[40]), float(grid.lon[40])]
    third = factories.place(operation, leader, name="Old mill", position=at)
    pairs = [(first.destination, first.origin), (third, first.destination)]
    rows = [first]
    for number, (origin, goal) in enumerate(pairs, start=1):
        starts = morning + timedelta(hours=3 * number)
        rows.append(
            add_movement(
                actor=leader, operation=operation, kind="road", title=f"Leg {number + 1}",
                origin=origin, destination=goal, starts=starts, ends=starts + timedelta(hours=1),
            )
        )  # fmt: skip
    return rows


@pytest.fixture
def cars(operation, leader):
    fields = {"kind": "saloon", "seats": 4}
    return [
        services.add_vehicle(
            actor=leader, engagement=operation.engagement, name=name, plate=f"T {name}", **fields
        )
        for name in ("Amber", "Birch")
    ]


@pytest.fixture
def doors(legs, leader):
    lat, lon = legs[0].destination.position
    return [
        services.add_door(actor=leader, place=legs[0].destination, name=name, position=at)
        for name, at in (("north gate", (lat, lon)), ("yard", (lat - 0.004, lon)))
    ]


@pytest.fixture
def day(town, legs, cars, doors, leader, operation, morning):
    return services.plan_day(actor=leader, operation=operation, on=morning.date())


def test_a_day_is_one_plan_of_many_legs(day, legs, cars, leader):
    plans = list(queries.plans_of(leader, day))
    assert [plan.movement_id for plan in plans] == [leg.pk for leg in legs]
    assert all(plan.bound == day.bound and plan.state == "draft" for plan in plans)
    assert day.bound_one_car == pytest.approx(day.bound / 2) and day.time_ratio <= 1.2 + 1e-6
    for plan, leg in zip(plans, legs, strict=True):
        payload = plan.payload
        assert sum(row["chance"] for row in payload["routes"]) == pytest.approx(1)
        assert {row["name"] for row in payload["cars"]} == {"Amber", "Birch"}
        last = max(row["at_s"] for row in payload["departures"])
        slowest = max(row["seconds"] for row in payload["routes"])
        assert leg.starts <= plan.opens_at
        assert plan.opens_at + timedelta(seconds=last + slowest) <= leg.ends
        assert payload["picture"]["panels"] and all(row["cues"] for row in payload["routes"])
    used = {door for row in plans[0].payload["routes"] for door in row["doors"]}
    assert used & {"north gate", "yard"}


def test_each_leg_is_drawn_sealed_and_released_by_itself(day, legs, leader, driver):
    services.approve_day(actor=leader, day=day)
    services.draw_day(actor=leader, day=day)
    plans = list(queries.plans_of(leader, day))
    assert all(queries.drawn(plan) for plan in plans)
    with pytest.raises(Refused, match="No leg"):
        services.draw_day(actor=leader, day=day)
    assert not Allotment.objects.exists(), "no car is named before the release"
    with pytest.raises(Refused, match="two hours"):
        services.release_route(actor=leader, plan=plans[0])
    services.release_route(actor=leader, plan=plans[0], reason="Drill", driver=driver)
    (held,) = Allotment.objects.all()
    draw = route_queries.opened(driver, plans[0])
    assert str(held.vehicle_id) == draw.choice["car"] and held.driver == driver
    assert held.cues[0]["metres"] is None and held.cues[-1]["words"].startswith("Arrive")
    assert route_queries.draw_of(driver, plans[1]) is None, "the next leg is still sealed"


def test_another_vehicle_than_the_drawn_one_needs_a_reason(day, cars, leader, driver):
    services.approve_day(actor=leader, day=day)
    services.draw_day(actor=leader, day=day)
    plan = queries.plans_of(leader, day)[0]
    drawn = route_queries.opened(leader, plan).choice["car"]
    other = next(car for car in cars if str(car.pk) != drawn)
    plan.opens_at = now()
    plan.save(update_fields=["opens_at"])
    with pytest.raises(Refused, match="not the vehicle that was drawn"):
        services.release_route(actor=leader, plan=plan, driver=driver, vehicle=other)
    services.release_route(
        actor=leader, plan=plan, driver=driver, vehicle=other, reason="The drawn one has a puncture"
    )
    assert Allotment.objects.get().vehicle == other


def test_a_closure_takes_the_turns_off_the_card(day, leader, driver):
    services.approve_day(actor=leader, day=day)
    services.draw_day(actor=leader, day=day)
    plan = queries.plans_of(leader, day)[0]
    services.release_route(actor=leader, plan=plan, reason="Drill", driver=driver)
    lon, lat = plan.payload["routes"][0]["geometry"][6]
    services.replan_routes(actor=leader, plan=plan, area=box(lon, lat))
    assert Allotment.objects.get().cues == []


def test_what_cannot_be_a_day_is_told(town, legs, leader, operation, morning, driver):
    ask = {"actor": leader, "operation": operation}
    with pytest.raises(Refused, match="No leg by road"):
        services.plan_day(**ask, on=morning.date() + timedelta(days=9))
    with pytest.raises(Refused, match="No vehicle can go"):
        services.plan_day(**ask, on=morning.date())
    with pytest.raises(Refused, match="no such vehicle"):
        services.plan_day(**ask, on=morning.date(), vehicles=["ghost"])
    with pytest.raises(Denied):
        services.plan_day(actor=driver, operation=operation, on=morning.date())


def test_a_leg_off_the_map_is_left_out_and_told(town, legs, cars, leader, operation, morning):
    far = factories.place(operation, leader, name="Far", position=[10.0, 10.0])
    add_movement(
        actor=leader, operation=operation, kind="road", title="Far away", origin=far,
        destination=legs[0].origin, starts=morning + timedelta(hours=10),
    )  # fmt: skip
    day = services.plan_day(actor=leader, operation=operation, on=morning.date())
    assert queries.plans_of(leader, day).count() == len(legs)
    assert any("is left out" in note and "No map" in note for note in day.payload["notes"])


def test_a_door_has_a_name_of_its_own(legs, doors, leader, driver):
    place = legs[0].destination
    with pytest.raises(Refused, match="door of that name"):
        services.add_door(actor=leader, place=place, name="yard", position=(54.5, 11.0))
    with pytest.raises(Refused, match="not on the earth"):
        services.add_door(actor=leader, place=place, name="sky", position=(95, 11.0))
    with pytest.raises(Denied):
        services.add_door(actor=driver, place=place, name="back", position=(54.5, 11.0))
    services.retire_door(actor=leader, door=doors[0])
    assert [door.name for door in queries.doors(leader)] == ["yard"]


def test_work_ends_with_its_plan(town, legs, leader):
    steps = []
    work = services.ask_routes(actor=leader, movement=legs[0], budget=1.3)
    assert work.state == "queued" and not RoutePlan.objects.exists()
    services.plan_now(work.pk, lambda step, share: steps.append((share, step)))
    work.refresh_from_db()
    assert work.state == "done" and work.plan.movement_id == legs[0].pk
    shares = [share for share, _ in steps]
    assert shares == sorted(shares) and 0.9 < shares[-1] <= 1 and len(set(steps)) > 4


def test_stopped_work_keeps_nothing(day, legs, leader, operation, morning):
    before = [(row.pk, row.state) for row in RoutePlan.objects.order_by("pk")]
    work = services.ask_day(actor=leader, operation=operation, on=morning.date())

    def stop(step, share):
        if "Exposure" in step:
            services.stop_work(actor=leader, row=work)
            RouteWork.objects.filter(pk=work.pk).update(stop=True)

    services.plan_now(work.pk, stop)
    work.refresh_from_db()
    assert work.state == "stopped" and "Nothing of it was kept" in work.words
    assert [(row.pk, row.state) for row in RoutePlan.objects.order_by("pk")] == before
    assert RouteDay.objects.count() == 1


def test_stopped_at_the_last_moment_keeps_nothing(town, legs, leader, monkeypatch):
    work = services.ask_routes(actor=leader, movement=legs[0])
    keep = route_work.keep_routes

    def torn(**given):
        keep(**given)
        raise Cancelled

    monkeypatch.setattr(route_work, "keep_routes", torn)
    services.plan_now(work.pk)
    assert not RoutePlan.objects.exists()
    work.refresh_from_db()
    assert work.state == "stopped"


def test_refused_work_says_why(town, legs, leader):
    work = services.ask_routes(actor=leader, movement=legs[0])
    RouteWork.objects.filter(pk=work.pk).update(state="queued")
    legs[0].destination.position = [10.0, 10.0]
    legs[0].destination.save()
    services.plan_now(work.pk)
    work.refresh_from_db()
    assert work.state == "failed" and "No map of the house" in work.words
    with pytest.raises(Refused, match="not being planned"):
        services.stop_work(actor=leader, row=work)


def test_what_waits_is_stopped_at_once(town, legs, leader, driver):
    work = services.ask_routes(actor=leader, movement=legs[0])
    with pytest.raises(Denied):
        services.stop_work(actor=driver, row=work)
    assert services.stop_work(actor=leader, row=work).state == "stopped"
    services.plan_now(work.pk)
    assert not RoutePlan.objects.exists()


def test_a_plan_of_a_day_is_drawn_once(day, leader):
    services.approve_day(actor=leader, day=day)
    plan = queries.plans_of(leader, day)[1]
    services.draw_route(actor=leader, plan=plan)
    with pytest.raises(Conflict, match="drawn already"):
        services.draw_route(actor=leader, plan=plan)
    services.draw_day(actor=leader, day=day)
    assert all(queries.drawn(row) for row in queries.plans_of(leader, day))


def test_only_days_that_can_be_planned_are_offered(town, legs, leader, operation, morning):
    """An airport run abroad has its own day; no map of the house holds it."""
    far = factories.place(operation, leader, name="Far airfield", position=[10.0, 10.0])
    away = morning + timedelta(days=2)
    add_movement(
        actor=leader, operation=operation, kind="road", title="Abroad", origin=far,
        destination=legs[0].origin, starts=away, ends=away + timedelta(hours=1),
    )  # fmt: skip
    page = f"/travel/routes/of/{operation.slug}/"
    text = factories.signed_in(leader).get(page).content.decode()
    assert f'<option value="{morning:%Y-%m-%d}">' in text
    assert f'<option value="{away:%Y-%m-%d}">' not in text and "Abroad</option>" in text

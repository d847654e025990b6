"""What was drawn for a leg is for those of the leg, and each look is on record."""

from datetime import timedelta

import pytest
from tests import factories
from tests.matrix.world_routes import drawn_routes, planned_day

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.travel import services
from varangian.travel.models import Allotment, RouteDraw, Vehicle
from varangian.travel.queries import movement_board as board
from varangian.travel.queries import route_days as day_queries
from varangian.travel.queries import route_watchers as watching
from varangian.travel.queries import routes as queries
from varangian.travel.services import make_tracking_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


@pytest.fixture
def plan(leader, operation):
    starts = now() + timedelta(minutes=25)
    court = factories.place(operation, leader, name="Court", position=[54.5, 11.0])
    movement = operations.add_movement(
        actor=leader, operation=operation, kind="road", title="To the court", starts=starts,
        destination=court,
    )  # fmt: skip
    return drawn_routes(movement, "Hidden")


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER)


@pytest.fixture
def at_the_wheel(plan, operation):
    """The driver whom the leg has; another driver of the operation is not of the leg."""
    driver = factories.member(operation, Role.DRIVER)
    car = Vehicle.objects.create(
        key_id=operation.engagement.key_id, compartment_id=operation.engagement.compartment_id,
        slug="car", name="Grey estate", kind="saloon", plate_digest="0" * 64, seats=5,
    )  # fmt: skip
    Allotment.objects.create(
        key_id=operation.key_id, compartment_id=operation.compartment_id, movement=plan.movement,
        vehicle=car, plate_digest="0" * 64, driver=driver, starts=plan.opens_at,
        ends=plan.opens_at + timedelta(hours=1),
    )  # fmt: skip
    return driver


def looks(person) -> int:
    return AuditEntry.objects.filter(
        kind="read", actor=str(person.pk), purpose="route draw"
    ).count()


def release(leader, plan):
    return services.release_route(actor=leader, plan=plan)


def test_who_is_not_of_the_leg_sees_neither_the_plan_nor_the_draw(
    leader, plan, officer, at_the_wheel
):
    planner = factories.member(plan, Role.OPERATOR)
    others = [officer, factories.member(plan, Role.DRIVER)]
    assert queries.plan(planner, plan.pk) and queries.draw_of(planner, plan) is None
    assert queries.plan(at_the_wheel, plan.pk), "who drives surveys the ways before"
    assert queries.draw_of(at_the_wheel, plan) is None, "but not the draw before it is released"
    for released in (False, True):
        for who in others:
            with pytest.raises(NotFound, match="not yours to see"):
                queries.plan(who, plan.pk)
            assert queries.draw_of(who, plan) is None
            with pytest.raises(NotFound):
                queries.opened(who, plan)
            with pytest.raises(NotFound):
                services.report_driven(actor=who, plan=plan)
        if not released:
            release(leader, plan)
    with pytest.raises(NotFound, match="released to you"):
        queries.opened(planner, plan)
    assert not AuditEntry.objects.filter(
        kind="read", record=str(RouteDraw.objects.get().pk)
    ).exists()


def test_lists_days_and_work_hold_only_the_legs_of_a_person(leader, plan, officer, at_the_wheel):
    known = planned_day(plan.movement, "Hidden")
    assert day_queries.days(officer).count() == 0 and queries.plans(officer).count() == 0
    assert [row.pk for row in day_queries.days(at_the_wheel)] == [known["route_day"]]
    with pytest.raises(NotFound):
        day_queries.work(at_the_wheel, known["route_work"])
    client = factories.signed_in(officer, fresh=True)
    for path in (f"days/{known['route_day']}/", f"{plan.pk}/", f"{plan.pk}/lines.json"):
        assert client.get(f"/travel/routes/{path}").status_code == 404, path
    listed = client.get(f"/travel/routes/of/{plan.operation.slug}/").content.decode()
    assert "Hidden leg" not in listed
    rows = client.get(f"/api/v1/operations/{plan.operation.slug}/route-plans").json()
    assert rows["items"] == []
    services.name_watcher(actor=leader, plan=plan, person=officer)
    assert client.get(f"/travel/routes/{plan.pk}/").status_code == 200
    services.drop_watcher(actor=leader, plan=plan, person=officer)
    assert client.get(f"/travel/routes/{plan.pk}/").status_code == 404


def test_the_turns_on_a_vehicle_are_for_those_of_the_leg(leader, plan, officer, at_the_wheel):
    held = Allotment.objects.get()
    services.write_cues(actor=leader, allotment=held, cues=[{"words": "Left into Hidden Street"}])
    card, api = f"/travel/assignments/{held.pk}/card/", f"/api/v1/allotments/{held.pk}/cues"
    for who in (officer, factories.member(plan, Role.DRIVER)):
        client = factories.signed_in(who, fresh=True)
        assert client.get(card).status_code == 404 and client.get(api).status_code == 404
        page = client.get(f"/travel/legs/{plan.movement_id}/vehicles/").content.decode()
        assert "Grey estate" in page and "Route card" not in page
    for who in (leader, at_the_wheel):
        client = factories.signed_in(who, fresh=True)
        assert "Hidden Street" in client.get(card).content.decode()
        assert client.get(api).json()["cues"][0]["words"] == "Left into Hidden Street"
    services.name_watcher(actor=leader, plan=plan, person=officer)
    assert "Hidden Street" in factories.signed_in(officer).get(card).content.decode()


def test_how_a_leg_is_followed_opens_to_the_team_when_it_is_under_way(leader, plan, officer):
    make_tracking_plan(actor=leader, movement=plan.movement, reason="drill")
    assert board.tracking_plan(officer, plan.movement) is None
    operations.set_movement_state(actor=leader, movement=plan.movement, state="under_way")
    assert board.tracking_plan(officer, plan.movement) is not None
    operations.set_movement_state(actor=leader, movement=plan.movement, state="arrived")
    assert board.tracking_plan(officer, plan.movement) is not None
    operations.set_movement_state(actor=leader, movement=plan.movement, state="complete")
    assert board.tracking_plan(officer, plan.movement) is None


def test_those_of_the_leg_read_it_once_released_and_each_look_is_on_record(
    leader, plan, officer, at_the_wheel
):
    services.name_watcher(actor=leader, plan=plan, person=officer)
    release(leader, plan)
    for who in (at_the_wheel, officer):
        assert queries.opened(who, plan).choice["route"] == "k1" and looks(who) == 1
    queries.opened(officer, plan)
    assert looks(officer) == 2
    services.drop_watcher(actor=leader, plan=plan, person=officer)
    assert queries.draw_of(officer, plan) is None
    with pytest.raises(Refused):
        services.drop_watcher(actor=leader, plan=plan, person=officer)


def test_who_plans_is_told_that_it_was_released_and_when(leader, plan):
    planner = factories.member(plan, Role.OPERATOR)
    assert watching.seal_of(plan).words == "sealed"
    release(leader, plan)
    assert watching.seal_of(plan).words == "released to those of the leg at T-25 min"
    client = factories.signed_in(planner, fresh=True)
    page = client.get(f"/travel/routes/{plan.pk}/").content.decode()
    assert "released to those of the leg at T-25 min" in page and "Route card" not in page
    assert client.get(f"/travel/routes/{plan.pk}/card/").status_code == 404
    answer = client.get(f"/api/v1/route-plans/{plan.pk}")
    assert answer.json()["seal"]["words"].endswith("T-25 min") and "choice" not in answer.json()
    assert client.get(f"/api/v1/route-plans/{plan.pk}/draw").status_code == 404
    assert not looks(planner)


def test_the_leader_names_and_sees_who_reads(leader, plan, officer, at_the_wheel, capsys):
    leader.__dict__.pop("_reach", None)
    client = factories.signed_in(leader, fresh=True)
    act = f"/travel/routes/{plan.pk}/act/"
    assert client.post(act, {"deed": "watch", "person": officer.pk}).status_code == 302
    page = client.get(f"/travel/routes/{plan.pk}/").content.decode()
    for words in ("Who may read the draw", "driver of the leg", "named watcher", "detail leader"):
        assert words in page, words
    with pytest.raises(Conflict):
        services.name_watcher(actor=leader, plan=plan, person=officer)
    rows = client.get(f"/api/v1/route-plans/{plan.pk}/watchers").json()["items"]
    assert [row["why"] for row in rows] == ["detail leader", "driver of the leg", "named watcher"]
    sent = {"email": officer.email, "watches": False}
    path = f"/api/v1/route-plans/{plan.pk}/watchers"
    rows = client.post(path, sent, content_type="application/json").json()["items"]
    assert len(rows) == 2
    leg = ["route", "watch", plan.operation.slug, str(plan.movement.serial)]
    assert root([*leg, officer.email, "--json"]) == 0 and "named watcher" in capsys.readouterr().out
    assert root([*leg, officer.email, "--off"]) == 0


def test_nobody_else_names_and_no_stranger_is_named(leader, plan, officer):
    with pytest.raises(Denied):
        services.name_watcher(actor=officer, plan=plan, person=officer)
    client = factories.member(plan, Role.CLIENT)
    for who in (client, factories.person("Stranger")):
        with pytest.raises(Refused):
            services.name_watcher(actor=leader, plan=plan, person=who)


def test_the_next_version_keeps_the_watchers(leader, plan, officer):
    services.name_watcher(actor=leader, plan=plan, person=officer)
    second = drawn_routes(plan.movement, "Second")
    release(leader, second)
    assert queries.draw_of(officer, second) is not None and queries.draw_of(officer, plan) is None

"""A new operation over known places: what must be looked at, by whom, and when it is done."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations.services import (
    add_movement,
    add_post,
    change_movement,
    remove_movement,
    set_movement_state,
)
from varangian.places import queries as places_read
from varangian.places import services as places
from varangian.places.events import survey_answered
from varangian.planning import services
from varangian.planning.models import AdvanceTask
from varangian.planning.queries import advance
from varangian.planning.services.advance import bring_up_all, on_answered
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now() + DAY, ends=now() + 4 * DAY)


@pytest.fixture
def officer(operation, leader):
    """Holds the post of the advance."""
    user = factories.member(operation, Role.OFFICER, factories.person("Leo Advance"))
    add_post(
        actor=leader,
        operation=operation,
        title="Advance",
        role="sap",
        edition="advance",
        holder=user,
    )
    return user


@pytest.fixture
def hotel(operation, leader):
    return factories.place(operation.engagement, leader, name="Hotel Invented")


@pytest.fixture
def leg(operation, leader, hotel):
    return add_leg(leader, operation, hotel, 2)


def add_leg(leader, operation, place, days, **more):
    fields = {"kind": "road", "title": "To the hotel", "starts": now() + days * DAY, **more}
    return add_movement(actor=leader, operation=operation, destination=place, **fields)


def plan(leader, operation, **more):
    return services.plan_advance(actor=leader, operation=operation, **more)


def tasks(operation, **fields):
    return {row.item: row for row in AdvanceTask.objects.filter(operation=operation, **fields)}


def test_a_new_operation_says_what_to_look_at_again(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    view = advance.board(leader, operation)[0]
    assert (view.place, view.survey.known, view.untasked) == (hotel, 42, 6)
    assert view.words == "re-verify 6 of 42", "what passes lives seven days"
    made = plan(leader, operation)
    assert {task.item for task in made} == {want.item for want in view.wanted}
    task = made[0]
    assert (task.assignee, task.why, task.needed_at) == (officer, "expired", leg.starts)
    assert task.due == leg.starts - timedelta(hours=1)
    assert advance.board(leader, operation)[0].untasked == 0


def test_what_runs_out_on_the_way_is_a_task_for_its_own_leg(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=4)
    assert plan(leader, operation) == [], "good for three days, the leg is in two"
    late = add_leg(leader, operation, hotel, 3.5)
    made = plan(leader, operation)
    assert {(task.why, task.needed_at) for task in made} == {("runs_out", late.starts)}


def test_a_place_that_nobody_has_seen_asks_what_is_required(leader, officer, operation, hotel, leg):
    made = plan(leader, operation)
    assert len(made) == 21 and {task.why for task in made} == {"never"}
    assert advance.board(leader, operation)[0].words == "find out 21 of 42"


def test_looking_again_does_the_task_wherever_it_is_done(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    first, second, third, *_ = plan(leader, operation)
    services.verify_task(actor=officer, task=first)
    places.still_so(actor=officer, place=hotel, item=second.item)
    places.answer_fact(actor=officer, place=hotel, item=third.item, value=7, has_changed=True)
    done = tasks(operation, state="done")
    assert set(done) == {first.item, second.item, third.item}
    assert {task.done_by for task in done.values()} == {officer}
    with pytest.raises(Refused, match="not open"):
        services.verify_task(actor=officer, task=done[first.item])


def test_a_dispute_opens_a_task_and_its_settlement_closes_it(
    leader, officer, operation, hotel, leg
):
    factories.surveyed(hotel, officer, days_ago=8)
    plan(leader, operation)
    places.answer_fact(actor=leader, place=hotel, item="stairs", value="Only one")
    assert tasks(operation, state="open")["stairs"].why == "disputed"
    places.settle_fact(actor=leader, place=hotel, item="stairs", number=2, note="Walked it")
    assert tasks(operation)["stairs"].state == "done"


def test_planning_again_adds_only_what_is_new(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    before = {task.pk for task in plan(leader, operation)}
    assert {task.pk for task in plan(leader, operation)} == before


def test_an_answer_of_somebody_who_cannot_see_the_task_counts_at_once(
    leader, officer, operation, hotel, leg
):
    factories.surveyed(hotel, officer, days_ago=8)
    task = plan(leader, operation)[0]
    with disconnected(survey_answered, "planning.advance answered"):
        places.still_so(actor=officer, place=hotel, item=task.item)
    assert tasks(operation)[task.item].state == "open"
    view = advance.board(leader, operation)[0]
    assert [row.task.item for row in view.done] == [task.item]
    assert view.done[0].done_by == officer
    bring_up_all()
    assert tasks(operation)[task.item].state == "done"


@contextmanager
def disconnected(signal, uid):
    """As row security hides the task from the person who answers."""
    assert signal.disconnect(dispatch_uid=uid)
    try:
        yield
    finally:
        signal.connect(on_answered, dispatch_uid=uid)


def test_the_tasks_follow_the_programme(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    plan(leader, operation)
    moved = now() + 3 * DAY
    leg = change_movement(actor=leader, movement=leg, starts=moved)
    assert {task.needed_at for task in tasks(operation, state="open").values()} == {moved}
    other = add_leg(leader, operation, hotel, 1)
    assert {task.needed_at for task in tasks(operation, state="open").values()} == {other.starts}
    set_movement_state(actor=leader, movement=other, state="cancelled")
    remove_movement(actor=leader, movement=leg)
    assert not tasks(operation, state="open") and len(tasks(operation, state="dropped")) == 6


def test_the_clock_alone_makes_tasks(leader, officer, operation, hotel):
    add_leg(leader, operation, hotel, 20)
    factories.surveyed(hotel, officer, days_ago=1, skip=("stairs",))
    made = plan(leader, operation)
    assert {task.why for task in made} == {"runs_out", "never"}
    for task in made:
        if task.why == "runs_out":
            places.still_so(actor=officer, place=hotel, item=task.item)
    assert len(tasks(operation, state="open")) == 7, "seven days do not reach over twenty"
    with frozen(now() + 18 * DAY):
        for task in tasks(operation, state="open", why="runs_out").values():
            places.still_so(actor=officer, place=hotel, item=task.item)
        assert bring_up_all() == 1
        assert set(tasks(operation, state="open")) == {"stairs"}


def test_routes_between_two_stops_and_hospitals_in_reach_come_along(
    leader, officer, operation, hotel
):
    contract = operation.engagement
    hall = factories.place(contract, leader, kind="venue", name="Hall", position=[60.17, 24.94])
    road = factories.place(
        contract, leader, kind="route", name="Shore", begins_at=hotel, ends_at=hall
    )
    near = factories.place(
        contract, leader, kind="trauma_centre", name="Near", position=[60.2, 24.9]
    )
    factories.place(contract, leader, kind="trauma_centre", name="Far", position=[48.1, 11.6])
    add_leg(leader, operation, hall, 2, origin=hotel)
    found = [view.place for view in advance.board(leader, operation)]
    assert set(found) == {hotel, hall, road, near}


def test_who_may_task_and_whom(leader, officer, operation, hotel, leg):
    with pytest.raises(Denied):
        plan(officer, operation)
    with pytest.raises(NotFound):
        plan(factories.person(), operation)
    with pytest.raises(Refused, match="cannot do an advance"):
        plan(leader, operation, assignee=factories.person())
    client = factories.member(operation, Role.CLIENT)
    with pytest.raises(Refused, match="cannot do an advance"):
        plan(leader, operation, assignee=client)
    driver = factories.member(operation, Role.DRIVER)
    made = plan(leader, operation, assignee=driver)
    assert {task.assignee for task in made} == {driver}
    due = now() + DAY
    services.assign_tasks(
        actor=leader, operation=operation, tasks=made[:2], assignee=officer, due=due
    )
    given = AdvanceTask.objects.filter(assignee=officer, due=due)
    assert {task.pk for task in given} == {task.pk for task in made[:2]}


def test_one_operation_does_not_close_the_tasks_of_another_too_early(
    leader, officer, operation, hotel, leg
):
    """Both use the hotel; one needs an answer that holds for longer."""
    later = factories.operation(
        leader, engagement=operation.engagement, principal=operation.principal
    )
    add_leg(leader, later, hotel, 12)
    factories.surveyed(hotel, officer, days_ago=8)
    plan(leader, operation)
    plan(leader, later)
    places.still_so(actor=officer, place=hotel, item="works")
    assert tasks(operation)["works"].state == "done"
    assert tasks(later)["works"].state == "open"


@pytest.mark.parametrize("role", [Role.DETAIL_LEADER, Role.OFFICER, Role.DRIVER, Role.CLIENT])
def test_the_page_by_role(leader, officer, operation, hotel, leg, role):
    factories.surveyed(hotel, officer, days_ago=8)
    plan(leader, operation)
    client = factories.signed_in(factories.member(operation, role))
    answer = client.get(f"/planning/{operation.slug}/advance/")
    if role == Role.CLIENT:
        assert answer.status_code == 403
        return
    page = answer.content.decode()
    assert "re-verify 6 of 42" in page and "Still so" in page
    assert ("Task the advance" in page) == (role == Role.DETAIL_LEADER)


def test_one_tap_on_the_page(leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    task = plan(leader, operation)[0]
    client = factories.signed_in(officer)
    url = f"/planning/advance/{task.pk}/still-so/"
    answer = client.post(url, headers={"hx-request": "true"})
    assert "done by Leo Advance" in answer.content.decode()
    page = factories.signed_in(leader)
    page.post(f"/planning/{operation.slug}/advance/plan/", {})
    form = {"place": hotel.pk, "assignee": officer.email, "due": "2027-01-01T10:00"}
    page.post(f"/planning/{operation.slug}/advance/assign/", form)
    rows = tasks(operation, state="open").values()
    assert {f"{row.due:%Y-%m-%d %H:%M}" for row in rows} == {"2027-01-01 08:00"}


def test_api_and_command_line(capsys, leader, officer, operation, hotel, leg):
    factories.surveyed(hotel, officer, days_ago=8)
    secret = issue_token(user=leader, label="tests", writes=True)[1]
    client = Client(headers={"authorization": f"Bearer {secret}"})
    url = f"/api/v1/operations/{operation.slug}/advance"
    assert client.get(url).json()[0]["words"] == "re-verify 6 of 42"
    made = client.post(url, "{}", content_type="application/json").json()
    task = made[0]["id"]
    change = json.dumps({"assignee": leader.email})
    answer = client.patch(f"/api/v1/advance-tasks/{task}", change, content_type="application/json")
    assert answer.json()["assignee"] == leader.email
    answer = client.post(f"/api/v1/advance-tasks/{task}/still-so")
    assert (answer.json()["state"], answer.json()["fact"]["state"]) == ("done", "fresh")
    rows = run(capsys, "advance", "show", operation.slug)
    assert rows[0]["words"] == "re-verify 5 of 42"
    rows = run(capsys, "advance", "plan", operation.slug)
    assert len(rows) == 5
    run(capsys, "advance", "assign", rows[0]["id"], "--assignee", leader.email)
    row = run(capsys, "--as", officer.email, "advance", "still-so", rows[0]["id"])
    assert (row["state"], row["done_by"]) == ("done", "Leo Advance")


def test_a_route_joins_the_library_on_screen_api_and_command_line(
    capsys, leader, officer, operation, hotel
):
    hall = factories.place(operation.engagement, leader, kind="venue", name="Hall")
    ends = {"begins_at": str(hotel.pk), "ends_at": str(hall.pk)}
    client = factories.signed_in(leader)
    url = f"/planning/{operation.slug}/advance/place/"
    answer = client.post(url, {"name": "Shore road", "kind": "route", **ends})
    assert "Route survey" in client.get(answer.url).content.decode()
    assert factories.signed_in(officer).post(url, {"name": "x", "kind": "venue"}).status_code == 403
    secret = issue_token(user=leader, label="tests", writes=True)[1]
    api = Client(headers={"authorization": f"Bearer {secret}"})
    body = json.dumps({"name": "Temple street", "kind": "route", **ends})
    url = f"/api/v1/operations/{operation.slug}/places"
    assert api.post(url, body, content_type="application/json").json()["precision"] == "between"
    line = ("--as", leader.email, "advance", "add-place", operation.slug)
    row = run(capsys, *line, "Shore House", "residence")
    home = places_read.place(leader, row["id"])
    assert home.key_id == operation.principal.key_id, "it goes when the person is erased"
    add_leg(leader, operation, hall, 2, origin=hotel)
    names = [view.place.name for view in advance.board(leader, operation)]
    assert {"Shore road", "Temple street"} <= set(names)


def run(capsys, *words):
    capsys.readouterr()
    assert root([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)

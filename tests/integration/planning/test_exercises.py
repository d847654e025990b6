"""Exercises: measured in a copy, and never a trace of them in life."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.alerts import queries as alerts
from varangian.alerts.models import Alert
from varangian.alerts.services import acknowledge, raise_alert
from varangian.config.commands import root
from varangian.intelligence.services import matching
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log.models import LogEntry
from varangian.operations import queries as operations
from varangian.operations import services as spine
from varangian.places import services as places
from varangian.places.queries import places as known_places
from varangian.planning import services
from varangian.planning.exercise_rules import as_read
from varangian.planning.models import Exercise, Inject
from varangian.planning.queries import exercises
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.access.stage import on_stage
from varangian.protection.queries import board

from .test_order_faces import bearer

SCRIPT = "medical_on_stage"


@pytest.fixture
def report(team):
    services.take_cards(actor=team.leader, operation=team.operation, library_ids=["medical"])
    card = team.operation.cards.get()
    services.put_in_force(actor=team.leader, card=card)
    return services.start_exercise(
        actor=team.leader, operation=team.operation, script=SCRIPT, moment=team.drive.starts
    )


def inside(person):
    return acting(person, purpose="exercise", exercise=True)


def the(report, person):
    person.__dict__.pop("_reach", None)
    return exercises.exercise(person, report.copy)


def begun(team, report):
    with inside(team.leader):
        services.begin_exercise(actor=team.leader, exercise=the(report, team.leader))


def test_the_copy_has_legs_posts_cards_and_people_and_happens_now(team, report):
    with inside(team.leader):
        copy = the(report, team.leader).operation
        legs = list(operations.movements(team.leader, copy))
        posts = {p.call_sign: p.holder for p in operations.posts(team.leader, copy)}
        cards = [(c.library_id, c.in_force) for c in copy.cards.all()]
        assert board.operations(team.leader) == [copy]
    assert copy.title.startswith("EXERCISE: ") and copy.state == "active"
    assert abs(legs[0].starts - now()) < timedelta(minutes=1)
    assert legs[1].starts - legs[0].starts == team.speech.starts - team.drive.starts
    assert posts["BRAVO"] == team.officer and posts["DELTA"] == team.driver
    assert cards == [("medical", 1)]


def test_life_sees_nothing_of_it(team, report):
    begun(team, report)
    for person in (team.leader, team.officer, team.operator):
        person.__dict__.pop("_reach", None)
        assert [o.slug for o in board.operations(person)] == [team.operation.slug]
        assert {m.operation_id for m in board.movements(person)} == {team.operation.pk}
        assert not alerts.alerts(person, view="all") and alerts.open_count(person) == 0
        with pytest.raises(NotFound):
            operations.operation(person, report.copy)
        with pytest.raises(NotFound):
            exercises.exercise(person, report.copy)
    assert Alert.objects.count() == 1, "the exercise has its own"
    assert [o.slug for o in operations.operations(SYSTEM)] == [team.operation.slug]
    assert {m.operation_id for m in matching._movements()} == {team.operation.pk}
    entries = LogEntry.objects.filter(operation=team.operation)
    words = [entry.body.get("event", "") for entry in entries]
    assert not any("Principal is down" in text for text in words)
    assert any("Exercise started" in text for text in words)


def test_the_exercise_sees_nothing_of_life(team, report):
    raise_alert(
        operation=team.operation, title="Flood on the bay road", source="system", dedupe="flood"
    )
    with inside(team.operator):
        assert [o.slug for o in board.operations(team.operator)] == [report.copy]
        assert not alerts.alerts(team.operator, view="all")
        with pytest.raises(NotFound):
            operations.operation(team.operator, team.operation.slug)
    with inside(team.leader), on_stage(team.leader, exercise=False):
        assert alerts.open_count(team.leader) == 1


def test_from_an_exercise_nothing_behind_it_is_changed(team, report):
    with inside(team.officer):
        assert team.hotel in known_places(team.officer)
        with pytest.raises(Denied, match="not part of it"):
            places.answer_fact(actor=team.officer, place=team.hotel, item="stairs", value="Two")


def test_answers_are_measured_and_stay_as_the_report(team, report):
    begun(team, report)
    with frozen(now() + timedelta(seconds=20)), inside(team.officer):
        row = exercises.mine(team.officer)[0]
        assert row.inject.title == "Principal is down" and row.post.call_sign == "BRAVO"
        services.acknowledge_inject(actor=team.officer, delivery=row, answer="To the car")
    with frozen(now() + timedelta(seconds=50)), inside(team.operator):
        acknowledge(actor=team.operator, alert=alerts.queue(team.operator)[0])
    with inside(team.leader):
        done = services.end_exercise(
            actor=team.leader, exercise=the(report, team.leader), findings="Medic had no radio"
        )
    first, second, third = as_read(done.results)
    by_post = {row.post: row.seconds for row in first.posts}
    assert by_post["BRAVO"] == 20 and by_post["MIKE"] is None and by_post["ALFA"] is None
    assert first.board_seconds == 50 and first.posts[0].answer in ("", "To the car")
    assert second.words == third.words == "not injected"
    kept = exercises.reports(team.leader, team.operation).get()
    assert kept.findings == "Medic had no radio" and kept.copy == ""
    team.leader.__dict__.pop("_reach", None)
    with inside(team.leader):
        assert not exercises.running(team.leader)


def test_the_worker_injects_what_is_due(team, report):
    begun(team, report)
    told = lambda: Inject.objects.exclude(delivered_at=None).count()  # noqa: E731
    with acting(SYSTEM):
        assert services.deliver_due() == 0 and told() == 1
        with frozen(now() + timedelta(minutes=2, seconds=5)):
            assert services.deliver_due() == 1 and services.deliver_due() == 0
    assert told() == 2 and Alert.objects.count() == 2


def test_only_the_holder_answers_and_only_the_director_directs(team, report):
    begun(team, report)
    with inside(team.officer):
        row = exercises.mine(team.officer)[0]
        inject = row.inject
        for deed in (
            lambda: services.deliver_now(actor=team.officer, inject=inject),
            lambda: services.end_exercise(actor=team.officer, exercise=inject.exercise),
        ):
            with pytest.raises(Denied):
                deed()
    with inside(team.medic), pytest.raises(Denied, match="holder of the post"):
        services.acknowledge_inject(
            actor=team.medic, delivery=exercises.delivery(team.medic, row.pk)
        )
    stranger = factories.person()
    with inside(stranger), pytest.raises(NotFound):
        exercises.delivery(stranger, row.pk)


def test_what_is_refused(team, report):
    start = {"actor": team.leader, "operation": team.operation}
    with pytest.raises(Refused, match="is running"):
        services.start_exercise(**start, script=SCRIPT)
    with pytest.raises(NotFound, match="no script"):
        services.start_exercise(**start | {"operation": other(team)}, script="flood")
    with pytest.raises(Denied):
        services.start_exercise(actor=team.officer, operation=team.operation, script=SCRIPT)
    begun(team, report)
    with inside(team.leader), pytest.raises(Refused, match="runs already"):
        services.begin_exercise(actor=team.leader, exercise=the(report, team.leader))


def other(team):
    return spine.open_operation(
        actor=team.leader, engagement=team.contract, principal=team.principal, title="Other"
    )


def test_pages_on_both_sides(team, report):
    client = signed_in(team.officer)
    slug = team.operation.slug
    page = client.get(reverse("planning:exercises", args=[slug])).content.decode()
    assert "An exercise is running" in page and "New exercise" not in page
    client.post(reverse("planning:exercise_enter"))
    page = client.get(reverse("planning:exercise")).content.decode()
    assert "Nothing here is live" in page and "Nothing has reached your posts yet" in page
    assert client.get(reverse("operations:show", args=[slug])).status_code == 404
    begun(team, report)
    page = client.get(reverse("planning:exercise_part")).content.decode()
    assert "Principal is down" in page and "privacy made with bodies" not in page
    with inside(team.officer):
        pk = exercises.mine(team.officer)[0].pk
    client.post(reverse("planning:exercise_answer", args=[pk]), {f"{pk}-answer": "To the car"})
    assert "acknowledged" in client.get(reverse("planning:exercise")).content.decode()
    client.post(reverse("planning:exercise_leave"))
    assert client.get(reverse("operations:show", args=[slug])).status_code == 200


def test_the_director_runs_it_on_screen(team):
    client = signed_in(team.leader)
    where = reverse("planning:exercises", args=[team.operation.slug])
    client.post(where, {"script": SCRIPT, "at": str(team.drive.pk)})
    client.post(reverse("planning:exercise_enter"))
    copy = Exercise.objects.get().operation.slug
    client.post(reverse("planning:exercise_begin", args=[copy]))
    page = client.get(reverse("planning:exercise")).content.decode()
    assert "privacy made with bodies" in page and "0 of" in page
    second = Inject.objects.get(serial=2)
    client.post(reverse("planning:exercise_deliver", args=[second.pk]))
    answer = client.post(reverse("planning:exercise_end", args=[copy]), {"findings": "Slow"})
    assert answer.url == where
    page = client.get(where).content.decode()
    assert "Slow" in page and "no answer" in page and "not injected" in page
    assert client.post(reverse("planning:exercise_enter")).status_code == 422


def test_api(team, client):
    head = bearer(team.leader, writes=True)

    def call(verb, path, body=None, **more):
        kind = {"content_type": "application/json"} if verb == "post" else {}
        return getattr(client, verb)(path, body, **kind, **head, **more)

    slug = team.operation.slug
    scripts = call("get", "/api/v1/exercise-scripts").json()
    assert SCRIPT in {row["id"] for row in scripts}
    made = call("post", f"/api/v1/operations/{slug}/exercises", {"script": SCRIPT})
    assert made.status_code == 201, made.content
    copy = made.json()["exercise"]
    assert call("get", f"/api/v1/exercises/{copy}").status_code == 404
    on = {"HTTP_X_EXERCISE": "on"}
    assert call("post", f"/api/v1/exercises/{copy}/begin", {}, **on).status_code == 200
    shown = call("get", f"/api/v1/exercises/{copy}", **on).json()
    assert shown["injects"][0]["delivered_at"] and not shown["injects"][1]["delivered_at"]
    second = shown["injects"][1]["id"]
    assert call("post", f"/api/v1/injects/{second}/deliver", {}, **on).status_code == 200
    mine = call("get", "/api/v1/exercises/mine", **on).json()
    told = mine[0]["id"]
    done = call("post", f"/api/v1/deliveries/{told}/acknowledge", {"answer": "Out"}, **on)
    assert done.json()["acknowledged_at"] and done.json()["answer"] == "Out"
    ended = call("post", f"/api/v1/exercises/{copy}/end", {"findings": "ok"}, **on)
    assert ended.status_code == 200, ended.content
    rows = call("get", f"/api/v1/operations/{slug}/exercises").json()["items"]
    assert rows[0]["injects"][0]["words"].startswith(("1 of", "0 of"))


def test_command_line(team, capsys):
    def run(*words):
        assert root(["--as", team.leader.email, *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    made = run("exercise", "start", team.operation.slug, SCRIPT)
    copy = made["exercise"]
    with pytest.raises(NotFound):
        run("exercise", "show", copy)
    run("--exercise", "exercise", "begin", copy)
    rows = run("--exercise", "exercise", "show", copy)
    assert rows[0]["delivered_at"] and len(rows) == 3
    ended = run("--exercise", "exercise", "end", copy, "--findings", "Slow radio")
    assert ended["findings"] == "Slow radio"
    assert run("exercise", "list", team.operation.slug)[0]["ended_at"]

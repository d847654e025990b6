"""The roster over the database: shifts, rules, the exclusion, sick calls, publication, answers."""

import itertools
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests import factories

from varangian.alerts.models import Alert
from varangian.kernel.clock import frozen
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.models import Assignment, Hold, RosterRun, Shift
from varangian.planning.queries import roster as rows
from varangian.planning.queries.roster_problem import Book, book
from varangian.planning.queries.roster_ways import ways
from varangian.planning.services.roster_duties import AgainstRules
from varangian.planning.services.roster_runs import alert_elsewhere, run_now
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM

DAY = datetime(2027, 3, 1, tzinfo=UTC)
BARE = {"everyone": {}, "among": []}


def at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


@pytest.fixture
def crew(db):
    """A leader, three officers and an operation of three days without posts."""
    leader = factories.person("Lena Leader")
    operation = factories.operation(leader, starts=at(6), ends=at(22, 2))
    people = [factories.member(operation, Role.OFFICER, factories.person(n)) for n in "ABC"]
    leader.__dict__.pop("_reach", None)
    return leader, operation, people


def shift(crew, start=None, hours=8, **fields) -> Shift:
    start = start or at(8)
    leader, operation, _ = crew
    given = {"title": "Gate", "needs": BARE, **fields}
    return services.add_shift(
        actor=leader, operation=operation, starts=start, ends=start + timedelta(hours=hours),
        **given,
    )  # fmt: skip


def other_crew(person, name: str = "Otto Other"):
    """A team that shares one officer and nothing else."""
    leader = factories.person(name)
    operation = factories.operation(leader, starts=at(6), ends=at(22, 2))
    factories.member(operation, Role.OFFICER, person)
    leader.__dict__.pop("_reach", None)
    return leader, operation, [person]


def test_nobody_is_twice_on_duty_and_the_words_say_where(crew):
    leader, _, (ann, *_) = crew
    services.assign(actor=leader, shift=shift(crew), person=ann)
    with pytest.raises(Conflict) as refused:
        services.assign(actor=leader, shift=shift(crew, at(12), title="Car"), person=ann)
    assert "already on duty from 10:00 to 18:00 on S1 Gate" in str(refused.value)
    with pytest.raises(IntegrityError, match="nobody_twice"), transaction.atomic():
        late = Shift.objects.get(title="Car")
        Assignment.objects.create(
            compartment_id=late.compartment_id, shift=late, person=ann, starts=late.starts,
            ends=late.ends,
        )  # fmt: skip


def test_a_foreign_duty_refuses_and_tells_nothing_of_it(crew):
    leader, operation, (ann, *_) = crew
    foreign = other_crew(ann)
    services.assign(
        actor=foreign[0], shift=shift(foreign, at(12), title="Secret dinner"), person=ann
    )
    with pytest.raises(Conflict) as refused:
        services.assign(actor=leader, shift=shift(crew), person=ann, reason="I want her here")
    words = str(refused.value)
    assert "A is already on duty from 14:00 to 22:00 elsewhere" in words
    assert "Secret" not in words and foreign[1].slug not in words
    assert not rows.assignments(leader, operation).exists()
    document = str(book(leader, operation).document)
    assert "Secret" not in document and foreign[1].slug not in document


def test_a_foreign_duty_counts_towards_rest(crew):
    leader, _, (ann, *_) = crew
    foreign = other_crew(ann)
    services.assign(actor=foreign[0], shift=shift(foreign, at(0)), person=ann)
    with pytest.raises(AgainstRules, match="by the rules") as refused:
        services.assign(actor=leader, shift=shift(crew, at(14)), person=ann)
    assert "daily_rest" in {reason.rule for reason in refused.value.reasons}


def test_the_leader_overrides_a_rule_with_a_reason_and_no_other_role_does(crew):
    leader, operation, (ann, *_) = crew
    operator = factories.member(operation, Role.OPERATOR)
    services.assign(actor=leader, shift=shift(crew), person=ann)
    late = shift(crew, at(20), title="Late")
    with pytest.raises(Denied):
        services.assign(actor=operator, shift=late, person=ann, reason="Nobody else is left")
    with pytest.raises(AgainstRules):
        services.assign(actor=leader, shift=late, person=ann, reason="no")
    made = services.assign(actor=leader, shift=late, person=ann, reason="Nobody else is left")
    assert "daily_rest" in made.broken and made.override == "Nobody else is left"
    with pytest.raises(Denied):
        services.unassign(actor=ann, assignment=made)


def test_an_expired_licence_is_named(crew):
    leader, operation, (ann, ben, _) = crew
    wants = shift(crew, needs={"everyone": {"licences": ["close protection"]}, "among": []})
    for person, until in ((ann, "2027-02-28"), (ben, "2027-03-01")):
        services.write_officer(
            actor=leader, operation=operation, person=person,
            licences=[{"name": "close protection", "until": until}],
        )  # fmt: skip
    with pytest.raises(AgainstRules, match="by the rules") as refused:
        services.assign(actor=leader, shift=wants, person=ann)
    assert [reason.rule for reason in refused.value.reasons] == ["licence_expired"]
    assert "expires on 2027-02-28" in refused.value.where
    assert services.assign(actor=leader, shift=wants, person=ben).broken == []
    run = services.call_sick(actor=leader, operation=operation, person=ben, since=at(0))
    assert any(row["expiring"] for row in run.answer["hours"]), "dates go into the answer"


def test_leave_and_duty_exclude_each_other(crew):
    leader, operation, (ann, ben, _) = crew
    away = {"actor": leader, "operation": operation}
    services.add_absence(**away, person=ann, starts=at(0), ends=at(24))
    with pytest.raises(Conflict, match="is away"):
        services.assign(actor=leader, shift=shift(crew), person=ann, reason="She would come")
    services.assign(actor=leader, shift=shift(crew, at(9), title="Car"), person=ben)
    with pytest.raises(Conflict, match="already on duty"):
        services.add_absence(**away, person=ben, starts=at(10), ends=at(12))
    services.remove_absence(
        actor=leader, operation=operation, absence=rows.absences(leader, [ann], at(0)).get()
    )
    services.assign(actor=leader, shift=Shift.objects.get(title="Gate"), person=ann)


def test_a_vehicle_has_one_keeper_at_a_time(crew):
    leader, _, (ann, ben, _) = crew
    first = shift(crew, title="", vehicle="ABC-123")
    services.assign(actor=leader, shift=first, person=ann)
    assert first.title == "ABC-123"
    with pytest.raises(Conflict, match="vehicle abc 123 is out"):
        services.assign(
            actor=leader, shift=shift(crew, at(10), title="Run"), person=ben, vehicle="abc 123"
        )
    assert services.assign(actor=leader, shift=Shift.objects.get(title="Run"), person=ben)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """What two connections must both see is committed, and gone at the end: tables that were empty
    are emptied again, those that refuse deletion with them."""
    with django_db_blocker.unblock():
        before = _filled()
        try:
            yield
        finally:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("set local session_replication_role = replica")
                for table in _filled() - before:
                    cursor.execute(f'delete from "{table}"')
            connection.close()


def _filled() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f'select exists (select from "{table}")')
            found |= {table} if cursor.fetchone()[0] else set()
    return found


def test_two_who_plan_at_once_cannot_both_take_the_same_person(
    committed, django_db_blocker, monkeypatch
):
    """The rules see nothing here, as they do when both look before either writes."""
    monkeypatch.setattr(Book, "why_not", lambda *_: ())
    with transaction.atomic():
        ann = factories.person("Ann")
        jobs = []
        for k, name in enumerate(("Lena Leader", "Otto Other")):
            leader, operation, _ = other_crew(ann, name)
            wanted = shift((leader, operation, []), at(8 + k), title=f"Post {k}")
            jobs.append((leader, wanted))
    both, found = threading.Barrier(2, timeout=20), []

    def put(leader, wanted):
        try:
            with django_db_blocker.unblock(), transaction.atomic():
                book(leader, wanted.roster.operation)
                both.wait()
                found.append(services.assign(actor=leader, shift=wanted, person=ann))
        except Conflict as refused:
            found.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(type(one).__name__ for one in found) == ["Assignment", "Conflict"], found
    assert Hold.objects.filter(person=ann, kind="duty").count() == 1


def test_shifts_from_posts_meet_at_the_handover_in_the_night_clocks_change(db):
    """On Sunday 28 March 2027 the clocks of Helsinki go from 03:00 to 04:00."""
    leader = factories.person()
    operation = factories.operation(
        leader,
        starts=datetime(2027, 3, 27, 13, tzinfo=UTC),
        ends=datetime(2027, 3, 28, 12, tzinfo=UTC),
    )
    leader.__dict__.pop("_reach", None)
    operations.add_post(
        actor=leader, operation=operation, title="Corridor", role="ppo", edition="ppo"
    )
    made, there = services.make_shifts(actor=leader, operation=operation)
    assert there == 0
    clocks = [(s.starts.hour, (s.ends - s.starts).total_seconds() / 3600) for s in made]
    assert clocks == [(13, 8.0), (21, 7.0), (4, 8.0)], "the night has seven hours"
    assert all(a.ends == b.starts for a, b in itertools.pairwise(made))
    assert made[0].needs["everyone"]["licences"] == ["close protection"]
    again, there = services.make_shifts(actor=leader, operation=operation)
    assert (again, there) == ([], 3)


def test_a_shift_across_zones_and_a_time_no_clock_shows(crew):
    leader, operation, _ = crew
    flight = services.add_shift(
        actor=leader, operation=operation, title="Flight", needs=BARE, zone="Europe/Helsinki",
        end_zone="America/New_York", starts=datetime(2027, 3, 1, 10), ends=datetime(2027, 3, 1, 12),
    )  # fmt: skip
    assert (flight.ends - flight.starts) == timedelta(hours=9)
    with pytest.raises(Refused, match="skipped when clocks go forward"):
        services.add_shift(
            actor=leader, operation=operation, title="Night", needs=BARE,
            starts=datetime(2027, 3, 28, 3, 30), ends=datetime(2027, 3, 28, 9),
        )  # fmt: skip


def test_posts_that_name_legs_stand_on_their_days(team):
    operations.cover_movements(
        actor=team.leader, post=team.wheel, movements=[team.drive, team.speech]
    )
    made, _ = services.make_shifts(actor=team.leader, operation=team.operation, posts=[team.wheel])
    assert made[0].starts == team.drive.starts - timedelta(hours=1)
    assert made[-1].ends == team.speech.ends + timedelta(hours=1)


def test_plan_fills_what_is_open_and_leaves_what_was_set_by_hand(crew):
    leader, operation, (ann, ben, cyd) = crew
    services.write_officer(
        actor=leader, operation=operation, person=ben, skills=["gate"], contract_hours=20
    )
    shifts = [shift(crew, at(8, day), wanted=2, title="Gate") for day in range(2)]
    hand = services.assign(actor=leader, shift=shifts[0], person=cyd)
    run = services.plan(actor=leader, operation=operation)
    assert run.state == RosterRun.State.TAKEN, run.words
    found = list(rows.assignments(leader, operation))
    assert len(found) == 4 and hand in found
    before = {row.pk for row in found}
    services.plan(actor=leader, operation=operation)
    assert hand.pk in {r.pk for r in rows.assignments(leader, operation)} & before
    with pytest.raises(Denied):
        services.plan(actor=ann, operation=operation)


def test_what_cannot_be_filled_says_which_needs_conflict(crew):
    leader, operation, _ = crew
    shift(crew, needs={"everyone": {"firearms": ["pistol"]}, "among": []})
    run = services.plan(actor=leader, operation=operation)
    gap = run.answer["gaps"][0]
    assert gap["shift"] == "S1" and gap["rules"] == {"firearms_missing": 4}
    assert "This cannot be met" in run.answer["conflicts"][0]["words"]


def test_a_long_run_is_the_workers_and_tells_its_steps(crew, monkeypatch):
    leader, operation, _ = crew
    for day in range(3):
        shift(crew, at(8, day))
    monkeypatch.setattr("varangian.planning.services.roster_runs.AT_ONCE_PAIRS", 0)
    monkeypatch.setattr("varangian.planning.services.roster_runs.run_now", lambda pk: None)
    run = services.plan(actor=leader, operation=operation, seconds=1)
    assert run.state == RosterRun.State.QUEUED
    with pytest.raises(Conflict, match="at work"):
        services.plan(actor=leader, operation=operation)
    run_now(run.pk)
    run.refresh_from_db()
    assert run.state == RosterRun.State.TAKEN and run.step["stage"] in ("first", "cover", "fair")
    run_now(run.pk)
    assert rows.assignments(leader, operation).count() == 3, "a run is finished once"
    with pytest.raises(Refused, match="not at work"):
        services.stop_run(actor=leader, run=run)


def test_a_run_that_waits_can_be_stopped(crew, monkeypatch):
    leader, operation, _ = crew
    shift(crew)
    monkeypatch.setattr("varangian.planning.services.roster_runs.AT_ONCE_PAIRS", 0)
    monkeypatch.setattr("varangian.planning.services.roster_runs.run_now", lambda pk: None)
    run = services.plan(actor=leader, operation=operation, seconds=1)
    services.stop_run(actor=leader, run=run)
    run_now(run.pk)
    run.refresh_from_db()
    assert run.state == RosterRun.State.DROPPED and not rows.assignments(leader, operation)


def test_sick_call_is_a_proposal_until_it_is_taken(crew):
    leader, operation, (ann, *_) = crew
    shifts = [shift(crew, at(8, day), title="Gate") for day in range(3)]
    for one in shifts:
        services.assign(actor=leader, shift=one, person=ann)
    services.publish(actor=leader, operation=operation)
    run = services.call_sick(actor=leader, operation=operation, person=ann, since=at(0, 1))
    assert run.state == RosterRun.State.READY
    assert [c["change"] for c in run.answer["changes"]].count("taken off") == 2
    assert rows.assignments(leader, operation).filter(person=ann).count() == 3, "nothing changed"
    assert services.take_run(actor=leader, run=run) == 0
    left = rows.assignments(leader, operation)
    assert [row.shift.code for row in left.filter(person=ann)] == ["S1"]
    assert left.count() == 3
    assert [a.why for a in rows.absences(leader, [ann], at(0))] == ["sick"]
    edition = services.publish(actor=leader, operation=operation)
    told = [(row["shift"], row["change"]) for row in edition.changes]
    assert sorted(told) == [
        ("S2", "added"), ("S2", "taken off"), ("S3", "added"), ("S3", "taken off"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="no proposal"):
        services.drop_run(actor=leader, run=run)


def test_sickness_goes_round_duties_elsewhere_and_their_leader_hears(crew):
    leader, operation, (ann, *_) = crew
    foreign = other_crew(ann)
    services.assign(actor=foreign[0], shift=shift(foreign, at(8, 1)), person=ann)
    services.assign(actor=leader, shift=shift(crew), person=ann)
    run = services.call_sick(
        actor=leader, operation=operation, person=ann, since=at(0), until=at(0, 2)
    )
    services.take_run(actor=leader, run=run)
    spans = [(a.starts, a.ends) for a in rows.absences(leader, [ann], at(0))]
    assert spans == [(at(0), at(8, 1)), (at(16, 1), at(0, 2))]
    alert = Alert.objects.get(operation=foreign[1])
    assert "reported sick" in alert.title and operation.slug not in alert.title + alert.body
    assert alert_elsewhere(
        person=str(ann.pk), operation=str(operation.pk), since=at(0).isoformat(),
        until=at(0, 2).isoformat(),
    ) == 1, "asked twice, one alert"  # fmt: skip
    assert Alert.objects.filter(operation=foreign[1]).count() == 1


def test_publish_accept_decline(crew):
    leader, operation, (ann, ben, _) = crew
    with pytest.raises(Refused, match="Nobody stands"):
        services.publish(actor=leader, operation=operation)
    first = services.assign(actor=leader, shift=shift(crew), person=ann)
    assert not rows.assignments(ann, operation), "a proposal is not the officer's to see"
    with frozen(at(0)):
        with pytest.raises(Refused, match="not published"):
            services.answer(actor=ann, assignment=first, accept=True)
        services.publish(actor=leader, operation=operation)
        assert rows.unanswered(ann, at(0)) == 1
        first.refresh_from_db()
        with pytest.raises(Denied):
            services.answer(actor=leader, assignment=first, accept=True)
        with pytest.raises(NotFound):
            services.answer(actor=factories.person(), assignment=first, accept=True)
        services.answer(actor=ann, assignment=first, accept=True)
        with pytest.raises(Refused, match="published as it is"):
            services.publish(actor=leader, operation=operation)
        with pytest.raises(Refused, match="few words"):
            services.answer(actor=ann, assignment=first, accept=False)
        services.answer(actor=ann, assignment=first, accept=False, said="Child in hospital")
        assert "declines S1 Gate" in Alert.objects.get(operation=operation).title
        assert not Hold.objects.filter(person=ann).exists(), "who declines is free again"
        services.assign(actor=leader, shift=first.shift, person=ben)
        with pytest.raises(Conflict, match="full"):
            services.answer(actor=ann, assignment=first, accept=True)


def test_published_duty_holds_the_post_and_a_relief_stales_nothing(team):
    services.make_shifts(
        actor=team.leader, operation=team.operation, posts=[team.ppo],
        starts=team.operation.starts, ends=team.operation.starts + timedelta(hours=30),
    )  # fmt: skip
    first = rows.shifts(team.leader, team.operation).first()
    services.change_shift(actor=team.leader, shift=first, needs=BARE)
    services.assign(actor=team.leader, shift=first, person=team.medic)
    operations.set_operation_state(actor=team.leader, operation=team.operation, state="planned")
    services.publish(actor=team.leader, operation=team.operation)
    team.ppo.refresh_from_db()
    assert team.ppo.holder == team.officer, "not yet"
    with frozen(first.starts + timedelta(minutes=1)):
        assert services.relieve() == 1 and services.relieve() == 0
    team.ppo.refresh_from_db()
    assert team.ppo.holder == team.medic
    with frozen(first.ends + timedelta(minutes=1)):
        services.relieve()
    team.ppo.refresh_from_db()
    assert team.ppo.holder == team.medic, "nobody relieved it: it keeps its holder"


def test_move_is_all_or_nothing(crew):
    leader, operation, (ann, ben, _) = crew
    gate, car = shift(crew), shift(crew, at(9), title="Car")
    first = services.assign(actor=leader, shift=gate, person=ann)
    services.assign(actor=leader, shift=car, person=ben)
    with pytest.raises(Conflict):
        services.move(actor=leader, assignment=first, person=ben)
    assert rows.assignments(leader, operation).filter(shift=gate, person=ann).exists()
    moved = services.move(actor=leader, assignment=first, person=leader)
    assert (moved.shift, moved.person) == (gate, leader)


def test_a_record_is_for_the_officer_and_who_plans(crew):
    leader, operation, (ann, ben, _) = crew
    services.write_officer(
        actor=leader, operation=operation, person=ann, medical=[{"name": "paramedic"}],
        wishes=[{"post": "Gate", "weight": 2}],
    )  # fmt: skip
    for person, seen in ((leader, 1), (ann, 1), (ben, 0), (factories.person(), 0)):
        assert len(rows.records(person, [ann])) == seen
    with pytest.raises(Refused, match="wishes"):
        services.write_officer(actor=leader, operation=operation, person=ann, wishes=[{}])
    with pytest.raises(NotFound):
        services.write_officer(
            actor=leader, operation=operation, person=factories.person(), skills=["x"]
        )
    with pytest.raises(Refused, match="not written here"):
        services.write_officer(actor=leader, operation=operation, person=ann, away=[])


def test_strangers_and_wrong_roles(crew):
    leader, operation, (ann, *_) = crew
    made = shift(crew)
    client = factories.member(operation, Role.CLIENT)
    for stranger in (factories.person(), other_crew(factories.person())[0]):
        with pytest.raises(NotFound):
            services.assign(actor=stranger, shift=made, person=ann)
        with pytest.raises(NotFound):
            rows.shift(stranger, made.pk)
    with pytest.raises(NotFound):
        rows.shift(client, made.pk)
    for person in (ann, client):
        with pytest.raises(Denied):
            services.remove_shift(actor=person, shift=made)
    with pytest.raises(NotFound):
        services.assign(actor=leader, shift=made, person=factories.person())
    with pytest.raises(Denied, match="named person"):
        services.assign(actor=leader, shift=made, person=ann)
        services.assign(
            actor=SYSTEM, shift=shift(crew, at(17), title="Late"), person=ann, reason="Because so"
        )


def test_the_way_to_duty_shortens_rest(crew):
    leader, operation, (ann, *_) = crew
    services.assign(actor=leader, shift=shift(crew, at(6), 8), person=ann)
    late = shift(crew, at(25), 8, title="Night")
    services.write_officer(actor=leader, operation=operation, person=ann, home="Porvoo")
    site = operation.title
    assert [(w.home, w.site, w.minutes) for w in ways(leader, operation)] == [
        ("Porvoo", site, None)
    ]
    assert book(leader, operation).why_not(ann, late) == ()
    known = [{"home": "Porvoo", "site": site, "minutes": 50}]
    services.set_ways(actor=leader, operation=operation, ways=known)
    (reason,) = book(leader, operation).why_not(ann, late)
    assert reason.rule == "daily_rest" and "the way counted" in reason.words
    assert ways(leader, operation)[0].minutes == 50


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([{"home": "Porvoo", "site": "Quay", "minutes": -5}], "Porvoo to Quay"),
        ([{"home": "Porvoo", "minutes": 5}], "Porvoo to ?"),
        ([{"home": "Porvoo", "site": "Quay", "minutes": 5}] * 2, "A way is given twice"),
    ],
)
def test_a_wrong_way_is_refused_and_nothing_is_lost(crew, given, words):
    leader, operation, _ = crew
    good = [{"home": "Porvoo", "site": "Quay", "minutes": 45}]
    services.set_ways(actor=leader, operation=operation, ways=good)
    with pytest.raises(Refused, match=words.replace("?", "[?]")):
        services.set_ways(actor=leader, operation=operation, ways=given)
    assert rows.roster(leader, operation).ways == good

"""The hot wash: planned against actual, observations, actions, the signature, who may what."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.alerts import services as alerts
from varangian.alerts.models import Alert
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import services as log
from varangian.log.models import LogEntry
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.actual import Passage
from varangian.planning.models import Debrief, Observation
from varangian.planning.queries import debrief as reads
from varangian.planning.queries import tracks
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.queries import neighbours


def run_day(team):
    """The drive leaves 12 minutes late after one move; nobody reports the speech."""
    leader, start = team.leader, team.drive.starts
    operations.change_movement(
        actor=leader, movement=team.drive, starts=start + timedelta(minutes=10)
    )
    factories.may_start(leader, team.operation)
    operations.set_operation_state(actor=leader, operation=team.operation, state="planned")
    operations.set_operation_state(actor=leader, operation=team.operation, state="active")
    for minutes, state in ((12, "under_way"), (35, "arrived"), (36, "complete")):
        with frozen(start + timedelta(minutes=minutes)):
            team.drive.refresh_from_db()
            operations.set_movement_state(actor=leader, movement=team.drive, state=state)
    with frozen(start + timedelta(minutes=20)):
        team.entry = log.write_entry(
            actor=team.driver, operation=team.operation, event="Road blocked at the bridge"
        )
    return start


@pytest.fixture
def held(issued):
    issued.start = run_day(issued)
    issued.wash = services.open_debrief(actor=issued.leader, operation=issued.operation)
    return issued


def said(team, who=None, **fields):
    given = {"kind": "improve", "text": "The road was blocked", **fields}
    return services.add_observation(actor=who or team.driver, debrief=team.wash, **given)


def confirmed(team, **fields):
    row = said(team, **fields)
    return services.confirm_observation(actor=team.leader, observation=row)


def acting(team, row, **fields):
    given = {"action": "Drive the alternate", "owner": team.driver,
             "due": now() + timedelta(days=3), **fields}  # fmt: skip
    return services.plan_action(actor=team.leader, observation=row, **given)


def row(found, kind, phase=None, n=0):
    rows = [r for r in found.of(kind) if phase in (None, r.phase)]
    return rows[n]


def test_planned_against_actual_undoes_what_moved_after_the_order(held):
    found = reads.compared(held.leader, held.operation)
    leaves, comes = row(found, "leg", "departs"), row(found, "leg", "arrives")
    assert (leaves.planned, leaves.minutes, leaves.state) == (held.start, 12, "late")
    assert "moved once" in leaves.note
    assert LogEntry.objects.get(serial=leaves.evidence).about == held.drive.pk
    assert (comes.minutes, comes.state) == (15, "late")
    speech = row(found, "leg", "begins")
    assert (speech.actual, speech.minutes, speech.state) == (None, None, "unknown")
    assert found.baseline == held.order.issued_at and not found.tracked
    assert [r.flagged for r in found.remarks] == [True]
    assert found.remarks[0].leg.pk == held.drive.pk


def test_orders_alerts_and_posts_are_compared(held):
    services.acknowledge_order(actor=held.driver, order=held.order, post=held.wheel)
    alert = alerts.raise_alert(
        operation=held.operation, title="Storm", source="system", dedupe="storm"
    )
    with frozen(alert.raised_at + timedelta(minutes=4)):
        alerts.acknowledge(actor=held.leader, alert=alert)
    found = reads.compared(held.leader, held.operation)
    assert row(found, "alert").minutes == 4
    states = [r.state for r in found.of("order")]
    assert states.count("answered") == 1 and "unknown" in states
    assert row(found, "post").state == "on time"
    assert not reads.compared(held.driver, held.operation).of("alert"), "not a driver's to see"


def test_tracks_fill_what_nobody_reported(held, monkeypatch):
    at = held.speech.starts + timedelta(minutes=2)
    monkeypatch.setattr(tracks, "passages", lambda *_: {held.speech.pk: Passage(departed=at)})
    found = reads.compared(held.leader, held.operation)
    assert found.tracked and row(found, "leg", "begins").minutes == 2
    assert row(found, "leg", "departs").minutes == 12, "the log comes first"


def test_it_is_opened_once_by_the_leader_when_it_has_begun(team):
    with pytest.raises(Refused, match="not begun"):
        services.open_debrief(actor=team.leader, operation=team.operation)
    run_day(team)
    for name in ("driver", "operator", "client"):
        with pytest.raises(Denied):
            services.open_debrief(actor=getattr(team, name), operation=team.operation)
    with pytest.raises(Refused, match="named person"):
        services.open_debrief(actor=SYSTEM, operation=team.operation)
    with pytest.raises(NotFound):
        services.open_debrief(actor=factories.person(), operation=team.operation)
    services.open_debrief(actor=team.leader, operation=team.operation)
    with pytest.raises(Refused, match="open already"):
        services.open_debrief(actor=team.leader, operation=team.operation)


def test_everybody_of_the_team_may_say_what_they_saw(held):
    for who in (held.driver, held.officer, held.analyst, held.operator):
        said(held, who)
    assert [r.number for r in reads.observations(held.leader, held.wash)] == [1, 2, 3, 4]
    with pytest.raises(Denied):
        said(held, held.client)
    with pytest.raises(NotFound):
        said(held, factories.person())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "blame"}, "sustain or to improve"),
        ({"text": "  "}, "needs words"),
        ({"about": ("principal", None)}, "does not come from this"),
    ],
)
def test_what_is_refused(held, wrong, words):
    with pytest.raises(Refused, match=words):
        said(held, **wrong)


def test_it_is_tied_to_the_record_it_comes_from(held):
    made = said(held, about=("log", held.entry.pk))
    left = neighbours(held.leader, "observation", made.pk)["left"]
    assert [one["kind"] for one in left] == ["Log entry"]
    assert reads.sources(held.driver, [made])[made.pk]["url"].endswith(f"#{held.entry.serial}")
    other = factories.operation(held.leader)
    foreign = log.write_entry(actor=held.leader, operation=other, event="Elsewhere")
    with pytest.raises(NotFound):
        said(held, about=("log", foreign.pk))


def test_the_leader_confirms_and_signs_and_then_it_stands(held):
    with pytest.raises(Refused, match="Nothing in it is confirmed"):
        services.close_debrief(actor=held.leader, debrief=held.wash, summary="A day")
    first, second = said(held, near_miss=True), said(held, kind="sustain", text="Calm radio")
    with pytest.raises(Denied):
        services.confirm_observation(actor=held.driver, observation=first)
    first = services.confirm_observation(actor=held.leader, observation=first)
    assert first.near_miss
    with pytest.raises(Denied):
        services.close_debrief(actor=held.operator, debrief=held.wash, summary="A day")
    done = services.close_debrief(actor=held.leader, debrief=held.wash, summary="Late, and calm")
    rows = list(reads.observations(held.leader, done))
    assert (
        reads.verdict(done, rows)["genuine"] and reads.state(done, rows, held.operation) == "closed"
    )
    assert any("Driver" in name for name in done.participants)
    for deed in (
        lambda: said(held),
        lambda: services.confirm_observation(actor=held.leader, observation=second),
        lambda: services.close_debrief(actor=held.leader, debrief=done, summary="Again"),
    ):
        with pytest.raises(Refused, match="was signed by"):
            deed()


def test_what_was_signed_stays_as_it_was_and_a_changed_word_shows(held):
    confirmed(held)
    done = services.close_debrief(actor=held.leader, debrief=held.wash, summary="Late")
    operations.set_movement_state(actor=held.leader, movement=held.speech, state="cancelled")
    found = reads.compared(held.leader, held.operation, done)
    assert found.frozen and row(found, "leg", "begins").state == "unknown"
    changed = Observation.objects.get(debrief=done)
    changed.text = "The road was free"
    changed.save()
    assert not reads.verdict(Debrief.objects.get(), [changed])["genuine"]


def test_an_action_has_an_owner_and_a_date_and_is_ended_by_them(held):
    point = confirmed(held)
    with pytest.raises(Denied):
        services.plan_action(actor=held.driver, observation=point, action="x")
    for wrong, words in (
        ({"owner": None}, "who does it"),
        ({"due": None}, "until when"),
        ({"due": now() - timedelta(hours=1)}, "has passed"),
        ({"owner": factories.person()}, "does not see"),
        ({"action": " "}, "needs words"),
    ):
        with pytest.raises(Refused, match=words):
            acting(held, point, **wrong)
    point = acting(held, point)
    services.close_debrief(actor=held.leader, debrief=held.wash, summary="Late")
    with pytest.raises(Refused, match="under the signature"):
        acting(held, point, action="Another")
    moved = acting(held, point, action="", owner=held.officer, due=now() + timedelta(days=5))
    assert moved.owner == held.officer
    rows = list(reads.observations(held.leader, held.wash))
    assert reads.verdict(reads.debrief(held.leader, held.operation), rows)["genuine"]
    with pytest.raises(Denied):
        services.end_action(actor=held.driver, observation=moved, outcome="Done")
    with pytest.raises(Refused, match="needs words"):
        services.end_action(actor=held.officer, observation=moved, outcome="")
    ended = services.end_action(actor=held.officer, observation=moved, outcome="Driven twice")
    assert (ended.action_state, ended.ended_by) == ("done", held.officer)
    with pytest.raises(Refused, match="no open action"):
        services.end_action(actor=held.officer, observation=moved, outcome="Again")


def test_an_overdue_action_asks_once_and_falls_silent_when_it_ends(held):
    point = acting(held, confirmed(held), due=now() + timedelta(hours=1))
    assert services.remind_overdue() == 0
    with frozen(now() + timedelta(hours=2)):
        assert services.remind_overdue() == services.remind_overdue() == 1
        alert = Alert.objects.get(source="observation")
        assert alert.about == point.pk and "Drive the alternate" in alert.body
        assert neighbours(held.leader, "observation", point.pk)["right"][0]["kind"] == "Alert"
        services.end_action(actor=held.driver, observation=point, outcome="No need", dropped=True)
    alert.refresh_from_db()
    assert alert.state == "expired"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Lena Leader was late", "a person's name"),
        ("The Angry letter writer was seen", "a source"),
        ("The marigold was given", "a code word"),
        ("Insulin was in the car", "something medical"),
        ("Ida Invented called", "a private name"),
    ],
)
def test_the_client_reads_no_names_sources_or_medical_facts(held, words, what):
    point = confirmed(held)
    with pytest.raises(Refused, match=what):
        services.release_words(actor=held.leader, observation=point, words=words)
    kept = services.release_words(
        actor=held.leader, observation=point, words="The alternate route is driven before use."
    )
    assert kept.client_words


def test_words_for_the_client_are_the_leaders(held):
    with pytest.raises(Refused, match="Confirm it"):
        services.release_words(actor=held.leader, observation=said(held), words="A delay")
    with pytest.raises(Denied):
        services.release_words(actor=held.operator, observation=confirmed(held), words="A delay")

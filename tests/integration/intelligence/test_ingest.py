"""Feed files into signals and signals into alerts: counted, replaced, closed, never invented."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests import factories
from tests.integration.intelligence.feeds import atom, cap, feed, item

from varangian.alerts.models import Alert
from varangian.alerts.services import acknowledge
from varangian.intelligence import queries, services
from varangian.intelligence.models import FeedImport, Signal
from varangian.kernel import clock
from varangian.kernel.results import Denied, Refused
from varangian.operations.services import (
    add_movement,
    change_movement,
    set_movement_state,
    set_operation_state,
)
from varangian.places.services import locate_place
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[2] / "fixtures" / "feeds"


@pytest.fixture(autouse=True)
def the_day_before(team):
    with clock.frozen(team.start - timedelta(hours=20)):
        yield


def take(data: bytes, **given) -> FeedImport:
    return services.import_feed(actor=SYSTEM, data=data, **given)


def counted(record: FeedImport) -> dict[str, int]:
    return {name: count for name, count in record.counts.items() if count}


def open_alerts() -> list[Alert]:
    return list(Alert.objects.filter(state__in=Alert.OPEN))


def rematch() -> None:
    """What the worker does with the jobs that changes left for it."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(task_name="intelligence.match_movement")
    services.match_movements([UUID(job.args["movement"]) for job in waiting])


@pytest.mark.parametrize(
    ("name", "kind", "items", "problems"),
    [
        ("cap.xml", "cap", 2, 0),
        ("cap_several.xml", "cap", 2, 1),
        ("gdacs.xml", "gdacs", 3, None),
        ("usgs.json", "usgs", 3, None),
        ("hazards.geojson", "geojson", 3, None),
    ],
)
def test_every_fixture_is_read_once(name, kind, items, problems):
    data = (FOLDER / name).read_bytes()
    record = take(data, name=name)
    assert (record.kind, record.counts["items"]) == (kind, items)
    assert problems is None or record.counts["problems"] == problems
    assert bytes(record.original) == data
    assert sum(record.counts[k] for k in ("new", "updated", "cancelled")) == items
    again = take(data, name=name)
    assert not any(again.counts[k] for k in ("new", "updated", "cancelled")), again.counts
    assert Signal.objects.filter(feed_import=again, state="active").count() == 0


def test_new_unchanged_updated_outdated(team):
    early = item("s1", team.start)
    assert counted(take(feed(early))) == {"items": 1, "new": 1}
    assert counted(take(feed(early))) == {"items": 1, "unchanged": 1}
    newer = item("s1", team.start, updated=team.start.isoformat(), title="Storm grows")
    assert counted(take(feed(newer))) == {"items": 1, "updated": 1}
    assert counted(take(feed(early))) == {"items": 1, "outdated": 1}
    old, now = Signal.objects.order_by("received_at", "pk")
    active = Signal.objects.get(state="active")
    assert active.title == "Storm grows"
    assert {old.state, now.state} == {"superseded", "active"}
    assert Signal.objects.get(state="superseded").superseded_by == active


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "2026-11-26T08:00:00+00:00"},
        {"radius_km": 50},
        {"at": [25.5, 60.3]},
        {"instruction": "Hold all cars."},
        {"status": "exercise"},
        {"severity": "extreme"},
    ],
)
def test_a_source_without_a_clock_still_updates(team, change):
    """Some feeds carry no time of update: what they say is compared then."""
    first = item("s1", team.start, updated=None)
    take(feed(first))
    assert counted(take(feed(first))) == {"items": 1, "unchanged": 1}
    at = change.pop("at", [24.95, 60.25])
    changed = item("s1", team.start, updated=None, at=at, **change)
    assert counted(take(feed(changed))) == {"items": 1, "updated": 1}


def test_an_alert_says_leg_minutes_distance_and_what_to_do(team):
    take(feed(item("s1", team.start + timedelta(minutes=10), instruction="Wait at the airport.")))
    (alert,) = open_alerts()
    assert alert.movement == team.drive
    assert alert.title == f"Severe weather on leg {team.drive.serial}: Airport to hotel"
    assert "Affected 30 minutes, 25 Nov 10:10 EET to 25 Nov 10:40 EET" in alert.body
    assert (alert.minutes, alert.distance_km) == (30, 0.0)
    assert alert.action == "Wait at the airport."
    assert alert.urgency == "attention"


def test_without_an_instruction_the_house_says_what_to_do(team):
    take(feed(item("s1", team.start, band="red", kind="flood")))
    (alert,) = open_alerts()
    assert alert.action.startswith("Check the route for closures")
    assert alert.urgency == "now"


def test_what_touches_nothing_is_counted_and_alerts_nobody(team):
    far = item("far", team.start, at=[16.37, 48.2])
    late = item("late", team.start + timedelta(days=3))
    assert counted(take(feed(far, late))) == {"items": 2, "new": 2}
    assert not open_alerts() and Signal.objects.count() == 2


@pytest.mark.parametrize("status", ["exercise", "test", "draft"])
def test_exercises_never_alert(team, status):
    take(feed(item("s1", team.start, status=status)))
    assert Signal.objects.get().status == status
    assert not Alert.objects.exists()


def test_a_signal_without_a_place_touches_nothing(team):
    take(feed(item("s1", team.start, at=None)))
    assert Signal.objects.get().geometry == {} and not Alert.objects.exists()


def test_what_is_over_only_informs(team):
    with clock.frozen(team.start + timedelta(days=2)):
        take(feed(item("s1", team.start, band="red")))
    assert [alert.urgency for alert in open_alerts()] == ["inform"]


def test_unknown_severity_asks_for_attention(team):
    take(feed(item("s1", team.start, band=None)))
    assert [alert.urgency for alert in open_alerts()] == ["attention"]


def test_a_street_is_narrower_than_the_weather(team):
    """Five kilometres beside the road: weather counts, a protest does not."""
    beside = [25.05, 60.25]
    given: dict = {"at": beside, "radius_km": 0.1}
    take(feed(item("p1", team.start, kind="security", **given)))
    assert not open_alerts()
    take(feed(item("w1", team.start, kind="weather", **given)))
    (alert,) = open_alerts()
    assert 3 < alert.distance_km < 8
    assert "passes" in alert.body


def test_a_protest_on_the_street_alerts(team):
    take(feed(item("p1", team.start, kind="security", at=[24.951, 60.24], radius_km=0.3)))
    assert [alert.title.split(" on leg")[0] for alert in open_alerts()] == ["Security incident"]


def test_an_update_keeps_the_question_and_a_change_of_place_ends_it(team):
    take(feed(item("s1", team.start)))
    (asked,) = open_alerts()
    moved = item("s1", team.start, updated=team.start.isoformat(), at=[16.37, 48.2])
    take(feed(moved))
    assert not open_alerts()
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("expired", "Updated")


def test_an_acknowledged_alert_is_not_asked_again_by_a_small_update(team):
    take(feed(item("s1", team.start)))
    (asked,) = open_alerts()
    acknowledge(actor=team.leader, alert=asked)
    newer = (clock.now() - timedelta(hours=1)).isoformat()
    take(feed(item("s1", team.start, updated=newer, title="Storm s1, wind 21 m/s")))
    (alert,) = open_alerts()
    assert alert.pk == asked.pk and alert.acknowledged_by == team.leader
    assert "21 m/s" in alert.body and alert.about == Signal.objects.get(state="active").pk
    take(feed(item("s1", team.start, updated=clock.now().isoformat(), band="red")))
    (alert,) = open_alerts()
    assert alert.acknowledged_at is None, "more urgent asks again"


def test_cancel_closes_what_it_refers_to(team):
    take(cap("a1").encode())
    (asked,) = open_alerts()
    record = take(cap("a2", kind="Cancel", refers="s@example.org,a1,2026-11-24T02:00:00Z").encode())
    assert record.counts["cancelled"] == 1
    assert not open_alerts()
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("expired", "Cancelled by its source")
    assert not Signal.objects.filter(state="active").exists()


def test_update_replaces_what_it_refers_to(team):
    take(cap("a1").encode())
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    record = take(cap("a2", kind="Update", refers=refers).encode())
    assert record.counts["updated"] == 1
    (alert,) = open_alerts()
    assert "Flood a2" in alert.body
    assert Signal.objects.get(state="active").native_id.startswith("s@example.org,a2")


def test_alert_and_cancel_in_one_file(team):
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    off = cap("a2", kind="Cancel", refers=refers, sent="2026-11-24T03:00:00Z")
    for alerts in ((cap("a1"), off), (off, cap("a1"))):
        Signal.objects.all().delete()
        take(atom(*alerts))
        assert not Signal.objects.filter(state="active").exists()
        assert not open_alerts()


def test_a_late_alert_does_not_undo_its_cancel(team):
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    take(cap("a2", kind="Cancel", refers=refers, sent="2026-11-24T03:00:00Z").encode())
    for expected in ("cancelled", "unchanged"):
        assert take(cap("a1").encode()).counts[expected] == 1
        assert not open_alerts()
    late = Signal.objects.get(native_id="s@example.org,a1")
    assert (late.state, late.superseded_by.native_id) == ("cancelled", "s@example.org,a2")


def test_a_late_alert_does_not_stand_beside_its_update(team):
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    take(cap("a2", kind="Update", refers=refers, sent="2026-11-24T03:00:00Z").encode())
    assert take(cap("a1").encode()).counts["outdated"] == 1
    assert len(open_alerts()) == 1
    assert Signal.objects.filter(state="active").count() == 1


def test_an_identifier_used_again_after_its_cancel_alerts(team):
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    take(cap("a2", kind="Cancel", refers=refers, sent="2026-11-24T03:00:00Z").encode())
    take(cap("a1", sent="2026-11-24T05:00:00Z").encode())
    assert len(open_alerts()) == 1


def test_a_sender_cancels_only_its_own(team):
    """Identifiers are the sender's: two of them may both number from one."""
    take(cap("a1").encode())
    other = cap("a2", kind="Cancel", refers="t@example.org,a1,2026-11-24T02:00:00Z")
    take(other.replace("s@example.org", "t@example.org").encode())
    assert len(open_alerts()) == 1
    take(cap("a1", sent="2026-11-24T04:00:00Z").replace("s@example.org", "t@example.org").encode())
    assert Signal.objects.filter(state="active").count() == 2


def test_a_cancelled_item_that_is_sent_again_alerts_again(team):
    take(cap("a1").encode())
    refers = "s@example.org,a1,2026-11-24T02:00:00Z"
    take(cap("a2", kind="Cancel", refers=refers, sent="2026-11-24T03:00:00Z").encode())
    take(cap("a3", sent="2026-11-24T04:00:00Z").encode())
    assert len(open_alerts()) == 1


def test_two_feeds_of_the_generic_format_do_not_overwrite_each_other(team):
    one, two = (services.switch(actor=SYSTEM, name=n, on=True, url="http://x/") for n in "ab")
    for connector in (one, two):
        record = take(feed(item("1", team.start, title=connector.name)), connector=connector)
        assert record.counts["new"] == 1
    assert Signal.objects.filter(state="active").count() == 2


def test_a_leg_that_moves_away_closes_its_alerts(team):
    take(feed(item("s1", team.start)))
    later = team.start + timedelta(hours=9)
    change_movement(actor=team.leader, movement=team.drive, starts=later, ends=None)
    rematch()
    (alert,) = Alert.objects.all()
    assert alert.state == "expired" and "no longer touches" in alert.reason


def test_a_leg_that_moves_into_a_hazard_alerts(team):
    take(feed(item("s1", team.start + timedelta(hours=9))))
    assert not open_alerts()
    later = team.start + timedelta(hours=9)
    given = {"starts": later, "ends": later + timedelta(minutes=40)}
    change_movement(actor=team.leader, movement=team.drive, **given)
    rematch()
    assert [alert.movement for alert in open_alerts()] == [team.drive]


def test_a_new_leg_meets_the_hazards_that_are_there(team):
    take(feed(item("s1", team.start)))
    added = add_movement(
        actor=team.leader,
        operation=team.operation,
        kind="stay",
        title="Night",
        destination=team.hotel,
        starts=team.start,
        ends=team.start + timedelta(hours=9),
    )
    rematch()
    assert added in [alert.movement for alert in open_alerts()]


def test_a_place_put_on_the_map_is_matched(team):
    hall = team.place("Hall", None)
    event = add_movement(
        actor=team.leader,
        operation=team.operation,
        kind="event",
        title="Speech",
        destination=hall,
        starts=team.start,
        ends=team.start + timedelta(hours=1),
    )
    take(feed(item("s1", team.start, at=[10.0, 50.0])))
    assert not open_alerts()
    locate_place(actor=team.leader, place=hall, latitude=50.0, longitude=10.0)
    rematch()
    assert [alert.movement for alert in open_alerts()] == [event]
    locate_place(actor=team.leader, place=hall, latitude=10.0, longitude=50.0)
    rematch()
    assert not open_alerts()


@pytest.mark.parametrize("states", [["cancelled"], ["under_way", "complete"]])
def test_a_leg_that_is_over_or_off_asks_nobody(team, states):
    take(feed(item("s1", team.start)))
    assert open_alerts()
    for state in states:
        set_movement_state(actor=team.leader, movement=team.drive, state=state)
    rematch()
    assert not open_alerts()


def test_an_operation_that_is_off_asks_nobody(team):
    take(feed(item("s1", team.start)))
    set_operation_state(actor=team.leader, operation=team.operation, state="cancelled")
    rematch()
    assert not open_alerts()
    take(feed(item("s2", team.start)))
    assert not open_alerts()
    set_operation_state(actor=team.leader, operation=team.operation, state="draft")
    rematch()
    assert len(open_alerts()) == 2


def test_every_team_that_is_touched_hears_of_it_alone(team):
    other = factories.person()
    operation = factories.operation(other)
    add_movement(
        actor=other,
        operation=operation,
        kind="event",
        title="Secret dinner",
        destination=team.hotel,
        starts=team.start,
        ends=team.start + timedelta(hours=1),
    )
    take(feed(item("s1", team.start)))
    assert len(open_alerts()) == 2
    (seen,) = Alert.objects.visible_to(team.leader)
    assert seen.operation == team.operation


def test_matching_twice_asks_once(team):
    record = take(feed(item("s1", team.start)))
    services.match_signals([signal.pk for signal in record.signals.all()])
    services.match_movements([team.drive.pk])
    assert len(Alert.objects.all()) == 1


def test_who_imports():
    operation = factories.operation()
    for role in (Role.DETAIL_LEADER, Role.ANALYST, Role.OPERATOR):
        actor = factories.member(operation, role)
        assert services.import_feed(actor=actor, data=feed()).imported_by == actor
    for role in (Role.OFFICER, Role.DRIVER, Role.CLIENT):
        with pytest.raises(Denied):
            services.import_feed(actor=factories.member(operation, role), data=feed())
    for fields in ({}, {"is_administrator": True}, {"is_auditor": True}):
        with pytest.raises(Denied):
            services.import_feed(actor=factories.person(**fields), data=feed())


def test_an_import_is_noted_in_the_audit(team):
    record = take(feed(item("s1", team.start)), name="storm.json")
    assert AuditEntry.objects.filter(kind="import", record=str(record.pk)).exists()


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"hello",
        b'{"type": "Topology"}',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>',
        b"<rss><channel>",
    ],
)
def test_what_is_no_feed_is_refused_and_leaves_nothing(broken):
    with pytest.raises(Refused) as refused:
        take(broken)
    assert refused.value.what and not FeedImport.objects.exists()


def test_a_wrong_kind_is_refused(team):
    with pytest.raises(Refused):
        take(feed(item("s1", team.start)), kind="horoscope")
    with pytest.raises(Refused):
        take(feed(item("s1", team.start)), kind="cap")


def test_one_bad_item_does_not_lose_the_others(team):
    bad = item("bad", team.start, at=[500, 900])
    twice = item("s1", team.start, updated="not a time")
    record = take(feed(item("s1", team.start), bad, twice, item("s2", team.start)))
    assert Signal.objects.filter(state="active").count() >= 2
    assert record.problems and all(p["where"] and p["what"] for p in record.problems)


def test_many_signals_cost_few_queries(team, django_assert_max_num_queries):
    data = feed(*(item(f"s{n}", team.start, at=[16.0, 48.0]) for n in range(200)))
    updated = feed(
        *(
            item(f"s{n}", team.start, at=[16.0, 48.0], updated=team.start.isoformat())
            for n in range(200)
        )
    )
    with django_assert_max_num_queries(200 + 30):
        take(data)
    with django_assert_max_num_queries(3 * 200 + 30):
        assert take(updated).counts["updated"] == 200


def test_real_samples(team, shared_data):
    samples = [
        *sorted((shared_data / "text" / "samples").glob("cap_*")),
        shared_data / "text" / "samples" / "gdacs-rss.xml",
        *sorted((shared_data / "travel").glob("gdacs*.xml")),
        *sorted((shared_data / "travel").glob("usgs*.json")),
    ]
    for path in samples:
        first = take(path.read_bytes(), name=path.name)
        assert first.counts["items"] > 0, path.name
        again = take(path.read_bytes(), name=path.name)
        assert (again.counts["new"], again.counts["updated"]) == (0, 0), (path.name, again.counts)
    assert queries.signals(team.leader).count() > 10

"""Planned against actual: from plan and log to minutes; what nobody told stays unknown."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from varangian.planning.actual import (
    Hold,
    Leg,
    Passage,
    Said,
    changes_of,
    frozen_row,
    held_at,
    holds_of,
    leg_actual,
    leg_rows,
    post_row,
    remarks,
    spread,
    thawed,
)
from varangian.planning.counting import (
    PostActual,
    coverage,
    hours_planned,
    hours_worked,
    moved,
)

ZONE = "Europe/Helsinki"
TEN = datetime(2026, 10, 12, 7, 0, tzinfo=UTC)  # 10:00 in Helsinki
ISSUED = TEN - timedelta(hours=12)


def after(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def leg(**fields):
    given = {"pk": uuid4(), "serial": 1, "title": "Hotel to hall", "zone": ZONE, "starts": TEN,
             "ends": after(20), "state": "planned", **fields}  # fmt: skip
    return Leg(**given)


def said(about, words, at, serial=1, **fields):
    return Said(serial, at, "movements", about, words, **fields)


def moves(one, *spans):
    """Log entries of moves: (when told, field, old, new) in minutes from ten."""
    return [
        said(one.pk, f"Leg 1 changed: {field} {_clock(old)} to {_clock(new)}", after(told), n)
        for n, (told, field, old, new) in enumerate(spans, 1)
    ]


def _clock(minutes):
    if minutes is None:
        return "unknown"
    return f"{after(minutes) + timedelta(hours=3):%d %b %H:%M} EEST"


def test_the_plan_is_what_stood_when_the_order_was_issued():
    one = leg(starts=after(30))
    told = moves(one, (-800, "starts", -60, 0), (-100, "starts", 0, 20), (-50, "starts", 20, 30))
    found = leg_actual(one, told, ISSUED)
    assert found.starts == TEN and [c.new for c in found.changes] == [after(20), after(30)]
    rows = leg_rows([found])
    assert rows[0].planned == TEN and rows[0].note == "moved twice, last to 10:30"


def test_without_an_order_the_last_times_are_the_plan_and_nothing_is_a_change():
    one = leg(starts=after(30))
    found = leg_actual(one, moves(one, (-100, "starts", 0, 30)), None)
    assert found.starts == after(30) and found.changes == []


def test_a_move_from_or_to_an_unknown_time():
    one = leg(ends=after(45))
    found = leg_actual(one, moves(one, (-100, "ends", None, 45)), ISSUED)
    assert found.ends is None and leg_rows([found])[1].minutes is None


@pytest.mark.parametrize(
    ("told", "year"),
    [(datetime(2027, 1, 1, 1, tzinfo=UTC), 2026), (datetime(2026, 12, 31, 23, tzinfo=UTC), 2026)],
)
def test_a_date_without_a_year_is_the_closest_one(told, year):
    one = leg()
    words = "Leg 1 changed: starts 31 Dec 23:50 EET to 01 Jan 00:30 EET"
    move = changes_of(one, [said(one.pk, words, told)])[0]
    assert (move.old.year, move.new - move.old) == (year, timedelta(minutes=40))


def test_a_day_that_some_years_do_not_have_is_not_mistaken():
    one = leg(zone="UTC")
    words = "Leg 1 changed: starts 29 Feb 10:00 UTC to 29 Feb 11:00 UTC"
    move = changes_of(one, [said(one.pk, words, datetime(2028, 2, 28, tzinfo=UTC))])[0]
    assert (move.old.year, move.new.hour) == (2028, 11)


def test_two_fields_in_one_entry_and_a_title_that_looks_like_one():
    one = leg()
    words = (
        "Leg 1 changed: title starts badly to Hall; starts 12 Oct 10:00 EEST to 12 Oct 10:15 EEST"
        "; ends 12 Oct 10:20 EEST to 12 Oct 10:35 EEST"
    )
    found = changes_of(one, [said(one.pk, words, after(-60))])
    assert [change.field for change in found] == ["starts", "ends"]


def test_actual_times_come_from_the_log_of_the_house_not_from_prose():
    one = leg()
    told = [
        said(one.pk, "Leg 1 under way: 12 Oct 10:00 EEST Hotel to hall", after(12), 4),
        said(one.pk, "Leg 1 under way: again", after(15), 5),
        said(one.pk, "Leg 1 complete: 12 Oct", after(33), 6),
        said(one.pk, "Leg 1 under way: somebody wrote this", after(1), 3, by_hand=True),
    ]
    found = leg_actual(one, told, ISSUED)
    rows = leg_rows([found])
    assert [(r.phase, r.minutes, r.state, r.evidence) for r in rows] == [
        ("departs", 12, "late", 4),
        ("arrives", 13, "late", 6),
    ]


def test_early_on_time_and_at_most_an_hour_drawn():
    one = leg()
    told = [said(one.pk, "Leg 1 under way: x", after(-90), 1)]
    told += [said(one.pk, "Leg 1 arrived: x", after(24), 2)]
    rows = leg_rows([leg_actual(one, told, ISSUED)])
    assert [row.state for row in rows] == ["early", "on time"]
    assert rows[0].drawn == {"x": -60, "width": 60}
    assert rows[1].tone == "green"


def test_unknown_stays_unknown_and_a_track_fills_it():
    one = leg()
    bare = leg_actual(one, [], ISSUED)
    assert [row.state for row in leg_rows([bare])] == ["unknown", "unknown"]
    seen = leg_actual(one, [], ISSUED, Passage(departed=after(3)))
    assert leg_rows([seen])[0].minutes == 3 and leg_rows([seen])[1].minutes is None


def test_cancelled_and_diverted():
    gone = leg(state="cancelled")
    assert {row.state for row in leg_rows([leg_actual(gone, [], ISSUED)])} == {"cancelled"}
    one = leg()
    told = [said(one.pk, "Leg 1 diverted: x", after(10))]
    assert leg_rows([leg_actual(one, told, ISSUED)])[1].note == "diverted on the way"


def test_a_post_is_held_from_the_entry_that_says_so():
    pk = uuid4()
    told = [
        said(pk, "Medic is held by Hana", after(-90), 1),
        said(pk, "Medic is empty", after(5), 2),
    ]
    holds = holds_of(pk, told, holder=False, since=None)
    assert [held_at(holds, after(m)) for m in (-120, 0, 10)] == [False, True, False]
    assert held_at(holds, None) is None
    assert holds_of(pk, [], holder=True, since=TEN) == [Hold(TEN, True)]


def test_post_rows_count_the_legs_without_a_holder():
    one, two = leg(), leg(serial=2, starts=after(60), ends=after(80))
    legs = [leg_actual(row, [], ISSUED) for row in (one, two)]
    late = post_row(pk=uuid4(), title="Medic", holds=[Hold(after(30), True)], legs=legs, zone=ZONE)
    assert (late.minutes, late.state, late.note) == (30, "late", "empty at 1 of 2 legs")
    never = post_row(pk=uuid4(), title="Medic", holds=[], legs=legs, zone=ZONE)
    assert (never.state, never.note) == ("empty", "empty at 2 of 2 legs")
    assert post_row(pk=uuid4(), title="Medic", holds=[], legs=[], zone=ZONE) is None


def test_remarks_are_flagged_by_words_and_find_their_leg():
    one = leg_actual(leg(), [], ISSUED)
    told = [
        said(None, "Near miss at the gate", after(10), 2, by_hand=True),
        said(None, "All quiet", after(90), 3, by_hand=True),
    ]
    found = remarks(told, [one])
    assert [(r.flagged, r.leg is not None) for r in found] == [(True, True), (False, False)]


def test_a_row_survives_its_signature():
    one = leg()
    told = [said(one.pk, "Leg 1 under way: x", after(12), 4)]
    rows = [
        *leg_rows([leg_actual(one, told, ISSUED)]),
        *leg_rows([leg_actual(leg(state="cancelled"), [], ISSUED)]),
    ]
    again = [thawed(frozen_row(row)) for row in rows]
    assert again == rows and spread(again) == {"late": 1, "unknown": 1, "cancelled": 2}


def test_coverage_hours_and_changes_of_an_operation():
    one, two = leg(), leg(serial=2, starts=after(60), ends=after(120))
    gone, dark = leg(state="cancelled"), leg(serial=3, starts=None, ends=None)
    told = [
        said(one.pk, "Leg 1 under way: x", after(10), 1),
        said(two.pk, "Leg 2 complete: x", after(130), 2),
    ]
    legs = [leg_actual(row, told, ISSUED) for row in (one, two, gone)]
    posts = [
        PostActual([Hold(after(-60), True)], [one.pk, two.pk, gone.pk]),
        PostActual([Hold(after(30), True)], [one.pk, two.pk]),
    ]
    found = coverage(legs, posts, after(900))
    assert (found.needed, found.held, found.unknown) == (4, 3, 0)
    assert coverage(legs, posts, after(30)).needed == 2, "the second leg is still to come"
    assert hours_planned(legs, posts) == 4.0 and hours_worked(legs, posts) == 4.0
    assert moved(legs) == 1, "the cancelled one"
    with_dark = [*legs, leg_actual(dark, [], ISSUED)]
    asked = [PostActual([], [dark.pk])]
    assert coverage(with_dark, asked, after(900)).unknown == 1
    assert hours_planned(with_dark, asked) is None
    assert hours_worked(with_dark, asked) is None, "nobody held it, so nobody worked"

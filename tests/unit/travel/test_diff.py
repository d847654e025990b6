"""What changed between two readings, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from varangian.travel.itineraries.diff import diff, length
from varangian.travel.itineraries.legs import LegDraft

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def leg(uid="a", minutes=0, **fields) -> LegDraft:
    start = START + timedelta(minutes=minutes)
    options = {
        "role": "leg",
        "mode": "road",
        "title": "Drive",
        "zone": "Europe/Helsinki",
        "origin": "Hotel Norrsken",
        "destination": "Harbour Hall",
        "start": start,
        "end": start + timedelta(minutes=40),
    } | fields
    return LegDraft(uid=uid, **options)


def test_nothing_changed():
    result = diff([leg()], [leg()])
    assert result.empty
    assert len(result.unchanged) == 1


def test_earlier_departure_in_the_zone_of_the_leg():
    result = diff([leg()], [leg(start=START - timedelta(minutes=30))])
    assert result.changed[0].words == "Leaves 30 min earlier (14:00 instead of 14:30 EET)"


def test_other_day_shows_the_date():
    new = leg(start=START + timedelta(days=1))
    words = diff([leg()], [new]).changed[0].fields[0].words
    assert words == "Leaves 1 day later (25 Nov 14:30 instead of 24 Nov 14:30 EET)"


def test_arrival_in_the_zone_of_the_destination():
    old = leg(zone="Europe/Berlin", end_zone="Europe/Helsinki")
    new = replace(old, end=old.end + timedelta(minutes=20))
    assert diff([old], [new]).changed[0].words == (
        "Arrives 20 min later (15:30 instead of 15:10 EET)"
    )


def test_place_status_and_unknown_end():
    new = leg(destination="Old Town", status="cancelled", end=None)
    words = diff([leg()], [new]).changed[0].words
    assert "Goes to Old Town instead of Harbour Hall" in words
    assert "Cancelled" in words
    assert "Arrives at an unknown time (was 24 Nov 15:10 EET)" in words


def test_new_uid_is_matched_by_flight_and_day():
    old = leg("old", mode="flight", flight_number="LH 2462", origin="MUC", destination="HEL")
    new = replace(old, uid="new", origin="Munich", start=START + timedelta(hours=3))
    result = diff([old], [new])
    assert result.changed[0].matched_by == "flight number and day"
    assert not result.added
    assert not result.removed


def test_new_uids_are_matched_by_ends_and_nearest_time():
    old = [leg("o1"), leg("o2", minutes=180)]
    new = [leg("n2", minutes=190), leg("n1", minutes=5)]
    pairs = {(c.old.uid, c.new.uid) for c in diff(old, new).changed}
    assert pairs == {("o1", "n1"), ("o2", "n2")}


def test_added_and_removed():
    result = diff([leg("a")], [leg("b", destination="Old Town")])
    assert [x.uid for x in result.removed] == ["a"]
    assert [x.uid for x in result.added] == ["b"]


def test_ends_far_apart_in_time_are_two_legs():
    result = diff([leg("a")], [leg("b", minutes=60 * 48)])
    assert (len(result.added), len(result.removed)) == (1, 1)


def test_stop_begins_and_takes_place():
    old = leg(role="stop", origin="Harbour Hall", mode="meeting")
    new = replace(old, origin="Old Town", destination="Old Town", start=START + timedelta(hours=1))
    words = [change.words for change in diff([old], [new]).changed[0].fields]
    assert words == [
        "Begins 1 h later (15:30 instead of 14:30 EET)",
        "Takes place at Old Town instead of Harbour Hall",
    ]


def test_length():
    assert [length(timedelta(minutes=m)) for m in (0, 5, 65, 120, 2880, 1500)] == [
        "less than a minute",
        "5 min",
        "1 h 05 min",
        "2 h",
        "2 days",
        "1 d 1 h",
    ]

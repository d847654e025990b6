"""The correlator names what chance does not explain, and hardly anybody else."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from varangian.engines.sightings import Limits, Report, Track, correlate, read
from varangian.engines.sightings.town import Wish, town
from varangian.kernel.results import Refused

BEGIN = datetime(2027, 3, 1, 8, tzinfo=UTC)
SMALL = {"vehicles": 2500, "cameras": 30, "days": 10}


def row(day: int, km: float, **given) -> dict:
    at = BEGIN + timedelta(days=day, minutes=given.pop("minute", 0))
    return {"at": at.isoformat(), "lat": 60 + km / 111.2, "lon": 25.0, "kind": "vehicle", **given}


def crowd(count: int = 60) -> list[dict]:
    """Vehicles seen once each, at three places."""
    places = (0, 4, 9)
    return [row(k % 5, places[k % 3], plate=f"XYZ{100 + k}", minute=k) for k in range(count)]


def judged(rows: list[dict], **given) -> Report:
    seen, unread = read(rows)
    assert not unread
    return correlate(seen, **given)


def test_a_plate_met_at_three_places_on_three_days_stands_out_of_a_small_log():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 4), (2, 9))]
    report = judged(rows)
    (found,) = report.patterns
    assert found.name == "A8C123" and len(found.stops) == 3 and found.days == 3
    assert found.span_km == pytest.approx(9, rel=0.02)
    assert found.by_chance < 0.1
    assert "3 sightings at 3 places on 3 days" in found.told


def test_one_parked_at_one_place_every_day_is_nobody():
    rows = crowd() + [row(day, 0, plate="ABC-123", minute=5 * day) for day in range(5)]
    assert judged(rows).patterns == ()


def test_three_times_along_one_street_is_one_environment():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 0.1), (2, 0.2))]
    assert judged(rows).patterns == ()


def test_known_plates_and_denied_patterns_are_left_out():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 4), (2, 9))]
    assert judged(rows, known=["abc 123"]).patterns == ()
    assert judged(rows, denied=["A8C123"]).patterns == ()


def test_a_slip_of_one_character_is_shown_and_not_counted():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 4), (2, 9))]
    rows.append(row(3, 9, plate="ABC-128", id="slip"))
    (found,) = judged(rows).patterns
    assert found.perhaps == ("slip",) and "slip" not in found.sightings


def test_a_person_is_found_by_rare_words_that_go_together():
    coats, bags, builds = ("black", "blue", "brown", "grey"), ("none", "black"), ("slim", "stout")
    rows = []
    for k in range(400):
        looks = {"coat": coats[k % 4], "bag": bags[k % 2], "build": builds[k // 2 % 2]}
        rows.append(row(k % 6, (0, 4, 9, 14)[k % 4], kind="person", looks=looks, minute=k))
    rare = {"coat": "green parka", "bag": "red rucksack"}
    rows += [row(day, km, kind="person", looks=rare) for day, km in ((0, 0), (2, 4), (3, 14))]
    found = judged(rows).patterns[0]
    assert not found.vehicle and found.name == "red rucksack bag, green parka coat"
    assert len(found.stops) == 3 and found.by_chance < 0.5


@pytest.mark.parametrize("seed", range(3))
def test_a_hostile_team_is_found_and_the_town_is_not_named(seed):
    made = town(Wish(hostile=2, met=0.8, seed=seed, **SMALL))
    report = correlate(made.sightings, track=made.track)
    named = {one.name for one in report.patterns}
    assert set(made.hostile) <= named
    assert len(named - set(made.hostile)) <= 2


def test_without_a_hostile_team_no_more_are_named_than_promised():
    named = 0
    for seed in range(8):
        made = town(Wish(seed=seed, **SMALL))
        named += len(correlate(made.sightings, track=made.track).patterns)
    assert named <= 8, "by_chance promises one a record at most"


def test_the_track_tells_beside_from_elsewhere():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 4), (2, 9))]
    seen, _ = read(rows)
    moments = np.arange(seen.at.min() - 7200, seen.at.max() + 7200, 600.0)
    far = Track(moments, np.full(len(moments), 61.0), np.full(len(moments), 25.0))
    assert correlate(seen, track=far).patterns == (), "nothing was near the principal"


def test_behaviour_that_did_not_fit_counts():
    rows = [one | {"odd": False} for one in crowd()]
    rows += [row(day, km, plate="ABC-123", odd=True) for day, km in ((0, 0), (1, 4), (2, 9))]
    plain = [one | {"odd": None} for one in rows]
    (odd,), (even,) = judged(rows).patterns, judged(plain).patterns
    assert odd.by_chance < even.by_chance and odd.odd == (3, 3, pytest.approx(0, abs=0.5))


def test_places_on_both_sides_of_the_date_line_are_near_each_other():
    rows = crowd()
    for day, lon in ((0, 179.9999), (1, -179.9999), (2, 179.9998)):
        rows.append(row(day, 0, plate="ABC-123") | {"lon": lon})
    assert judged(rows).patterns == ()


def test_nothing_seen_is_no_pattern():
    seen, unread = read([])
    assert correlate(seen).patterns == () and unread == []


def test_rows_that_cannot_be_read_are_told_and_the_rest_goes_on():
    good = row(0, 0, plate="ABC-123")
    bad = [
        good | {"lat": 99}, good | {"kind": "dog"}, good | {"at": "yesterday"},
        good | {"at": "2027-03-01T08:00:00"}, good | {"plate": "A1"}, good | {"looks": "grey"},
    ]  # fmt: skip
    seen, unread = read([*bad, good])
    assert len(seen) == 1 and [one.row for one in unread] == [1, 2, 3, 4, 5, 6]
    assert all(one.what and one.mend for one in unread)
    assert "zone" in unread[3].what


def test_limits_without_sense_are_refused():
    with pytest.raises(Refused):
        Limits(by_chance=0)
    with pytest.raises(Refused):
        Track(np.array([2.0, 1.0]), np.zeros(2), np.zeros(2))


def test_the_same_input_gives_the_same_answer_in_any_order():
    rows = crowd() + [row(day, km, plate="ABC-123") for day, km in ((0, 0), (1, 4), (2, 9))]
    for number, one in enumerate(rows):
        one["id"] = str(number)
    (first,), (second,) = judged(rows).patterns, judged(rows[::-1]).patterns
    assert first.by_chance == pytest.approx(second.by_chance) and first.stops == second.stops


def by_camera(day: int, km: float, plate: str, hour: int = 0, **given) -> dict:
    """As a camera says it: where it hangs, when, what it read; it does not know the principal."""
    at = BEGIN + timedelta(days=day, hours=hour)
    return row(day, km, plate=plate, **given) | {"at": at.isoformat()}


def day_of_the_principal() -> Track:
    """At 0, 4 and 9 km on three mornings, at 40 km for the rest of each day."""
    places = {0: 0.0, 1: 4.0, 2: 9.0}
    begin = (BEGIN - timedelta(hours=8)).timestamp()
    at = np.arange(begin, begin + 3 * 86_400, 300.0)
    hour, day = (at - begin) % 86_400 / 3600, ((at - begin) // 86_400).astype(int)
    km = np.where((hour > 6) & (hour < 12), [places[int(one)] for one in day], 40.0)
    return Track(at, 60 + km / 111.2, np.full(len(at), 25.0))


def test_cameras_and_officers_sightings_are_weighed_together_against_the_track():
    rows = [
        by_camera(k % 3, (0, 4, 9)[k // 3 % 3], f"XYZ{100 + k}", (0, 12)[k % 2]) for k in range(60)
    ]
    rows += [by_camera(0, 0, "ABC-123"), by_camera(1, 4, "ABC-123")]
    rows += [row(2, 9, plate="ABC-123", beside=True, looks={"colour": "grey"})]
    elsewhere = [by_camera(day, km, "DEF-456", 12) for day, km in ((0, 0), (1, 4), (2, 9))]
    report = judged(rows + elsewhere, track=day_of_the_principal())
    (found,) = report.patterns
    assert found.name == "A8C123" and len(found.stops) == 3
    assert found.beside is not None and found.beside[:2] == (3, 3)


def test_what_an_officer_noted_beside_him_counts_so_where_the_track_is_silent():
    rows = crowd() + [
        row(day, km, plate="ABC-123", beside=True) for day, km in ((0, 0), (1, 4), (2, 9))
    ]
    far = day_of_the_principal()
    far = Track(far.at, far.lat + 1, far.lon)
    (found,) = judged(rows, track=far).patterns
    assert found.name == "A8C123"
    rows = [one | {"beside": False} for one in rows]
    assert judged(rows).patterns == ()


def test_a_cameras_appearance_and_an_officers_words_are_the_same_looks():
    from varangian.engines.sightings import describe
    from varangian.engines.vision.appearance import Colour, looks_of

    camera = looks_of({"coat": Colour("green", 0.9), "trousers": Colour("orange", 0.8)})
    assert camera == describe("green parka, orange trousers")
    coats = ("black", "blue", "brown", "grey")
    rows = [
        row(k % 6, (0, 4, 9, 14)[k % 4], kind="person", minute=k,
            looks={"coat": coats[k % 4], "trousers": ("black", "blue")[k // 4 % 2]})
        for k in range(400)
    ]  # fmt: skip
    rows += [row(day, km, kind="person", looks=camera) for day, km in ((0, 0), (2, 4), (3, 14))]
    assert judged(rows).patterns[0].name == "green coat, orange trousers"

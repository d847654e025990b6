"""Constructed routines whose index is known on paper."""

from datetime import datetime, timedelta
from math import log
from zoneinfo import ZoneInfo

import pytest

from varangian.engines.routine import Aspect, Conditional, Observation, Unknown, predictability
from varangian.kernel.results import Refused

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2027, 5, 31, tzinfo=ZONE)
MONDAY = datetime(2027, 5, 3, 8, 5, tzinfo=ZONE)
ROUTES = {"route": ("A", "B", "C", "D")}


def journeys(routes: str, **more) -> list[Observation]:
    """One journey a day from the first Monday, by these routes."""
    return [
        Observation(MONDAY + timedelta(days=k % 28, hours=k // 28), route=route, **more)
        for k, route in enumerate(routes)
    ]


def route_of(routes: str, **more) -> Aspect:
    found = predictability(journeys(routes), now=NOW, possible=ROUTES, **more).aspects["route"]
    assert isinstance(found, Aspect)
    return found


def test_always_the_same():
    found = route_of("A" * 20)
    assert (found.index, found.entropy, found.uniform) == (1.0, 0.0, 2.0)
    assert (found.top, found.share, found.seen, found.choices) == ("A", 1.0, 20, 4)


def test_every_choice_alike():
    found = route_of("ABCD" * 5)
    assert (found.index, found.entropy, found.share) == (0.0, 2.0, 0.25)


def test_a_favourite_with_the_correction_for_few_journeys():
    """Shares 1/2, 1/4, 1/8, 1/8 have 1.75 bits; Miller and Madow add 3 / (2 * 16 * ln 2)."""
    found = route_of("AAAAAAAABBBBCCDD")
    bits = 1.75 + 3 / (32 * log(2))
    assert found.entropy == pytest.approx(bits)
    assert found.index == pytest.approx(1 - bits / 2)
    assert found.counts == (("A", 8), ("B", 4), ("C", 2), ("D", 2))


def test_half_and_half_of_four():
    found = route_of("AB" * 10)
    assert found.entropy == pytest.approx(1 + 1 / (40 * log(2)))


def test_choices_that_were_never_made_count_only_when_they_are_known():
    plain = predictability(journeys("AB" * 10), now=NOW).aspects["route"]
    assert isinstance(plain, Aspect)
    assert plain.choices == 2 and plain.index == 0.0


@pytest.mark.parametrize("count", [0, 9])
def test_too_few_journeys_are_unknown(count):
    report = predictability(journeys("A" * count), now=NOW)
    assert report.aspects["route"] == Unknown(count, 10)
    assert str(report.aspects["route"]) == (
        f"unknown: too few journeys ({count}, at least 10 are needed)"
    )
    assert report.advice == ()


def test_a_journey_without_the_word_is_left_out_of_that_aspect():
    report = predictability(journeys("A" * 12), now=NOW)
    assert report.aspects["entrance"] == Unknown(0, 10)
    assert isinstance(report.aspects["time"], Aspect)


def test_varied_over_the_week_and_rigid_on_each_weekday():
    week = "ABCDABC"
    found = route_of(week * 4)
    assert found.index < 0.02
    given = found.given_weekday
    assert isinstance(given, Conditional)
    assert (given.index, given.covered, given.most_rigid_index) == (1.0, 1.0, 1.0)


def test_given_the_destination():
    """To the office always by A; home by A or B alike."""
    office = journeys("A" * 14, destination="office")
    home = journeys("AB" * 7, destination="home")
    report = predictability([*office, *home], now=NOW, possible=ROUTES)
    found = report.aspects["route"]
    assert isinstance(found, Aspect) and isinstance(found.given_destination, Conditional)
    bits = 1 + 1 / (28 * log(2))
    assert found.given_destination.index == pytest.approx((1 + (1 - bits / 2)) / 2)
    assert found.given_destination.most_rigid == "office"


def test_groups_that_are_too_small_are_told():
    found = route_of("ABCDABCDABCD")
    assert found.given_weekday == Unknown(2, 4)
    assert found.given_destination == Unknown(0, 4)


def test_times_are_cells_of_the_clock_where_it_was():
    early = [Observation(MONDAY + timedelta(days=k)) for k in range(10)]
    late = [Observation(MONDAY.replace(minute=35) + timedelta(days=k)) for k in range(10)]
    report = predictability([*early, *late], now=NOW)
    found = report.aspects["time"]
    assert isinstance(found, Aspect)
    assert dict(found.counts) == {"08:00-08:30": 10, "08:30-09:00": 10}
    wide = predictability([*early, *late], now=NOW, slot_minutes=60).aspects["time"]
    assert isinstance(wide, Aspect) and wide.index == 1.0


def test_only_the_last_weeks_count():
    old = [Observation(MONDAY - timedelta(days=k + 1), route="B") for k in range(30)]
    report = predictability([*old, *journeys("A" * 20)], now=NOW)
    assert report.journeys == 20


def test_advice_names_the_cell_with_most_to_gain():
    """A 14, B 6 of four routes: A's surplus of nine, spread over three others."""
    report = predictability(journeys("A" * 14 + "B" * 6), now=NOW, possible=ROUTES)
    first = next(line for line in report.advice if line.aspect == "route")
    assert (first.cell, first.share, first.surplus) == ("A", 0.7, 9)
    assert first.words == "route A: 14 of 20 journeys; vary 9"
    before, after = route_of("A" * 14 + "B" * 6), (0.25, 0.45, 0.15, 0.15)
    plain = before.entropy - 1 / (40 * log(2))
    bits = -sum(p * log(p, 2) for p in after)
    assert first.gain == pytest.approx((bits - plain) / 2)
    assert [a.gain for a in report.advice] == sorted((a.gain for a in report.advice), reverse=True)


def test_one_known_choice_is_advice_to_find_another():
    report = predictability(journeys("A" * 12), now=NOW)
    assert any(a.words == "route: only A is known; find another choice" for a in report.advice)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(Refused, match="no time zone"):
        Observation(datetime(2027, 5, 3))
    for wrong in ({"slot_minutes": 1}, {"days": 0}, {"fewest": 1}):
        with pytest.raises(Refused):
            predictability([], now=NOW, **wrong)

"""Intervals of where a person is: no gap, no silent end, the latest word holds."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from varangian.travel.presence_rules import (
    Booked,
    Heard,
    Spot,
    Where,
    at_moment,
    goes_along,
    presence,
    same_person,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEL, LHR = Spot("Helsinki Airport", "FI"), Spot("Heathrow", "GB")
HOUSE, HALL, CLINIC = Spot("Harbour House", "GB"), Spot("Quay Hall", "GB"), Spot("Clinic", "GB")


def t(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def leg(starts, ends, origin=HEL, goal=LHR, **more) -> Booked:
    given = {"kind": "flight", "state": "planned", "title": "Flight", "stay": False, "zone": "UTC"}
    return Booked(starts=starts, ends=ends, origin=origin, destination=goal, **given | more)


def stay(starts, ends, where=HOUSE, kind="stay", **more) -> Booked:
    return leg(starts, ends, where, where, kind=kind, stay=True, title=where.words, **more)


def heard(at, spot=None, **more) -> Heard:
    given = {"until": None, "how": "call", "words": "Call", "by": "Lea"}
    return Heard(at=at, spot=spot, **given | more)


def where(legs, facts, at, now=NOW) -> tuple[str, str, bool]:
    one = at_moment(presence(legs, facts, now), at)
    assert one is not None
    return one.where.value, one.spot.words, one.until_known


FLIGHT = leg(t(26, 6), t(26, 9))
BACK = leg(t(28, 16), t(28, 19), LHR, HEL)


def test_a_return_that_is_missing_leaves_the_person_where_they_were():
    legs = [FLIGHT, stay(t(26, 15), None)]
    assert where(legs, [], t(26, 7)) == ("moving", HEL.words, True)
    assert where(legs, [], t(26, 12)) == ("at", LHR.words, True)
    for later in (t(27, 12), t(30, 0), NOW + timedelta(days=300)):
        assert where(legs, [], later) == ("at", HOUSE.words, False)


def test_after_a_stay_that_ends_only_the_last_place_is_known():
    legs = [FLIGHT, stay(t(26, 15), t(28, 11))]
    assert where(legs, [], t(28, 10)) == ("at", HOUSE.words, True)
    assert where(legs, [], t(29, 10)) == ("unknown", HOUSE.words, False)


def test_a_whole_journey():
    legs = [FLIGHT, stay(t(26, 15), t(28, 11)), BACK]
    assert where(legs, [], t(28, 17))[0] == "moving"
    assert where(legs, [], t(29, 17)) == ("at", HEL.words, False)
    assert presence(legs, [], NOW)[-1].until is None


def test_before_anything_is_known_nothing_is_said():
    assert at_moment(presence([FLIGHT], [], NOW), t(25, 0)) is None
    assert presence([], [], NOW) == []


def test_an_evening_without_an_end_goes_back_to_the_base_at_night():
    legs = [stay(t(26, 15), None), stay(t(26, 19), None, HALL, kind="event")]
    assert where(legs, [], t(26, 23)) == ("at", HALL.words, False)
    assert where(legs, [], t(27, 5))[:2] == ("at", HOUSE.words)
    alone = [stay(t(26, 19), None, HALL, kind="event")]
    assert where(alone, [], t(29, 5)) == ("at", HALL.words, False)


def test_a_hotel_by_days_begins_with_the_arrival_and_ends_with_the_departure():
    legs = [FLIGHT, stay(t(26, 0), t(28, 0)), BACK]
    assert at_moment(presence(legs, [], NOW), t(26, 1)) is None, "not before the flight"
    assert where(legs, [], t(26, 10))[:2] == ("at", HOUSE.words)
    assert where(legs, [], t(28, 15)) == ("at", HOUSE.words, False)
    assert where(legs, [], t(28, 17))[0] == "moving"


def test_what_was_heard_goes_before_the_booking_and_what_begins_later_after_it():
    legs = [FLIGHT, stay(t(26, 15), t(28, 11)), BACK]
    call = heard(t(27, 9), CLINIC)
    assert where(legs, [call], t(27, 12)) == ("at", CLINIC.words, False)
    assert where(legs, [call], t(28, 17))[0] == "moving"
    till = heard(t(27, 9), CLINIC, until=t(27, 11))
    assert where(legs, [till], t(27, 10)) == ("at", CLINIC.words, True)
    assert where(legs, [till], t(27, 12)) == ("at", HOUSE.words, True)


def test_another_hotel_by_message_holds_over_the_booked_one():
    legs = [stay(t(26, 15), t(28, 11)), stay(t(27, 19), t(27, 22), HALL, kind="event")]
    moved = heard(t(26, 20), CLINIC, until=t(28, 10), how="message")
    assert where(legs, [moved], t(27, 5))[1] == CLINIC.words
    assert where(legs, [moved], t(27, 20))[1] == HALL.words
    assert where(legs, [moved], t(27, 23))[1] == CLINIC.words


def test_a_word_without_a_place_confirms_the_interval_it_falls_into():
    legs = [FLIGHT, stay(t(26, 15), None)]
    one = at_moment(presence(legs, [heard(t(27, 9), safe=True)], NOW), t(27, 10))
    assert one.known_at == t(27, 9) and [e.how for e in one.evidence] == ["plan", "call"]
    assert at_moment(presence(legs, [], NOW), t(27, 10)).known_at is None


def test_a_journey_that_is_over_stays_over_until_something_else_is_heard():
    legs = [FLIGHT, stay(t(26, 15), None)]
    over = heard(t(28, 9), over=True)
    assert where(legs, [over], t(29, 9))[0] == "over"
    again = heard(t(29, 12), CLINIC)
    assert where(legs, [over, again], t(29, 13))[1] == CLINIC.words


def test_what_the_team_reports_goes_before_the_times_of_the_plan():
    late = leg(t(26, 6), t(26, 9), state="under_way", updated_at=t(26, 7))
    assert where([late], [], NOW) == ("moving", HEL.words, False)
    early = leg(t(26, 6), t(26, 9), state="arrived", updated_at=t(26, 8))
    assert where([early], [], t(26, 8, 30))[0] == "at"
    one = at_moment(presence([early], [], NOW), t(26, 8, 30))
    assert one.evidence[0].how == "reported"
    assert presence([leg(t(26, 6), t(26, 9), state="cancelled")], [], NOW) == []


def test_a_boarding_pass_holds_for_its_day():
    day = leg(t(26, 0), None, day_only=True)
    assert where([day], [], t(26, 12)) == ("moving", HEL.words, False)
    assert where([day], [], t(27, 12)) == ("unknown", LHR.words, False)


def test_whose_leg_it_is():
    ours = leg(t(26, 6), t(26, 9), travellers=("Mara Lindqvist", "Teemu Aalto"))
    theirs = leg(t(26, 6), t(26, 9), travellers=("Teemu Aalto",))
    party = ["Teemu J. Aalto"]
    assert goes_along(FLIGHT, "Anybody", party) and goes_along(FLIGHT, None, party)
    assert goes_along(ours, None, party) and not goes_along(theirs, None, party)
    assert goes_along(theirs, "Teemu Aalto", party) and not goes_along(theirs, "Ann B", party)
    assert goes_along(theirs, None, []), "nobody of the party is known by that name"
    assert same_person("Teemu Aalto", "TEEMU J AALTO") and not same_person("", "x")


moments = st.integers(0, 400).map(lambda hours: t(20, 0) + timedelta(hours=hours))
spots = st.sampled_from([HEL, LHR, HOUSE, HALL, CLINIC])


@st.composite
def journeys(draw) -> list[Booked]:
    legs = []
    for _ in range(draw(st.integers(0, 8))):
        starts = draw(st.none() | moments)
        length = draw(st.none() | st.integers(0, 80))
        ends = starts + timedelta(hours=length) if starts and length is not None else None
        states = st.sampled_from(["planned", "under_way", "arrived", "complete", "cancelled"])
        more = {"state": draw(states), "updated_at": draw(moments)}
        kind = draw(st.sampled_from(["flight", "road", "stay", "event"]))
        if kind in ("stay", "event"):
            legs.append(stay(starts, ends, draw(spots), kind=kind, **more))
        else:
            legs.append(leg(starts, ends, draw(spots), draw(spots), kind=kind, **more))
    return legs


@st.composite
def facts(draw) -> list[Heard]:
    found = []
    for _ in range(draw(st.integers(0, 5))):
        at = draw(moments)
        until = draw(st.none() | st.integers(1, 60).map(lambda hours, at=at: hours))
        end = at + timedelta(hours=until) if until else None
        found.append(heard(at, draw(st.none() | spots), until=end, over=draw(st.booleans())))
    return found


@settings(max_examples=300, deadline=None)
@given(journeys(), facts())
def test_nobody_ever_drops_out(legs, words):
    found = presence(legs, words, NOW)
    told = [one for one in legs if one.starts and one.state != "cancelled"]
    placed = [one for one in words if one.spot or one.over]
    assert bool(found) == bool(told or placed)
    for one, following in pairwise(found):
        assert one.until == following.since and one.since < one.until
    if found:
        assert found[-1].until is None and not found[-1].until_known
        assert all(isinstance(one.where, Where) for one in found)

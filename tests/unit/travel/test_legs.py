"""The rule that turns items into legs, stops and implied legs."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from varangian.travel.itineraries.checks import check
from varangian.travel.itineraries.itinerary import Itinerary, ItineraryItem
from varangian.travel.itineraries.legs import LegDraft, draft_legs, movements, same_place
from varangian.travel.itineraries.reading import kinds_agree, leg_of, place_of

ZONE = ZoneInfo("Europe/Helsinki")
HOURS = timedelta(hours=3)
AGAIN = datetime(2027, 10, 31, 3, 30, tzinfo=ZONE)


def item(uid, day, hour, hours=1.0, **fields) -> ItineraryItem:
    start = datetime(2026, 11, day, hour, tzinfo=ZONE)
    end = None if hours is None else start + timedelta(hours=hours)
    options = {"title": uid, "zone": "Europe/Helsinki", "confidence": "clear"} | fields
    return ItineraryItem(uid=uid, start=start, end=end, **options)


def event(uid, day, hour, place, hours=1.0, **fields):
    return item(uid, day, hour, hours, kind="meeting", location=place, **fields)


def stay(uid, day, nights, place, **fields):
    return item(uid, day, 0, 24 * nights, kind="stay", location=place, all_day=True, **fields)


def ends(drafts: list[LegDraft]) -> list[tuple[str, str, bool]]:
    return [(leg.origin, leg.destination, leg.implied) for leg in movements(drafts)]


def test_explicit_leg_joins_two_stops():
    drafts = draft_legs(
        [
            event("a", 24, 9, "Harbour Hall"),
            item("r", 24, 11, kind="road", origin="Harbour Hall", destination="Old Town"),
            event("b", 24, 13, "Old Town"),
        ]
    )
    assert ends(drafts) == [("Harbour Hall", "Old Town", False)]
    assert [draft.role for draft in drafts] == ["stop", "leg", "stop"]


def test_gap_between_two_places_proposes_a_leg():
    drafts = draft_legs([event("a", 24, 9, "Harbour Hall"), event("b", 24, 13, "Old Town")])
    (leg,) = movements(drafts)
    assert leg.implied
    assert not leg.times_known
    assert (leg.start.hour, leg.end.hour) == (10, 13)
    assert drafts.index(leg) == 1


def test_unknown_end_gives_no_departure():
    drafts = draft_legs([event("a", 24, 9, "Harbour Hall", None), event("b", 24, 13, "Old Town")])
    (leg,) = movements(drafts)
    assert leg.start is None
    assert leg.end.hour == 13


def test_same_place_needs_no_leg():
    a, b = "Harbour Hall", "Harbour Hall, Quay Street 7, Helsinki"
    assert movements(draft_legs([event("a", 24, 9, a), event("b", 24, 13, b)])) == []


def test_nights_at_the_hotel_shape_the_days():
    drafts = draft_legs(
        [
            stay("h", 24, 3, "Hotel Norrsken"),
            event("a", 25, 9, "Harbour Hall"),
            event("b", 26, 9, "Old Town"),
        ]
    )
    assert ends(drafts) == [
        ("Hotel Norrsken", "Harbour Hall", True),
        ("Harbour Hall", "Hotel Norrsken", True),
        ("Hotel Norrsken", "Old Town", True),
    ]


def test_night_train_is_not_interrupted_by_the_hotel():
    drafts = draft_legs(
        [
            stay("h", 24, 2, "Hotel Norrsken"),
            item("t", 24, 22, 10, kind="train", origin="Hotel Norrsken", destination="Oulu"),
            event("a", 25, 12, "Oulu"),
        ]
    )
    assert ends(drafts) == [("Hotel Norrsken", "Oulu", False)]


def test_generic_ends_take_their_names_from_flight_and_stay():
    drafts = draft_legs(
        [
            item("f", 24, 9, 2, kind="flight", origin="MUC", destination="HEL"),
            item("r", 24, 12, kind="road", origin="Airport", destination="Hotel"),
            stay("h", 24, 2, "Hotel Norrsken"),
        ]
    )
    assert ends(drafts) == [("MUC", "HEL", False), ("HEL", "Hotel Norrsken", False)]


def test_cancelled_and_guessed_entries_move_nobody():
    drafts = draft_legs(
        [
            event("a", 24, 9, "Harbour Hall"),
            event("c", 24, 11, "Old Town", status="cancelled"),
            stay("g", 24, 3, "Helsinki", confidence="guess"),
            event("b", 25, 9, "Harbour Hall"),
        ]
    )
    assert movements(drafts) == []
    assert "c" in [draft.uid for draft in drafts]


def test_caller_may_know_more_about_places():
    items = [
        item("f", 24, 9, 2, kind="flight", origin="MUC", destination="HEL"),
        event("a", 24, 13, "Helsinki Airport"),
    ]
    assert len(movements(draft_legs(items))) == 2
    assert (
        len(movements(draft_legs(items, same=lambda a, b: {a, b} == {"HEL", "Helsinki Airport"})))
        == 1
    )


def test_city_is_not_the_hotel_in_it():
    assert not same_place("Helsinki", "Hotel Norrsken, Helsinki")
    assert same_place("HEL", "Helsinki (HEL)")
    assert not same_place("", "")


def test_order_and_uids_do_not_depend_on_the_input():
    items = [event(str(n), 24 + n % 3, 8 + n, f"Place {n}") for n in range(6)]
    assert draft_legs(items) == draft_legs(reversed(items))


def test_a_place_of_bare_coordinates_is_named_after_the_town_near_it():
    found = place_of("60.170000, 24.940000", None, "road")
    assert found and found["name"].startswith("Near ") and found["unnamed"]
    named = place_of("The Lamp 60.170000, 24.940000", None, "road")
    assert named and named["name"] == "The Lamp" and not named["unnamed"]
    sea = place_of("-40.250000, -120.500000", None, "road")
    assert sea and sea["name"] == "A point on the map"


def test_an_implied_leg_bears_names_and_the_drive_knows_the_hotel():
    at = datetime(2027, 5, 4, 9, tzinfo=UTC)
    draft = LegDraft(
        uid="implied:a>b", role="leg", mode="road", title="60.170000, 24.940000 to Hotel Quay",
        start=at, end=None, zone="UTC", origin="60.170000, 24.940000", destination="Hotel Quay",
        implied=True,
    )  # fmt: skip
    drive = leg_of(draft, None)
    assert drive["title"] == f"{drive['origin']['name']} to Hotel Quay"
    assert not any(sign.isdigit() for sign in drive["title"])
    night = LegDraft(
        uid="c", role="stop", mode="stay", title="Hotel Quay", start=at, end=None, zone="UTC",
        origin="Hotel Quay", destination="Hotel Quay",
    )  # fmt: skip
    both = kinds_agree([drive, leg_of(night, None)])
    assert both[0]["destination"]["kind"] == "hotel" == both[1]["destination"]["kind"]


def test_codes_that_no_airport_has_and_hours_that_are_not_are_told():
    night = datetime(2027, 3, 28, 3, 30, tzinfo=ZONE)
    read = Itinerary()
    read.items = [
        ItineraryItem(
            uid="a", title="Flight ZZ 999", kind="flight", start=night, end=night + HOURS,
            zone="Europe/Helsinki", origin="QQX", destination="HEL",
        ),
        ItineraryItem(uid="b", title="Twice", kind="meeting", start=AGAIN, end=None, zone="UTC"),
    ]  # fmt: skip
    check(read)
    told = " ".join(problem.what for problem in read.problems)
    assert "code QQX is known" in told and "HEL" not in told
    assert "03:30 is not on the clock there" in told and "Taken as 04:30" in told
    assert any("comes twice" in reason for reason in read.items[1].reasons)

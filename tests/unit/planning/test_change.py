"""What a change does to the day and what it touches, without a database."""

import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.planning.advance import Want
from varangian.planning.change import Leg, Scene, Wish, apply, said, touches
from varangian.planning.change.touch import CardFact, Contact, acknowledge_minutes
from varangian.planning.compose.line import Line

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def place(name):
    return SimpleNamespace(pk=uuid4(), name=name)


HOTEL, HALL, HOUSE, PARK = (place(n) for n in ("Hotel", "Hall", "House", "Park"))
PLACES = {p.pk: p for p in (HOTEL, HALL, HOUSE, PARK)}


def leg(serial, title, kind, starts, ends, origin=None, destination=None, **fields):
    times = [None if t is None else NOON + timedelta(minutes=t) for t in (starts, ends)]
    state = fields.pop("state", "planned")
    whole = (UUID(int=serial), serial, title, kind, state, origin, destination, *times)
    return Leg(*whole, **fields)


def day():
    """A reading until 60, a drive of 20 minutes, dinner from 90, a drive home at 180."""
    return [
        leg(1, "Reading", "event", 0, 60, destination=HOTEL),
        leg(2, "Hotel to Hall", "road", 60, 80, HOTEL, HALL),
        leg(3, "Dinner", "event", 90, 170, destination=HALL),
        leg(4, "Hall to House", "road", 180, 200, HALL, HOUSE),
    ]


def changed(wish, legs=None, target=2):
    return apply(legs or day(), UUID(int=target), wish, PLACES)


def minutes(plan, serial):
    row = next(leg for leg in plan.after if leg.pk == UUID(int=serial))
    span = [t and int((t - NOON).total_seconds() // 60) for t in (row.starts, row.ends)]
    return tuple(span)


def test_earlier_takes_the_stay_before_along_and_says_that_somebody_waits():
    plan = changed(Wish(minutes=-30))
    assert (minutes(plan, 1), minutes(plan, 2)) == ((0, 30), (30, 50))
    assert minutes(plan, 3) == (90, 170)
    assert "Ends 30 minutes earlier" in plan.why[UUID(int=1)]
    assert any("40 minutes after the arrival" in words for _, words in plan.troubles)


def test_later_pushes_only_what_cannot_stay():
    plan = changed(Wish(minutes=25))
    assert (minutes(plan, 2), minutes(plan, 3), minutes(plan, 4)) == (
        (85, 105),
        (105, 170),
        (180, 200),
    )
    assert plan.troubles == []


def test_a_push_goes_on_while_nothing_fits():
    plan = changed(Wish(minutes=120))
    assert minutes(plan, 3) == (200, 280)
    assert minutes(plan, 4) == (280, 300)


def test_nothing_follows_when_it_is_told_to_stay():
    plan = changed(Wish(minutes=25, follow=False))
    assert minutes(plan, 3) == (90, 170) and minutes(plan, 1) == (0, 60)
    assert len(plan.troubles) == 2


def test_to_a_time():
    plan = changed(Wish(starts=NOON + timedelta(minutes=50)))
    assert minutes(plan, 2) == (50, 70)


def test_an_arrival_that_nobody_knows_pushes_nothing_and_says_so():
    legs = day()
    legs[1] = leg(2, "Hotel to Hall", "road", 60, None, HOTEL, HALL)
    plan = changed(Wish(minutes=25), legs)
    assert minutes(plan, 3) == (90, 170)
    assert any("arrival is not known" in words for _, words in plan.troubles)


def test_another_place_renames_the_leg_and_leaves_the_rest_for_a_person():
    plan = changed(Wish(destination=PARK.pk))
    assert plan.new_target.title == "Hotel to Park"
    told = {leg.serial: words for leg, words in plan.troubles}
    assert "is at Hall; the principal goes to Park" in told[3]
    assert "starts from Hall" in told[4]


@pytest.mark.parametrize("wish", [Wish(destination=PARK.pk), Wish(origin=PARK.pk)])
def test_the_way_to_another_place_is_not_known(wish):
    legs = day()
    legs[1] = leg(
        2, "Hotel to Hall", "road", 60, 80, HOTEL, HALL, details={"routes": {"primary": "Quay"}}
    )
    plan = changed(wish, legs)
    assert "routes" not in plan.new_target.details
    rows = touches(Scene(plan, "moderate"))
    assert any("routes led to the old place" in row.why for row in rows)


def test_cancelled_leaves_the_dinner_without_a_principal():
    plan = changed(Wish(cancelled=True))
    assert [leg.serial for leg in plan.live] == [1, 3, 4]
    assert any("does not get to" in words for _, words in plan.troubles)
    assert said(plan) == "Leg 2 Hotel to Hall is cancelled."


def test_a_stop_keeps_the_driving_time_and_pushes_what_follows():
    plan = changed(Wish(stop=PARK.pk, stop_after=5, stop_minutes=15))
    rows = [(leg.title, leg.starts, leg.ends) for leg in plan.after if leg.serial == 2]
    times = [(t, int((b - a).total_seconds() // 60)) for t, a, b in rows]
    assert times == [("Hotel to Park", 5), ("Stop at Park", 15), ("Park to Hall", 15)]
    assert minutes(plan, 3) == (95, 170)
    again = changed(Wish(stop=PARK.pk, stop_after=5, stop_minutes=15))
    assert [leg.pk for leg in plan.after] == [leg.pk for leg in again.after]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(minutes=-30, exit="the south door"), "leaves at 12:30 UTC instead of 13:00 UTC"),
        (Wish(exit="the south door"), "leaves by the south door"),
        (Wish(mode="foot"), "goes by foot instead of road"),
        (Wish(vehicle="Car 2"), "takes Car 2"),
        (Wish(words="No press."), "Hotel to Hall: No press."),
        (Wish(stop=PARK.pk, stop_after=5, stop_minutes=15), "stops at Park for 15 minutes"),
        (Wish(destination=PARK.pk, stop=HOUSE.pk, stop_after=5, stop_minutes=1), "goes to Park"),
    ],
)
def test_in_one_sentence(wish, words):
    assert words in said(changed(wish))


@pytest.mark.parametrize(
    ("state", "words"), [("complete", "does not change"), ("arrived", "does not change")]
)
def test_what_is_over_does_not_change(state, words):
    legs = day()
    legs[1] = leg(2, "Hotel to Hall", "road", 60, 80, HOTEL, HALL, state=state)
    with pytest.raises(Refused, match=words):
        changed(Wish(minutes=5), legs)


def test_a_kept_wish_reads_back():
    wish = Wish(minutes=-5, exit="south", stop=PARK.pk, stop_after=5, stop_minutes=3, follow=False)
    assert Wish.read(wish.kept()) == wish
    timed = Wish(starts=NOON, destination=HALL.pk)
    assert Wish.read(timed.kept()) == timed


@given(
    shift=st.integers(-180, 180).filter(bool),
    lengths=st.lists(st.integers(1, 60), min_size=2, max_size=7),
    gaps=st.lists(st.integers(0, 40), min_size=7, max_size=7),
)
def test_no_two_legs_overlap_that_did_not_before(shift, lengths, gaps):
    """Whatever the shift: after it, each later leg begins when the one before has arrived."""
    at, legs = 300, []
    for number, (length, gap) in enumerate(zip(lengths, gaps, strict=False), start=1):
        kind = "road" if number % 2 else "event"
        legs.append(leg(number, f"Leg {number}", kind, at, at + length, HOTEL, HALL))
        at += length + gap
    plan = apply(legs, UUID(int=1), Wish(minutes=shift), PLACES)
    rows = sorted(plan.after, key=lambda row: row.starts)
    for first, second in itertools.pairwise(rows):
        assert second.starts >= first.ends
    for row in rows:
        assert row.ends >= row.starts
    kept = {row.pk for row in plan.after} == {row.pk for row in legs}
    assert kept and len(plan.after) == len(legs)


def post(title="Driver", edition="driver", holder="Dan"):
    return SimpleNamespace(
        pk=uuid4(), title=title, edition=edition, holder=holder, holder_id=holder and uuid4()
    )


def scene(wish=None, **fields):
    return Scene(changed(wish or Wish(minutes=-30)), "moderate", **fields)


def in_group(rows, group):
    return [(row.title, row.why, row.tone) for row in rows if row.group == group]


def test_posts_hear_their_first_moment():
    driver, idle, empty = post(), post("Medic", "medic"), post("Spare", "driver", None)
    line = Line("timings", "timings:x", "x", ("driver",), movement=UUID(int=2), change="changed")
    found = touches(scene(posts=[driver, idle, empty], lines=[line]))
    told = {title: (why, tone) for title, why, tone in in_group(found, "post")}
    assert set(told) == {"Driver", "Spare"}
    assert told["Driver"][0] == "Dan. Car on its mark 12:10 UTC, was 12:40. Changed for it: Timings"
    assert told["Spare"][0].startswith("Nobody holds it") and told["Spare"][1] == "red"
    assert len(in_group(found, "acknowledgement")) == 2


def test_a_post_that_names_another_leg_is_left_alone():
    driver = post()
    line = Line("timings", "timings:x", "x", ("driver",), movement=UUID(int=2), change="changed")
    covers = {driver.pk: frozenset({UUID(int=4)})}
    assert in_group(touches(scene(posts=[driver], lines=[line], covers=covers)), "post") == []


def test_cards_whose_place_is_left_behind():
    facts = [
        CardFact(uuid4(), "Medical", HALL.pk, "Hall"),
        CardFact(uuid4(), "Attack", HOUSE.pk, "House"),
        CardFact(uuid4(), "Fire", PARK.pk, "Park", fitted="Station"),
    ]
    legs = [row for row in day() if row.serial in (2,)]
    plan = apply(legs, UUID(int=2), Wish(destination=HOUSE.pk), PLACES)
    found = touches(Scene(plan, "moderate", cards=facts, arising=["Crowd surge"]))
    assert [title for title, _, _ in in_group(found, "card")] == ["Medical", "Fire", "Crowd surge"]


def test_facts_that_run_out_and_facts_that_are_due_sooner():
    key, other = (HALL.pk, "main_entrance"), (HALL.pk, "fire_exits")
    late = Want("fire_exits", "expired", NOON, NOON)
    soon = Want("fire_exits", "expired", NOON - timedelta(minutes=30), NOON)
    fresh = Want("main_entrance", "runs_out", NOON, NOON)
    found = touches(
        scene(
            wants=({other: late}, {other: soon, key: fresh}),
            place_names={HALL.pk: "Hall"},
            items={"main_entrance": "Main entrance"},
        )
    )
    rows = in_group(found, "survey")
    assert rows[0][:2] == (
        "Hall",
        "To look at before the leg: Main entrance (runs out before the leg)",
    )
    assert "1 fact to look at sooner, the first by 11:30 UTC" in rows[1][1]


def test_hazards_met_now_and_no_longer():
    storm, fire, march = uuid4(), uuid4(), uuid4()
    two = UUID(int=2)
    before = [Contact(two, storm, "Storm", "12 min"), Contact(two, march, "March", "5 min")]
    after = [Contact(two, fire, "Fire", "3 min"), Contact(two, march, "March", "9 min")]
    rows = in_group(touches(scene(contacts=(before, after))), "alert")
    assert [(title, tone) for title, _, tone in rows] == [
        ("Fire", "red"),
        ("March", "amber"),
        ("Storm", "blue"),
    ]


def test_who_is_behind_already_is_named():
    driver = post()
    line = Line("timings", "timings:x", "x", ("driver",), movement=UUID(int=2), change="changed")
    found = touches(scene(posts=[driver], lines=[line], unread={driver.pk: "OPO 1"}))
    assert "Has not acknowledged OPO 1 either" in in_group(found, "acknowledgement")[0][1]


@pytest.mark.parametrize(
    ("ahead", "wanted"), [(None, 2), (-5, 2), (1, 2), (20, 10), (55, 27), (600, 30)]
)
def test_half_of_the_time_that_is_left(ahead, wanted):
    first = None if ahead is None else NOON + timedelta(minutes=ahead)
    assert acknowledge_minutes(first, NOON) == wanted

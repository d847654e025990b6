"""Choice of a house: what rules it out, what the order is, and what it rests on."""

import random

import pytest

from varangian.kernel.library import parse_yaml
from varangian.kernel.results import Refused
from varangian.travel.stays import sensitivity
from varangian.travel.stays.filling import Surveyed, from_survey
from varangian.travel.stays.library import KINDS, StayLibrary, stays
from varangian.travel.stays.rating import Answer, Candidate, Wish, rate, weights_of

LIBRARY = parse_yaml(
    """
format: 1
version: "t"
reviewed: 2026-11-30
title: Test house
sources: [{id: own, title: Made for the test}]
vetoes:
  - {id: dark, title: No light, ask: "Is it dark?", why: "One falls.", source: own}
items:
  - {id: door, title: Doors, ask: "How many", why: "Ways out.", source: own, weight: 4,
     levels: [{id: two, title: Two doors, worth: 1}, {id: one, title: One door, worth: 0}]}
  - {id: police, title: Police, ask: "Minutes", why: "Alone till then.", source: own, weight: 2,
     unit: min, good: 5, bad: 25}
""",
    "test.yaml",
    StayLibrary,
)


def house(name, **answers):
    return Candidate(name, name, {key: Answer(str(value)) for key, value in answers.items()})


def rated(*houses, weights=None, wishes=()):
    known = weights_of(LIBRARY, weights or {}, wishes)
    return rate(LIBRARY, houses, known, wishes), known


def test_what_nobody_knows_is_worth_nothing_and_said():
    rows, _ = rated(house("Ada", dark="no", door="two"), house("Bor", dark="no"))
    first, second = rows
    assert (first.candidate.name, first.low, first.high) == ("Ada", pytest.approx(4 / 6), 1.0)
    assert (second.low, second.high) == (0.0, 1.0)
    assert second.unknown == ["Doors", "Police"]


def test_out_comes_last_and_not_looked_at_is_not_cleared():
    best = house("Best", dark="yes", door="two", police=5)
    unseen = house("Unseen", door="two", police=5)
    plain = house("Plain", dark="no", door="one", police=24)
    rows, _ = rated(best, unseen, plain)
    assert [row.candidate.name for row in rows] == ["Plain", "Unseen", "Best"]
    assert [row.standing for row in rows] == ["clear", "open", "out"]
    assert rows[2].out == ["No light"] and rows[1].open == ["No light"]


def test_a_must_of_the_principal_rules_out_and_a_wish_weighs():
    wishes = (Wish("w1", "A pool", must=True), Wish("w2", "Sea view", weight=6.0))
    dry = house("Dry", dark="no", door="two", police=5, w1="no", w2="yes")
    wet = house("Wet", dark="no", door="two", police=5, w1="yes", w2="no")
    rows, weights = rated(dry, wet, wishes=wishes)
    assert rows[0].candidate.name == "Wet" and rows[1].out == ["Not there: A pool"]
    assert weights["w2"] == 6.0 and "w1" not in weights
    assert rows[0].low == pytest.approx(6 / 12)
    silent, _ = rated(house("Silent", dark="no"), wishes=wishes)
    assert silent[0].standing == "open" and "Sea view" in silent[0].unknown


def test_numbers_run_between_bad_and_good_and_not_beyond():
    item = LIBRARY.items[1]
    found = [item.worth(value) for value in ("1", "5", "15", "25", "90", "")]
    assert found == [1.0, 1.0, 0.5, 0.0, 0.0, None]


def test_where_a_weight_turns_the_order():
    near = house("Near", dark="no", door="one", police=5)
    safe = house("Safe", dark="no", door="two", police=25)
    rows, weights = rated(near, safe, weights={"door": 2.5})
    assert rows[0].candidate.name == "Safe"
    moved = {row.key: row for row in sensitivity.moved(rows, weights)}
    flip = moved["door"].flips[0]
    assert flip.factor == pytest.approx(0.8) and flip.first and not flip.more
    assert flip.words == "from -20% on Near passes Safe and takes the lead"
    assert moved["police"].flips[0].factor == pytest.approx(1.25) and moved["police"].turns_first
    assert moved["police"].at_most == ("Near", "Safe") and moved["police"].at_least[0] == "Safe"
    firm, heavy = rated(near, safe, weights={"door": 9.0})
    assert all(row.robust for row in sensitivity.moved(firm, heavy))


def test_level_houses_are_said_to_be_level():
    near = house("Near", dark="no", door="one", police=5)
    safe = house("Safe", dark="no", door="two", police=25)
    rows, weights = rated(near, safe, weights={"door": 2.0})
    assert sensitivity.level(rows) == [("Near", "Safe")]
    flip = next(row for row in sensitivity.moved(rows, weights) if row.key == "door").flips[0]
    assert flip.words.startswith("level now; with any more weight Safe passes Near")


def test_flips_are_where_a_search_finds_them():
    """Beside the formula a walk in small steps, on houses made by chance."""
    chance = random.Random(7)
    for _ in range(60):
        houses = [
            house(
                name,
                dark=chance.choice(["no", "no", "yes", ""]),
                door=chance.choice(["one", "two", ""]),
                police=chance.randint(4, 26),
                w=chance.choice(["yes", "no", ""]),
            )
            for name in "ABCD"
        ]
        wishes = (Wish("w", "A garden", weight=chance.uniform(0.5, 5)),)
        own = {"door": chance.uniform(0.5, 6), "police": chance.uniform(0.5, 6)}
        rows, weights = rated(*houses, weights=own, wishes=wishes)
        for one in sensitivity.moved(rows, weights):
            walked = set()
            for step in range(1001):
                factor = 0.5 + step / 1000
                turned = {**weights, one.key: weights[one.key] * factor}
                walked.add(tuple(r.candidate.name for r in rate(LIBRARY, houses, turned, wishes)))
            assert (len(walked) == 1) == one.robust, (one, walked)
            assert (len({names[0] for names in walked}) > 1) == one.turns_first


def test_answers_that_could_change_the_first_are_named():
    known = house("Known", dark="no", door="two", police=15)
    rival = house("Rival", dark="no", door="two")
    poor = house("Poor", dark="no", door="one", police=20)
    rows, _ = rated(known, rival, poor)
    assert [(one.rival, one.unknown) for one in sensitivity.rests_on(rows)] == [
        ("Rival", ("Police",))
    ]


def test_a_survey_answers_what_it_can_and_only_while_it_is_good():
    hotel = stays("hotel")
    facts = {
        "room_floor": Surveyed("4", 4, False, True, "fresh"),
        "alternate_entrance": Surveyed("none", None, True, True, "fresh"),
        "police_minutes": Surveyed("6 min", 6, False, False, "expired"),
        "phone_cover": Surveyed("Everywhere", "all", False, True, "fresh"),
        "lifts": Surveyed("Two", "Two", False, True, "fresh"),
    }
    found = {key: one.value for key, one in from_survey(hotel, facts).items()}
    assert found == {
        "floor_only_low": "no",
        "floor_too_high": "no",
        "no_second_entrance": "yes",
        "floor": "good",
        "cover": "all",
    }
    high = from_survey(hotel, {"room_floor": Surveyed("31", 31, False, True, "fresh")})
    assert high["floor_too_high"].value == "yes" and high["floor"].value == "poor"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_shipped_asks_for_facts_that_the_survey_has(kind):
    from varangian.places.library import form_for

    form = form_for(kind)
    assert form is not None
    known = {fact.id for section in form.sections for fact in section.facts}
    for one in (*stays(kind).vetoes, *stays(kind).items):
        assert one.survey is None or one.survey.fact in known, one.id


def test_a_list_that_fits_badly_is_refused_in_words():
    with pytest.raises(Refused, match="levels, or the numbers"):
        parse_yaml(
            'format: 1\nversion: "1"\nreviewed: 2026-11-30\ntitle: Bad list\n'
            "sources: [{id: own, title: Own}]\n"
            'vetoes: [{id: dark, title: Dark, ask: "Is it", why: "Why", source: own}]\n'
            'items: [{id: door, title: Door, ask: "How", why: "Why", source: own, weight: 1}]\n',
            "hotels.yaml",
            StayLibrary,
        )

"""How a fact stands: age, disagreement, and what takes whose place."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from varangian.places.standing import alike, standing

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANNA, BORIS, CLARA = (UUID(int=number) for number in (1, 2, 3))
LIFE = 100


def said(value, by=ANNA, day=0, act="found", **more):
    content = {"value": value, **more}
    return SimpleNamespace(
        act=act, content=content, by_id=by, verified_at=START + timedelta(days=day)
    )


def at(day, *answers):
    return standing(answers, LIFE, START + timedelta(days=day))


def values(found):
    return [claim.said["value"] for claim in found.claims]


@pytest.mark.parametrize(
    ("day", "state", "tone"),
    [
        *((0, "fresh", "green"), (79, "fresh", "green"), (81, "due_soon", "amber")),
        *((99.9, "due_soon", "amber"), (100, "expired", "red"), (500, "expired", "red")),
    ],
)
def test_an_answer_ages(day, state, tone):
    found = at(day, said("north door"))
    assert (found.state, found.tone) == (state, tone)
    assert found.expires_at == START + timedelta(days=LIFE)
    assert found.good == (state != "expired")


def test_unknown_is_never_green():
    found = at(0)
    assert (found.state, found.tone, found.known, found.good) == ("never", "grey", False, False)


def test_looking_again_renews_it_and_names_who_looked():
    found = at(150, said("north door"), said("North door ", by=BORIS, day=90, act="still_so"))
    assert (found.state, found.claims[0].by_id) == ("fresh", BORIS)
    assert not found.disputed


def test_two_people_disagree_and_both_stand():
    found = at(10, said("north door"), said("south door", by=BORIS, day=5))
    assert found.disputed and values(found) == ["north door", "south door"]
    assert not found.good and found.tone == "amber"
    assert found.verified_at == START, "a dispute is as old as its oldest side"


def test_a_third_person_joins_one_side_and_settles_nothing():
    rows = said("north door"), said("south door", by=BORIS, day=5)
    found = at(10, *rows, said("south door", by=CLARA, day=6))
    assert found.disputed and values(found) == ["north door", "south door"]
    assert found.claims[1].by_id == CLARA


def test_who_changes_their_mind_ends_the_dispute():
    rows = said("north door"), said("south door", by=BORIS, day=5)
    found = at(10, *rows, said("south door", day=6))
    assert values(found) == ["south door"] and not found.disputed


def test_a_settlement_takes_the_place_of_all():
    rows = said("north door"), said("south door", by=BORIS, day=5)
    found = at(10, *rows, said("north door", by=CLARA, day=6, act="settled"))
    assert values(found) == ["north door"] and found.claims[0].by_id == CLARA


@pytest.mark.parametrize(
    "second",
    [
        said("south door", by=ANNA, day=5),
        said("south door", by=BORIS, day=5, act="changed"),
        said("south door", by=BORIS, day=101),
    ],
    ids=["the same person", "it has changed since", "the first had run out"],
)
def test_what_takes_the_place_without_a_dispute(second):
    assert values(at(110, said("north door"), second)) == ["south door"]


def test_what_is_written_down_late_does_not_make_it_younger():
    found = at(10, said("north door", day=5), said("north door", day=1))
    assert found.verified_at == START + timedelta(days=5)


def test_alike():
    assert alike({"value": " Card "}, {"value": "card", "note": "x"})
    assert alike({"absent": True}, {"absent": True, "note": "no lift"})
    assert not alike({"absent": True}, {"value": "no"})
    assert not alike({"value": 4}, {"value": 5})
    assert not alike({"value": ["a"]}, {"value": ["a", "b"]})

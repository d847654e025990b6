"""Which facts must be looked at before the next legs, and by when."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from varangian.places.standing import Standing, standing
from varangian.planning.advance import LEAD, holds_at, want_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LIFE = 10


def seen(days_ago, *others):
    rows = [
        SimpleNamespace(
            act="found",
            content={"value": str(n)},
            by_id=UUID(int=n),
            verified_at=NOW - days_ago * DAY,
        )
        for n in range(1 + len(others))
    ]
    return standing(rows, LIFE, NOW)


def want(found, *legs, required=True):
    return want_of("lift", found, required, [NOW + leg * DAY for leg in legs], NOW)


def test_what_holds_at_every_leg_is_left_alone():
    assert want(seen(1), 2, 8) is None
    assert want(seen(1)) is None, "no leg, no need"


def test_what_is_out_of_date_is_due_an_hour_before_the_first_leg():
    found = want(seen(11), 3, 2)
    assert (found.why, found.needed_at, found.due) == (
        "expired",
        NOW + 2 * DAY,
        NOW + 2 * DAY - LEAD,
    )


def test_what_runs_out_on_the_way_is_needed_at_the_first_leg_after():
    found = want(seen(5), 2, 6, 9)
    assert (found.why, found.needed_at) == ("runs_out", NOW + 6 * DAY)
    assert want(seen(5), 5).why == "runs_out", "at the very minute it does not hold any more"


def test_a_dispute_is_wanted_at_once():
    assert want(seen(1, "other"), 1).why == "disputed"


@pytest.mark.parametrize(("required", "why"), [(True, "never"), (False, None)])
def test_only_required_questions_are_asked_for_the_first_time(required, why):
    found = want(Standing("never"), 1, required=required)
    assert (found and found.why) == why


@pytest.mark.parametrize(("minutes", "due"), [(0, 60), (30, 30), (60, 60), (61, 1), (600, 540)])
def test_due_before_the_leg_and_never_in_the_past(minutes, due):
    leg = NOW + timedelta(minutes=minutes)
    found = want_of("lift", seen(11), True, [leg], NOW)
    assert found.due == NOW + timedelta(minutes=due)


def test_holds_at():
    assert holds_at(seen(1), NOW + 8 * DAY)
    assert not holds_at(seen(1), NOW + 9 * DAY)
    assert not holds_at(seen(1, "other"), NOW)
    assert not holds_at(Standing("never"), NOW)

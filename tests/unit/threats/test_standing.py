from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varangian.threats.library import BANDS
from varangian.threats.standing import Effect, holding, missing_seats, standing

NOW = datetime(2026, 11, 24, tzinfo=UTC)
STATES = st.sampled_from(["proposed", "agreed", "in_place", "dropped"])
EFFECTS = st.lists(st.builds(Effect, STATES, st.integers(-2, 4), st.integers(-2, 4)), max_size=6)


@dataclass
class Signed:
    seat: str
    band: str
    valid_until: datetime = NOW + timedelta(hours=1)
    withdrawn_at: datetime | None = None


@given(st.integers(1, 5), st.integers(1, 5), EFFECTS)
def test_measures_never_raise_anything(likelihood, impact, effects):
    stand = standing(likelihood, impact, effects)
    order = [stand.target, stand.current, stand.inherent]
    assert [c.likelihood for c in order] == sorted(c.likelihood for c in order)
    assert [c.impact for c in order] == sorted(c.impact for c in order)
    ranks = [BANDS.index(c.band) for c in order]
    assert ranks == sorted(ranks)


def test_views():
    stand = standing(4, 4, [Effect("in_place", 1, 0), Effect("agreed", 1, 1)])
    assert (stand.seen("inherent").likelihood, stand.seen("current").likelihood) == (4, 3)
    assert (stand.seen("target").likelihood, stand.seen("target").impact) == (2, 3)


@pytest.mark.parametrize(
    ("signature", "missing"),
    [
        (Signed("detail_leader", "high"), ["client"]),
        (Signed("detail_leader", "extreme"), ["client"]),
        (Signed("detail_leader", "moderate"), ["detail_leader", "client"]),
        (Signed("detail_leader", "high", valid_until=NOW), ["detail_leader", "client"]),
        (Signed("detail_leader", "high", withdrawn_at=NOW), ["detail_leader", "client"]),
    ],
)
def test_a_signature_covers_its_band_and_lower_ones_while_it_holds(signature, missing):
    assert missing_seats([signature], "high", NOW) == missing


def test_seats_of_each_band():
    assert missing_seats([], "low", NOW) == ["detail_leader"]
    assert missing_seats([], "extreme", NOW) == [
        "detail_leader",
        "second_detail_leader",
        "client",
    ]
    assert not holding([], "low", NOW)

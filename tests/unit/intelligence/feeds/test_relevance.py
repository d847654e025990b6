"""What is assumed when the source does not say, and that it is said to be assumed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from varangian.engines.corridor import Area, Box, Disc, Leg, match
from varangian.intelligence.feeds import Geometry, HazardReport, hazard_of, parse, relevance
from varangian.intelligence.feeds.records import KINDS
from varangian.intelligence.feeds.relevance import defaults
from varangian.kernel.geometry import BoundingBox

FIXTURES = Path(__file__).parents[3] / "fixtures" / "feeds"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def report(**given) -> HazardReport:
    basics = {"source": "t", "native_id": "1", "group_id": "1", "title": "t", "raw": b""}
    return HazardReport(**{**basics, "kind": "earthquake", **given})


def test_every_kind_has_a_default_with_a_reason():
    assert set(defaults()) == set(KINDS)
    for rule in defaults().values():
        assert rule["hours"] > 0 and rule["radius_km"] > 0 and rule["why"]
        assert rule["counts_from"] in ("onset", "update")


@pytest.mark.parametrize(("magnitude", "km"), [(2.0, 10), (5.9, 100), (6.0, 200), (9.1, 700)])
def test_the_radius_of_an_earthquake_goes_by_its_magnitude(magnitude, km):
    place = Geometry(point=(1.0, 2.0))
    found = relevance(report(onset=NOW, magnitude=magnitude, geometry=place), NOW)
    assert found.shape == Disc(1.0, 2.0, km)
    assert found.window.minutes() == 72 * 60
    assert len(found.assumed) == 2


def test_what_the_source_says_is_not_assumed():
    place = Geometry(point=(1.0, 2.0), radius_km=7.0)
    found = relevance(report(onset=NOW, expires=NOW + timedelta(hours=1), geometry=place), NOW)
    assert (found.shape, found.window.minutes(), found.assumed) == (Disc(1.0, 2.0, 7.0), 60, ())


def test_a_lasting_hazard_counts_from_its_last_update():
    long_ago = NOW - timedelta(days=90)
    found = relevance(report(kind="drought", onset=long_ago, updated_at=NOW), NOW)
    assert found.window.start == long_ago
    assert found.window.end == NOW + timedelta(hours=720)


def test_no_time_and_no_place():
    found = relevance(report(), NOW)
    assert (found.window.start, found.shape) == (NOW, None)
    assert "receipt" in found.assumed[0]
    assert hazard_of(report(), NOW) is None
    framed = relevance(report(extent=BoundingBox(1, 2, 3, 4)), NOW)
    assert framed.shape == Box(1, 2, 3, 4)


def test_from_a_feed_to_the_minutes_of_a_movement():
    reports = parse((FIXTURES / "cap.xml").read_bytes()).items
    hazards = [found for one in reports if (found := hazard_of(one, NOW))]
    assert isinstance(hazards[0].shape, Area)
    drive = Leg("drive", NOW + timedelta(hours=2), NOW + timedelta(hours=4),
                ((47.2, 8.5), (47.2, 9.3)), 1.0)  # fmt: skip
    (hit,) = match([drive], hazards)
    assert hit.hazard_id == "warnings@example.org,example.2026.0042"
    assert hit.overlap.start == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert 45 < hit.minutes < 48

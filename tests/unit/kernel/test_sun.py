"""Against published tables: sunrise and sunset of well-known places, to two minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from varangian.kernel.sun import CIVIL, sun_times

TABLE = [
    ("London", (51.5074, -0.1278), date(2024, 6, 20), "03:43", "20:22"),
    ("London", (51.5074, -0.1278), date(2024, 12, 21), "08:04", "15:53"),
    ("Helsinki", (60.1699, 24.9384), date(2024, 6, 21), "00:54", "19:50"),
    ("Helsinki", (60.1699, 24.9384), date(2024, 12, 21), "07:24", "13:13"),
    ("New York", (40.7128, -74.0060), date(2024, 6, 20), "09:25", "00:31"),
    ("Sydney", (-33.8688, 151.2093), date(2024, 12, 21), "18:41", "09:05"),
    ("Reykjavik", (64.1466, -21.9426), date(2024, 12, 21), "11:22", "15:30"),
    ("Quito", (-0.1807, -78.4678), date(2024, 3, 20), "11:18", "23:25"),
]


@pytest.mark.parametrize(("name", "point", "day", "rises", "sets"), TABLE)
def test_published_times(name, point, day, rises, sets):
    found = sun_times(point, day)
    assert found.kind == "usual"
    for at, words in ((found.rises, rises), (found.sets, sets)):
        assert at is not None
        hour, minute = map(int, words.split(":"))
        told = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
        gap = abs((at - told).total_seconds()) % 86400
        assert min(gap, 86400 - gap) <= 120, f"{name}: {at:%H:%M}, published {words}"


def test_beyond_the_circle():
    tromso = (69.6492, 18.9553)
    assert sun_times(tromso, date(2024, 12, 21)).kind == "polar night"
    assert sun_times(tromso, date(2024, 6, 21)).kind == "polar day"
    assert sun_times((-77.85, 166.67), date(2024, 12, 21)).kind == "polar day"
    assert sun_times((90.0, 0.0), date(2024, 6, 21)).rises is None


def test_order_and_twilight():
    day = date(2024, 3, 20)
    sun, civil = sun_times((48.0, 11.0), day), sun_times((48.0, 11.0), day, CIVIL)
    assert sun.rises and sun.sets and civil.rises and civil.sets
    assert civil.rises < sun.rises < sun.sets < civil.sets
    assert timedelta(hours=11, minutes=50) < sun.sets - sun.rises < timedelta(hours=12, minutes=20)
    assert sun.rises > datetime(2024, 3, 20, tzinfo=UTC)

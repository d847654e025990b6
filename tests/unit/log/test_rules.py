"""Which times and words an entry may bear."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from varangian.kernel.ids import new_id
from varangian.kernel.results import Refused
from varangian.log import rules

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("13:30", "2026-11-24T11:30:00+00:00"),
        ("9.05", "2026-11-24T07:05:00+00:00"),
        ("23:50", "2026-11-23T21:50:00+00:00"),
        ("2026-11-20 08:00", "2026-11-20T06:00:00+00:00"),
        ("2026-11-20T08:00+00:00", "2026-11-20T08:00:00+00:00"),
    ],
)
def test_typed_times_are_of_the_operation_and_never_ahead(words, expected):
    at = rules.typed_time(words, "Europe/Helsinki", NOW)
    assert at is not None and at.astimezone(UTC).isoformat() == expected


def test_no_time_is_now():
    assert rules.typed_time("  ", "UTC", NOW) is None
    assert rules.checked_time(None, NOW) == NOW


@pytest.mark.parametrize("words", ["25:00", "noon", "12", "2026-13-01 10:00", "99999"])
def test_what_is_no_time(words):
    with pytest.raises(Refused, match="no time"):
        rules.typed_time(words, "UTC", NOW)


def test_future_and_naive_times():
    with pytest.raises(Refused, match="future"):
        rules.checked_time(NOW + timedelta(minutes=3), NOW)
    with pytest.raises(Refused, match="zone"):
        rules.checked_time(NOW.replace(tzinfo=None), NOW)
    assert rules.checked_time(NOW + timedelta(seconds=30), NOW) == NOW


def test_equal_words_have_different_digests():
    bodies = [rules.body_of(from_="A", to="B", event="seen", action="") for _ in range(2)]
    assert rules.body_digest(bodies[0]) != rules.body_digest(bodies[1])


def test_content_does_not_depend_on_the_zone_of_the_clock():
    entry = SimpleNamespace(
        operation_id=new_id(),
        serial=1,
        at=NOW,
        recorded_at=NOW,
        author="A",
        kind="entry",
        topic="",
        about_kind="",
        about=None,
        corrects=None,
        body_digest="0" * 64,
    )
    before = rules.content(entry)
    entry.at = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert rules.content(entry) == before

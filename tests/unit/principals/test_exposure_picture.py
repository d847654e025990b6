"""Counts at the end of each month; nothing known is not nothing there."""

from datetime import UTC, datetime
from uuid import uuid4

from varangian.principals.picture import Standing, chart, months

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
A, B = uuid4(), uuid4()


def stood(item, month: int, status: str, sensitivity: str = "finds", kind: str = "footprint"):
    return Standing(item, datetime(2026, month, 10, tzinfo=UTC), kind, sensitivity, status)


def test_what_was_open_at_the_end_of_each_month():
    rows = [
        stood(A, 8, "public"),
        stood(B, 9, "public", "reaches", "household"),
        stood(A, 10, "taken_down"),
        stood(A, 11, "came_back"),
    ]
    found = months(rows, NOW, 5)
    assert [one.words for one in found] == [
        "Jul 2026", "Aug 2026", "Sep 2026", "Oct 2026", "Nov 2026",
    ]  # fmt: skip
    assert [one.total() for one in found] == [0, 1, 2, 1, 2]
    assert [one.known for one in found] == [False, True, True, True, True]
    assert found[2].by_sensitivity() == {"finds": 1, "reaches": 1}
    assert found[4].total("household") == 1


def test_accepted_is_not_open():
    assert months([stood(A, 10, "public"), stood(A, 11, "accepted")], NOW, 2)[1].total() == 0


def test_the_drawing_stacks_and_says_it_in_words():
    found = months([stood(A, 10, "public"), stood(B, 11, "public", "reaches")], NOW, 3)
    drawn = chart(found)
    assert drawn["now"] == 2 and drawn["high"] == 2
    last = [bar for bar in drawn["bars"] if bar["x"] == drawn["bars"][-1]["x"]]
    assert [bar["tone"] for bar in last] == ["red", "amber"]
    assert [bar["y"] for bar in last] == [30.0, 0.0]
    assert "Sep 2026 not kept" in drawn["words"] and "Nov 2026 2" in drawn["words"]


def test_a_year_turns():
    found = months([], datetime(2026, 1, 3, tzinfo=UTC), 3)
    assert [one.words for one in found] == ["Nov 2025", "Dec 2025", "Jan 2026"]
    assert chart([])["bars"] == []

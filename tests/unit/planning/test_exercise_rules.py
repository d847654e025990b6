"""How an exercise went, in words and numbers."""

from datetime import UTC, datetime, timedelta

from varangian.planning.exercise_rules import Asked, Outcome, as_read, seconds_between
from varangian.planning.library import exercise_scripts

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def outcome(*seconds, **fields):
    posts = [Asked(f"P{number}", one) for number, one in enumerate(seconds)]
    return Outcome("Bag", 30, posts, **fields)


def test_all_in_time():
    row = outcome(10, 30)
    assert (row.tone, row.words, row.median_seconds) == ("green", "2 of 2 within 30 s", 20)


def test_late_and_silent_posts_are_told_apart():
    row = outcome(10, 31, None)
    assert row.words == "1 of 3 within 30 s, 1 later, 1 no answer"
    assert row.tone == "red" and outcome(10, 31).tone == "amber"


def test_silence_is_unknown_not_zero():
    row = outcome(None)
    assert row.median_seconds is None and row.words == "0 of 1 within 30 s, 1 no answer"
    assert outcome().words == "no post of this kind is held" and outcome().tone == "grey"
    assert outcome(5, told=False).words == "not injected"


def test_what_is_kept_reads_the_same():
    row = outcome(10, None, board_seconds=12)
    assert as_read([row.as_kept()]) == [row]


def test_seconds():
    assert seconds_between(AT, AT + timedelta(seconds=41.6)) == 42
    assert seconds_between(None, AT) is None and seconds_between(AT, None) is None


def test_scripts_begin_at_once_and_run_forward():
    scripts = exercise_scripts().scripts
    assert len(scripts) >= 6
    for script in scripts:
        minutes = [row.minute for row in script.injects]
        assert minutes == sorted(minutes) and minutes[0] == 0, script.id

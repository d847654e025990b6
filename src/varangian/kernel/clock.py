"""The one place that knows what time it is, so that tests and exercises can move it."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_shift = timedelta()
_frozen: datetime | None = None


def now() -> datetime:
    return _frozen or datetime.now(UTC) + _shift


@contextmanager
def frozen(at: datetime):
    """Hold the clock at one instant."""
    global _frozen
    before, _frozen = _frozen, at
    try:
        yield at
    finally:
        _frozen = before


def age_words(since: datetime, at: datetime | None = None) -> str:
    """How long ago, or how far ahead, in the two largest units: ``3 h 05 min``."""
    seconds = int(((at or now()) - since).total_seconds())
    ahead, seconds = seconds < 0, abs(seconds)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        words = f"{seconds} s"
    elif hours < 1:
        words = f"{minutes} min"
    elif days < 1:
        words = f"{hours} h {minutes % 60:02d} min"
    else:
        words = f"{days} d {hours % 24} h"
    return f"in {words}" if ahead else words

"""The life of an incident, and the figures that are read from its times. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.kernel.results import Refused

NEXT = {
    "reported": ("active", "contained", "closed"),
    "active": ("contained", "handed_over", "closed"),
    "contained": ("active", "handed_over", "closed"),
    "handed_over": ("active", "closed"),
    "closed": ("active", "reviewed"),
    "reviewed": (),
}
MARK_OF = {
    "contained": "secured",
    "handed_over": "handed_over",
    "closed": "closed",
    "reviewed": "reviewed",
}
"""The milestone that a state sets the first time it is reached."""
FIGURES = (
    ("detect", "Until it was seen", "started", "detected"),
    ("notify", "Until somebody was told", "detected", "notified"),
    ("acknowledge", "Until somebody took command", "detected", "acknowledged"),
    ("arrive", "Until the first was there", "detected", "arrived"),
    ("secure", "Until it was contained", "detected", "secured"),
    ("hand_over", "Until it was handed over", "detected", "handed_over"),
)
EXERCISE = "EXERCISE EXERCISE EXERCISE"


@dataclass(frozen=True)
class Figure:
    key: str
    words: str
    seconds: int | None
    """None: one of the two times is not known. Unknown is never good."""
    entries: tuple[int, ...]
    """Serials in the log of the two ends."""

    @property
    def said(self) -> str:
        if self.seconds is None:
            return "unknown"
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return f"{hours} h {minutes:02d} min"
        return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def check_step(before: str, after: str) -> None:
    if after not in NEXT:
        raise Refused("An incident has no such state", where=after, mend=", ".join(NEXT))
    if after not in NEXT[before]:
        ways = ", ".join(word.replace("_", " ") for word in NEXT[before]) or "nothing"
        raise Refused(
            f"From {before.replace('_', ' ')} it does not become {after.replace('_', ' ')}",
            mend=f"Next can be: {ways}.",
        )


def figures(marks: dict[str, tuple[datetime, int | None]]) -> list[Figure]:
    """``marks``: kind of milestone to its time and the serial of its log entry."""
    return [_figure(*row, marks) for row in FIGURES]


def _figure(
    key: str, words: str, first: str, last: str, marks: dict[str, tuple[datetime, int | None]]
) -> Figure:
    ends = [marks[name] for name in (first, last) if name in marks]
    entries = tuple(entry for _, entry in ends if entry is not None)
    if len(ends) < 2:
        return Figure(key, words, None, entries)
    seconds = max(0, int((ends[1][0] - ends[0][0]).total_seconds()))
    return Figure(key, words, seconds, entries)


def due_of(begun: datetime, minutes: int) -> datetime:
    return begun + timedelta(minutes=minutes)


def marked(words: str, *, drill: bool) -> str:
    return f"{EXERCISE}: {words}" if drill else words

"""A person's published duties as a calendar. Calendars are copied to other people's servers, so
the words are as few as the house allows: VARANGIAN_CALENDAR says how many."""

from collections.abc import Iterable

from django.conf import settings
from icalendar import Calendar, Event

from varangian.kernel.clock import now

from .models import Assignment

WORDS = ("times", "posts", "operations")
"""The word Duty alone; the name of the post; that and the short name of the operation."""


def calendar(duties: Iterable[Assignment]) -> bytes:
    made = Calendar()
    made.add("prodid", "-//Varangian//Roster//EN")
    made.add("version", "2.0")
    made.add("name", "Duty")
    made.add("x-wr-calname", "Duty")
    for row in duties:
        if row.state != Assignment.State.DECLINED:
            made.add_component(_event(row))
    return made.to_ical()


def _event(row: Assignment) -> Event:
    made = Event()
    made.add("uid", f"{row.pk}@varangian")
    made.add("dtstamp", now())
    made.add("dtstart", row.starts)
    made.add("dtend", row.ends)
    made.add("summary", summary(row))
    made.add("class", "PRIVATE")
    accepted = row.state == Assignment.State.ACCEPTED
    made.add("status", "CONFIRMED" if accepted else "TENTATIVE")
    return made


def summary(row: Assignment) -> str:
    level = WORDS.index(settings.CALENDAR_WORDS)
    words = row.shift.title if level else "Duty"
    return f"{words}, {row.shift.roster.operation.slug}" if level > 1 else words

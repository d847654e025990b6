"""Everything an order is composed from, read once with the rights of the person who drafts it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

HELP = ("trauma_centre", "hospital", "safe_haven")


@dataclass(frozen=True)
class Material:
    """Model instances, saved or not. ``medical`` and ``duress`` stay empty without the right."""

    operation: Any
    movements: tuple[Any, ...] = ()
    posts: tuple[Any, ...] = ()
    places: tuple[Any, ...] = ()
    """Those that a movement names, in the order of the programme, then the places of help."""
    surveys: tuple[Any, ...] = ()
    """Of those places, and of the surveyed ways between two of them."""
    measures: tuple[Any, ...] = ()
    sources: tuple[Any, ...] = ()
    risks: tuple[Any, ...] = ()
    assessment: Any = None
    contacts: tuple[Any, ...] = ()
    windows: tuple[Any, ...] = ()
    medical: dict[str, str] = field(default_factory=dict)
    duress: str = ""
    cards: tuple[Any, ...] = ()
    """The operation's own contingency cards, those withdrawn too: ``card`` and its ``version``."""
    comms: Any = None
    """The current version of the communications plan."""

    @property
    def principal(self) -> Any:
        return self.operation.principal

    @property
    def about_operation(self) -> tuple[str, UUID]:
        return "operation", self.operation.pk

    @property
    def about_principal(self) -> tuple[str, UUID]:
        return "principal", self.principal.pk

    @property
    def about_comms(self) -> tuple[str, UUID] | None:
        return ("comms", self.comms.plan_id) if self.comms is not None else None

    def help_places(self, *kinds: str) -> list[Any]:
        return [place for place in self.places if place.kind in kinds]

    def visited(self) -> list[Any]:
        named = {pk for move in self.movements for pk in (move.origin_id, move.destination_id)}
        return [place for place in self.places if place.pk in named]


def clock(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M %Z}" if at else "time unknown"


def day_and_clock(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M %Z}" if at else "time unknown"


def span(starts: datetime | None, ends: datetime | None, zone: str) -> str:
    """The day once when both lie in it."""
    if ends is None:
        return f"{day_and_clock(starts, zone)}, end unknown"
    day = day_and_clock(starts, zone)
    until = day_and_clock(ends, zone)
    same = day[:10] == until[:10]
    return f"{day} to {clock(ends, zone) if same else until}"


def joined(parts: Iterable[str]) -> str:
    """Sentences out of the parts that are not empty."""
    kept = [part.strip().rstrip(".") for part in parts if part and part.strip()]
    return ". ".join(kept) + ("." if kept else "")


def as_list(value: Any) -> list[str]:
    """A detail of a movement may be one text, a list of texts, or texts by name."""
    if isinstance(value, dict):
        return [f"{str(name).capitalize()}: {text}" for name, text in value.items() if text]
    if isinstance(value, list | tuple):
        return [str(item) for item in value if item]
    return [line.strip() for line in str(value or "").splitlines() if line.strip()]

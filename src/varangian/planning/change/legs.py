"""A leg as a change sees it, and what the leader wants of it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from varangian.kernel.results import Refused
from varangian.operations.rules import MOVEMENT_KINDS

LONGEST_SHIFT = 24 * 60
LONGEST_STOP = 12 * 60


@dataclass(frozen=True)
class Leg:
    """The fields that an order is composed from, under the names of the record."""

    pk: UUID
    serial: int
    title: str
    kind: str
    state: str
    origin: Any = None
    destination: Any = None
    starts: datetime | None = None
    ends: datetime | None = None
    zone: str = "UTC"
    details: dict[str, Any] = field(default_factory=dict)
    implied: bool = False
    version: int = 1
    updated_at: datetime | None = None

    @classmethod
    def of(cls, movement: Any) -> "Leg":
        names = [name for name in cls.__dataclass_fields__ if name != "details"]
        return cls(
            **{name: getattr(movement, name) for name in names}, details=dict(movement.details)
        )

    @property
    def origin_id(self) -> UUID | None:
        return self.origin.pk if self.origin is not None else None

    @property
    def destination_id(self) -> UUID | None:
        return self.destination.pk if self.destination is not None else None

    @property
    def is_stay(self) -> bool:
        return self.kind in ("stay", "event")

    @property
    def over(self) -> bool:
        return self.state in ("complete", "cancelled")

    @property
    def label(self) -> str:
        return f"{self.serial}. {self.title}"


@dataclass(frozen=True)
class Wish:
    """What changes about one leg; everything that is left out stays as it is.

    ``minutes`` shifts the leg (negative is earlier), ``starts`` names the new time instead.
    A stop is reached ``stop_after`` minutes after the leg leaves, and lasts ``stop_minutes``.
    ``follow`` moves the legs beside it that cannot stay where they are.
    """

    minutes: int | None = None
    starts: datetime | None = None
    exit: str = ""
    entrance: str = ""
    origin: UUID | None = None
    destination: UUID | None = None
    mode: str = ""
    vehicle: str = ""
    cancelled: bool = False
    stop: UUID | None = None
    stop_after: int | None = None
    stop_minutes: int | None = None
    words: str = ""
    follow: bool = True

    @property
    def empty(self) -> bool:
        return not any(value for name, value in asdict(self).items() if name != "follow")

    def check(self) -> None:
        if self.empty:
            raise Refused(
                "Nothing changes yet",
                where="change",
                mend="Give a time, a door, a place, a vehicle, a stop, a cancellation or words.",
            )
        if (
            self.cancelled
            and not Wish(cancelled=True, words=self.words, follow=self.follow) == self
        ):
            raise Refused("A cancelled leg changes in nothing else", where="cancelled")
        if self.mode and self.mode not in MOVEMENT_KINDS:
            mend = ", ".join(MOVEMENT_KINDS)
            raise Refused("There is no such way to go", where=self.mode, mend=mend)
        if self.minutes and self.starts:
            raise Refused("Give either minutes or a time", where="time")
        if self.minutes and abs(self.minutes) > LONGEST_SHIFT:
            raise Refused("A shift is at most a day", where="minutes", mend="Give the new time.")
        if self.stop is not None and not (self.stop_after and self.stop_minutes):
            raise Refused(
                "Say when the stop is reached and how long it lasts",
                where="stop",
                mend="Minutes after leaving, and minutes there.",
            )
        if self.stop_minutes and not 0 < self.stop_minutes <= LONGEST_STOP:
            raise Refused("A stop lasts from a minute to twelve hours", where="stop_minutes")

    def kept(self) -> dict[str, Any]:
        """As JSON, for the record of the change."""
        found = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {
            name: value.isoformat()
            if isinstance(value, datetime)
            else str(value)
            if isinstance(value, UUID)
            else value
            for name, value in found.items()
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Wish":
        given = dict(kept)
        if given.get("starts"):
            given["starts"] = datetime.fromisoformat(given["starts"])
        for name in ("origin", "destination", "stop"):
            if given.get(name):
                given[name] = UUID(given[name])
        return cls(**given)

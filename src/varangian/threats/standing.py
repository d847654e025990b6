"""Pure: how a line of the register stands now, and who has signed for what is left of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .library import BANDS, Band
from .rules import Lowering, acceptance_authority, inherent, residual

TONES: dict[str, str] = {"low": "green", "moderate": "amber", "high": "red", "extreme": "red"}


class Signature(Protocol):
    seat: str
    band: str
    valid_until: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Effect:
    """What one measure does to one risk, in steps of the matrix."""

    state: str
    likelihood: int
    impact: int


@dataclass(frozen=True)
class Cell:
    """A place on the matrix."""

    likelihood: int
    impact: int
    band: Band

    @property
    def tone(self) -> str:
        return TONES[self.band]


@dataclass(frozen=True)
class Standing:
    """Before any measure, with what is in place, and with what is agreed as well."""

    inherent: Cell
    current: Cell
    target: Cell

    def seen(self, view: str) -> Cell:
        return {"current": self.current, "target": self.target}.get(view, self.inherent)


def standing(likelihood: int, impact: int, effects: Iterable[Lowering]) -> Standing:
    """Likelihood and impact in steps 1 to 5."""
    known = list(effects)
    return Standing(
        Cell(likelihood, impact, inherent(likelihood, impact)),
        Cell(*residual(likelihood, impact, known, "current")),
        Cell(*residual(likelihood, impact, known, "target")),
    )


def holding(signatures: Iterable[Signature], band: str, at: datetime) -> dict[str, Signature]:
    """The signatures, by seat, that still cover a risk that now stands at this band."""
    return {
        signature.seat: signature
        for signature in signatures
        if signature.withdrawn_at is None
        and signature.valid_until > at
        and BANDS.index(signature.band) >= BANDS.index(band)  # pyright: ignore
    }


def missing_seats(signatures: Iterable[Signature], band: str, at: datetime) -> list[str]:
    """Who must still sign before a risk of this band is accepted; empty when it is."""
    held = holding(signatures, band, at)
    return [seat for seat in acceptance_authority(band).signed_by if seat not in held]

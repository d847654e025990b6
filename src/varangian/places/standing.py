"""How a fact stands: who says what, how old it is, and until when it holds. Pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

State = Literal["fresh", "due_soon", "expired", "never"]
TONES: dict[State, str] = {
    "fresh": "green",
    "due_soon": "amber",
    "expired": "red",
    "never": "grey",
}
WORDS: dict[State, str] = {
    "fresh": "fresh",
    "due_soon": "due soon",
    "expired": "expired",
    "never": "never checked",
}
LAST_PART = 0.2
"""An answer is due soon in the last fifth of its shelf life."""


@dataclass(frozen=True)
class Claim:
    """What one person holds to be so, and when it was last seen to be so."""

    answer: Any
    verified_at: datetime
    by_id: UUID

    @property
    def said(self) -> Any:
        return self.answer.content


@dataclass(frozen=True)
class Standing:
    """``claims`` has one entry; more when people disagree and nobody has settled it."""

    state: State
    claims: Sequence[Claim] = ()
    verified_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def disputed(self) -> bool:
        return len(self.claims) > 1

    @property
    def known(self) -> bool:
        return bool(self.claims)

    @property
    def good(self) -> bool:
        """Known, in date, and undisputed."""
        return self.state in ("fresh", "due_soon") and not self.disputed

    @property
    def tone(self) -> str:
        return "amber" if self.disputed and self.state != "expired" else TONES[self.state]

    @property
    def words(self) -> str:
        return WORDS[self.state]


def standing(answers: Iterable[Any], days: int, at: datetime) -> Standing:
    """How a fact stands at a time, from all its answers in the order of their numbers.

    An answer has ``act``, ``content``, ``by_id`` and ``verified_at``.
    ``days`` is the shelf life. A different answer of another person, while the first is in date,
    stands beside it; the same person's, one that says that things have changed, or one given after
    the shelf life takes its place; a settlement takes the place of all.
    """
    return at_time(open_claims(answers, days), days, at)


def open_claims(answers: Iterable[Any], days: int) -> list[Claim]:
    claims: list[Claim] = []
    for answer in answers:
        claims = _after(claims, answer, timedelta(days=days))
    return claims


def at_time(claims: Sequence[Claim], days: int, at: datetime) -> Standing:
    """The state of the claims at a time; a dispute is as old as its oldest side."""
    if not claims:
        return Standing("never")
    verified_at = min(claim.verified_at for claim in claims)
    expires_at = verified_at + timedelta(days=days)
    return Standing(_state(expires_at, days, at), tuple(claims), verified_at, expires_at)


def _state(expires_at: datetime, days: int, at: datetime) -> State:
    if at >= expires_at:
        return "expired"
    if expires_at - at < timedelta(days=days) * LAST_PART:
        return "due_soon"
    return "fresh"


def _after(claims: list[Claim], answer: Any, life: timedelta) -> list[Claim]:
    mine = Claim(answer, answer.verified_at, answer.by_id)
    if answer.act in ("settled", "changed") or not claims:
        return [mine]
    same = [claim for claim in claims if alike(claim.said, answer.content)]
    if same:
        seen = max(same[0].verified_at, answer.verified_at)
        renewed = Claim(answer, seen, answer.by_id)
        rest = [c for c in claims if c is not same[0] and c.by_id != answer.by_id]
        return [*rest, renewed]
    others = [c for c in claims if c.by_id != answer.by_id]
    return [*(c for c in others if answer.verified_at < c.verified_at + life), mine]


def alike(first: Any, second: Any) -> bool:
    """Do two answers say the same? Notes do not count, nor do case and blanks at the ends."""
    return _bare(first) == _bare(second)


def _bare(content: Any) -> Any:
    if content.get("absent"):
        return "absent"
    value = content.get("value")
    return value.strip().casefold() if isinstance(value, str) else value

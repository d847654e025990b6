"""Contingency cards as a person may read them: the team what is in force, the planners all."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.library import posts as standard_posts
from varangian.platform.access.scope import Actor, may
from varangian.platform.thread.queries import stale_by_record

from ..library import actions_on
from ..models import Card, CardVersion, Rehearsal
from ..tailoring import dial, gaps
from .comms import words_known


@dataclass(frozen=True)
class Shown:
    """One card in the version that this person reads."""

    card: Card
    version: CardVersion
    rehearsal: Rehearsal | None = None
    """The last one of this version."""
    word: str = ""
    """Empty when none is set, or when it is not theirs to know."""
    own: frozenset[str] = frozenset()
    """Roles of the posts that the reader holds."""
    stale: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """draft, rehearsed, in force, changed (a newer draft waits) or withdrawn."""
        if self.card.withdrawn_at:
            return "withdrawn"
        if self.card.in_force is None:
            return "rehearsed" if self.rehearsal else "draft"
        return "in force" if self.card.in_force == self.card.version else "changed"

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Their own first."""
        titles = {p.role: p.title for p in reversed(standard_posts().posts)}
        rows = [
            {"title": titles.get(s["role"], s["role"]), "do": s["do"], "own": s["role"] in self.own}
            for s in self.version.content.get("drill", [])
        ]
        return sorted(rows, key=lambda row: not row["own"])

    @property
    def calls(self) -> list[dict[str, str]]:
        """Whom to call and how, with the number that a phone dials."""
        rows = self.version.content.get("call", [])
        return [{**row, "dial": dial(row["how"])} for row in rows]

    @property
    def gaps(self) -> list[str]:
        return gaps(self.version.content, self.version.place)

    @property
    def meaning(self) -> str:
        slots = {slot.id: slot.meaning for slot in actions_on().code_words}
        return slots.get(self.card.code_word, "")


def cards(actor: Actor, operation: Any = None) -> QuerySet[Card]:
    found = Card.objects.visible_to(actor).select_related("operation__principal")
    return found.filter(operation=operation) if operation is not None else found


def card(actor: Actor, pk: UUID) -> Card:
    found = cards(actor).filter(pk=pk).first()
    if found is None or (not _plans(actor, found) and not _counts(found)):
        raise NotFound("There is no such card, or it is not yours to see", where=str(pk))
    return found


def shown_of(actor: Actor, operation: Any, *, in_force: bool = False) -> list[Shown]:
    """By title. ``in_force`` leaves out drafts and what was withdrawn."""
    rows = list(cards(actor, operation).order_by("title"))
    if in_force or not may(actor, "card.change", operation.compartment_id):
        rows = [row for row in rows if _counts(row)]
    return _shown(actor, rows, operation, in_force=in_force)


def of_order(actor: Actor, operation: Any) -> list[Shown]:
    """What an order states: the versions in force, and which cards are withdrawn."""
    rows = [row for row in cards(actor, operation) if row.in_force or row.withdrawn_at]
    return _shown(actor, rows, operation, in_force=True)


def shown(actor: Actor, found: Card, *, in_force: bool = False) -> Shown:
    return _shown(actor, [found], found.operation, in_force=in_force)[0]


def versions(actor: Actor, found: Card) -> list[CardVersion]:
    """All of them for those who plan, else the one in force."""
    rows = CardVersion.objects.visible_to(actor).filter(card=found).select_related("by", "place")
    if not _plans(actor, found):
        rows = rows.filter(number=found.in_force)
    return list(rows.order_by("-number"))


def rehearsals(actor: Actor, operation: Any) -> QuerySet[Rehearsal]:
    found = Rehearsal.objects.visible_to(actor).filter(card__operation=operation)
    return found.select_related("card", "by").order_by("-held_at", "card__title")


def sessions(actor: Actor, operation: Any, most: int = 20) -> list[dict[str, Any]]:
    """Rehearsals by sitting: what was walked through together, the newest first."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rehearsals(actor, operation):
        key = (row.held_at, row.minutes, tuple(row.people), row.findings)
        found.setdefault(key, {"first": row, "rows": []})["rows"].append(row)
    return list(found.values())[:most]


def _plans(actor: Actor, found: Card) -> bool:
    return may(actor, "card.change", found.compartment_id)


def _counts(found: Card) -> bool:
    return found.in_force is not None and found.withdrawn_at is None


def _shown(actor: Actor, rows: list[Card], operation: Any, *, in_force: bool) -> list[Shown]:
    if not rows:
        return []
    planner = may(actor, "card.change", operation.compartment_id) and not in_force
    wanted = {row.pk: row.version if planner else (row.in_force or row.version) for row in rows}
    texts = CardVersion.objects.visible_to(actor).filter(card__in=rows)
    found = {(t.card_id, t.number): t for t in texts.select_related("place", "by")}
    last: dict[tuple[UUID, int], Rehearsal] = {}
    for row in rehearsals(actor, operation).reverse():
        last[row.card_id, row.version] = row
    words, own = words_known(actor, operation), _own_roles(actor, operation)
    stale = stale_by_record(actor, "card", list(wanted))
    return [
        Shown(
            row,
            found[row.pk, wanted[row.pk]],
            last.get((row.pk, wanted[row.pk])),
            words.get(row.code_word, ""),
            own,
            stale.get(row.pk, []),
        )
        for row in rows
    ]


def _own_roles(actor: Actor, operation: Any) -> frozenset[str]:
    if actor.is_system:
        return frozenset()
    return frozenset(post.role for post in operations.posts_held(actor, operation))

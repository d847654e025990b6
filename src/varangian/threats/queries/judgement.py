"""Reads of judgements. A draft is its rater's alone; who rates blind sees nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor
from varangian.platform.crypto import keys
from varangian.platform.thread.models import Edge

from ..judgement_rules import Answer, Compared, View, compare
from ..library.indicators import indicators
from ..models import (
    BoloSighting,
    CaseStrategy,
    InstrumentResult,
    Judgement,
    JudgementAnswer,
    Person,
    StrategyTask,
    ThreatSource,
)
from . import persons as people

State, Seat = Judgement.State, Judgement.Seat
STANDS = (Seat.FIRST, Seat.SETTLED)
WORKED = (Person.State.UNDER_ASSESSMENT, Person.State.MANAGED, Person.State.MONITORED)
SOON = timedelta(days=7)
MOST_LINKED = 200


def judgements(actor: Actor) -> QuerySet[Judgement]:
    """What is signed, and one's own drafts. While somebody rates as second, of that person only
    their own: they are to see it with their own eyes first."""
    found = Judgement.objects.visible_to(actor).exclude(person__state=Person.State.ERASED)
    found = found.filter(person__expires_at__gt=now())
    if not actor.is_system:
        found = found.filter(Q(state=State.SIGNED) | Q(rater=actor.pk))
        blind = Judgement.objects.visible_to(actor).filter(
            rater=actor.pk, seat=Seat.SECOND, state=State.DRAFT
        )
        own = Q(rater=actor.pk, state=State.DRAFT)
        found = found.filter(own | ~Q(person__in=blind.values("person")))
    return found.select_related("person__engagement", "rater", "asked_by", "of__rater")


def of_person(actor: Actor, person: Person) -> QuerySet[Judgement]:
    return judgements(actor).filter(person=person).order_by("-version")


def judgement(actor: Actor, pk: UUID) -> Judgement:
    return _one(judgements(actor).filter(pk=pk), "judgement", pk)


def version(actor: Actor, person: Person, number: int) -> Judgement:
    found = of_person(actor, person).filter(version=number)
    return _one(found, "judgement", f"{person.label} v{number}")


def rates_blind(actor: Actor, person: Person) -> bool:
    if actor.is_system:
        return False
    mine = Judgement.objects.visible_to(actor).filter(person=person, rater=actor.pk)
    return mine.filter(seat=Seat.SECOND, state=State.DRAFT).exists()


def open_draft(actor: Actor, person: Person) -> Judgement | None:
    if actor.is_system:
        return None
    return of_person(actor, person).filter(rater=actor.pk, state=State.DRAFT).first()


def standing(actor: Actor, person: Person) -> Judgement | None:
    """What holds now: the newest that was signed and is not a second rating."""
    return of_person(actor, person).filter(state=State.SIGNED, seat__in=STANDS).first()


def second_of(actor: Actor, first: Judgement) -> Judgement | None:
    """Signed: before that a second rating is nobody's business but its rater's."""
    found = of_person(actor, first.person).filter(of=first, seat=Seat.SECOND)
    return found.filter(state=State.SIGNED).first()


def settled_of(actor: Actor, first: Judgement) -> Judgement | None:
    return of_person(actor, first.person).filter(of=first, seat=Seat.SETTLED).first()


def asked_second(actor: Actor, first: Judgement) -> Judgement | None:
    """Who was asked, without a word of what they have written. For the page of the first."""
    rows = Judgement.objects.visible_to(actor).filter(of=first, seat=Seat.SECOND)
    return (
        rows.select_related("rater", "asked_by")
        .only("id", "key_id", "version", "state", "rater", "asked_by", "begun_at", "signed_at")
        .first()
    )


def answers(judgement: Judgement) -> dict[str, Answer]:
    """By indicator; what is not in it is unknown. ``judgement`` came from a read of this module."""
    rows: Iterable[JudgementAnswer] = judgement.answers.all()  # pyright: ignore
    return {
        row.indicator: Answer(
            row.state or "unknown",
            row.evidence,
            tuple(row.links),
            row.since,
            row.trend or "unknown",
        )
        for row in rows
    }


def view(judgement: Judgement) -> View:
    return View(level_words(judgement.level), judgement.confidence, answers(judgement))


def level_words(level: str) -> str:
    """A level that was taken out of the library since keeps its own word."""
    known = {one.id: one.title for one in indicators().levels}
    return known.get(level, level.replace("_", " "))


def titles() -> dict[str, str]:
    return {one.id: one.title for one in indicators().indicators}


def compared(first: Judgement, second: Judgement) -> list[Compared]:
    return compare(list(titles()), view(first), view(second))


def content(judgement: Judgement) -> dict[str, Any]:
    """What a signature stands under."""
    return {
        "person": str(judgement.person_id),
        "version": judgement.version,
        "seat": judgement.seat,
        "rater": str(judgement.rater_id),
        "level": judgement.level,
        "confidence": judgement.confidence,
        "reasons": judgement.reasons,
        "formulation": judgement.formulation,
        "scenarios": judgement.scenarios,
        "answers": {
            name: [one.state, one.evidence, list(one.links), one.since, one.trend]
            for name, one in sorted(answers(judgement).items())
        },
        "next_review": _plain(judgement.next_review),
        "signed_at": _plain(judgement.signed_at),
    }


def seal_holds(judgement: Judgement) -> bool:
    """It reads as it was signed."""
    return judgement.signed and judgement.seal == digest(content(judgement))


def _plain(at: datetime | None) -> str:
    return at.isoformat() if at else ""


@dataclass(frozen=True)
class Linkable:
    """A record that evidence may point at, under the name it is typed by."""

    kind: str
    id: str
    label: str


def linkable(actor: Actor, person: Person) -> list[Linkable]:
    """Threats of the engagement, and sightings against cards of the person."""
    threats = ThreatSource.objects.visible_to(actor).filter(
        operation__engagement=person.engagement_id
    )
    rows = threats.select_related("operation").order_by("-updated_at")[:MOST_LINKED]
    found = [Linkable("threat", str(t.pk), f"{t.label} {t.operation.slug}") for t in rows]
    seen = BoloSighting.objects.visible_to(actor, "bolo_file.view").filter(card__person=person)
    for row in seen.select_related("card__operation").order_by("-at")[:MOST_LINKED]:
        label = f"Sighting {row.card.label} {row.at:%Y-%m-%d %H:%M:%S}"
        found.append(Linkable("sighting", str(row.pk), label))
    return found


def instruments(actor: Actor, person: Person) -> QuerySet[InstrumentResult]:
    if not person.readable or rates_blind(actor, person):
        return InstrumentResult.objects.visible_to(actor).none()
    rows = InstrumentResult.objects.visible_to(actor).filter(person=person)
    return rows.select_related("added_by", "document")


def instrument(actor: Actor, pk: UUID) -> InstrumentResult:
    rows = InstrumentResult.objects.visible_to(actor).filter(pk=pk)
    found = rows.select_related("person", "document")
    row = _one(found, "result", pk)
    people.check_readable(row.person)
    return row


def strategies(actor: Actor, person: Person) -> QuerySet[CaseStrategy]:
    """Hidden from who rates blind: it follows from what the first rater saw."""
    rows = CaseStrategy.objects.visible_to(actor).filter(person=person)
    if not person.readable or rates_blind(actor, person):
        return rows.none()
    return rows.select_related("chosen_by", "person").order_by("-version")


def strategy(actor: Actor, person: Person) -> CaseStrategy | None:
    return strategies(actor, person).filter(ended_at=None).first()


def tasks(actor: Actor, person: Person | None = None) -> QuerySet[StrategyTask]:
    rows = StrategyTask.objects.visible_to(actor).exclude(person__state=Person.State.ERASED)
    rows = rows.filter(person__expires_at__gt=now())
    if person is not None:
        rows = rows.filter(person=person)
        if rates_blind(actor, person):
            rows = rows.filter(owner=actor.pk)
    return rows.select_related("owner", "ended_by", "person__engagement", "strategy")


def task(actor: Actor, pk: UUID) -> StrategyTask:
    return _one(tasks(actor).filter(pk=pk), "task", pk)


def named_where(actor: Actor, person: Person) -> set[UUID]:
    """Circles of the operations whose threats name the person."""
    edges = Edge.objects.visible_to(actor).filter(left_kind="person", left_id=person.pk)
    return set(edges.values_list("compartment_id", flat=True))


def late_tasks(actor: Actor) -> QuerySet[StrategyTask]:
    return tasks(actor).filter(state=StrategyTask.State.OPEN, due__lte=now())


@dataclass(frozen=True)
class Due:
    """One thing about one person that waits for somebody. No level: a list is not a ranking."""

    person: Person
    what: str
    at: datetime | None
    who: Any = None

    @property
    def late(self) -> bool:
        return self.at is None or self.at <= now()


def due(actor: Actor, engagement: Any = None) -> list[Due]:
    """Reviews that come or are late, second ratings that were asked for, tasks past their date,
    and persons worked on whom nobody has judged yet. The longest waiting first."""
    signed = Judgement.objects.visible_to(actor).filter(state=State.SIGNED, seat__in=STANDS)
    newer = signed.filter(person=OuterRef("person"), version__gt=OuterRef("version"))
    worked = people.persons(actor, engagement, view="open").filter(expires_at__gt=now())
    ids = worked.order_by().values("pk")
    rows = signed.filter(~Exists(newer.order_by()), person__in=ids)
    reviews = rows.filter(next_review__lte=now() + SOON).select_related("person", "rater")
    found = [Due(row.person, "review", row.next_review, row.rater) for row in reviews]
    never = worked.filter(state__in=WORKED).exclude(pk__in=signed.values("person"))
    found += [Due(row, "not judged yet", None, row.reviewer) for row in never]
    asked = Judgement.objects.visible_to(actor).filter(seat=Seat.SECOND, state=State.DRAFT)
    asked = asked.filter(person__in=ids).select_related("person", "rater")
    found += [Due(row.person, "second rating", row.begun_at, row.rater) for row in asked]
    late = late_tasks(actor).filter(person__in=ids)
    found += [Due(row.person, f"task {row.serial}", row.due, row.owner) for row in late]
    keys.open_all(one.person.key_id for one in found)
    longest = now() - timedelta(days=36500)
    return sorted(found, key=lambda one: (one.at or longest, one.person.serial))


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row

"""Reads of briefs. A reader never meets what they could not see where it was taken from."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, circles, may, require
from varangian.platform.thread.queries import stale_by_record

from ..brief_words import Finding, findings
from ..library import brief_library
from ..models import Brief, BriefItem, BriefJudgement, BriefReading

State = Brief.State
UNDER_REVIEW = "Something it rests on has changed. The desk is told."


@dataclass
class Judged:
    judgement: BriefJudgement
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Section:
    rule: Any
    items: list[BriefItem]

    @property
    def unknown(self) -> int:
        return sum(row.unknown for row in self.items)


@dataclass
class Shown:
    """One brief as one person reads it."""

    brief: Brief
    sections: list[Section] = field(default_factory=list)
    left_out: list[BriefItem] = field(default_factory=list)
    judgements: list[Judged] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    mine: BriefReading | None = None
    newer: Brief | None = None
    drafting: bool = False

    @property
    def unknown(self) -> int:
        return sum(section.unknown for section in self.sections)

    @property
    def open_findings(self) -> int:
        return sum(len(row.findings) for row in self.judgements)


def operation_with_briefs(actor: Actor, slug: str) -> Any:
    operation = operations.operation(actor, slug)
    require(actor, "brief.view", operation.compartment_id)
    return operation


def briefs(actor: Actor, operation: Any = None) -> QuerySet[Brief]:
    """Drafts and briefs for the desk only for the desk; TLP:RED only for those who were asked."""
    found = Brief.objects.visible_to(actor).select_related("operation", "drafted_by", "approved_by")
    if not actor.is_system:
        desk = circles(actor, "brief.change")
        asked = BriefReading.objects.visible_to(actor).filter(user=actor).values("brief_id")
        out = Q(issued_at__isnull=False) & (Q(readers="team") & ~Q(tlp="red") | Q(pk__in=asked))
        inside = Q(compartment_id__in=desk) if desk is not None else Q(pk__in=[])
        authors = Q(drafted_by=actor) | Q(approved_by=actor) | Q(issued_at=None) | Q(pk__in=asked)
        found = found.filter(out | inside & (~Q(tlp="red") | authors))
    if operation is not None:
        found = found.filter(operation=operation)
    return found.order_by("-drafted_at", "-pk")


def brief(actor: Actor, pk: UUID) -> Brief:
    return _one(briefs(actor).filter(pk=pk), "brief", pk)


def brief_named(actor: Actor, operation: Any, serial: str = "") -> Brief:
    """By serial, the newest version of it; without one the newest of all that is not put away."""
    rows = briefs(actor, operation)
    if serial:
        rows = rows.filter(serial__iexact=serial.replace("\x00", "").strip())
    else:
        rows = rows.filter(state__in=(State.DRAFT, State.ISSUED))
    return _one(rows, "brief", serial or operation.slug)


def being_drafted(actor: Actor, operation: Any, kind: str = "") -> Brief | None:
    rows = briefs(actor, operation).filter(state=State.DRAFT)
    return (rows.filter(kind=kind) if kind else rows).first()


def last_issued(actor: Actor, operation: Any) -> Brief | None:
    rows = briefs(actor, operation).filter(issued_at__isnull=False)
    return rows.order_by("-issued_at").first()


def items(actor: Actor, brief: Brief) -> list[BriefItem]:
    """Those that this person may see where they were taken from, in the order of the brief."""
    rows = BriefItem.objects.visible_to(actor).filter(brief=brief)
    return [row for row in rows if may(actor, row.needs, row.circle)]


def item(actor: Actor, pk: UUID) -> BriefItem:
    rows = BriefItem.objects.visible_to(actor).filter(pk=pk, brief__in=briefs(actor))
    row: BriefItem = _one(rows.select_related("brief__operation"), "item", pk)
    if not may(actor, row.needs, row.circle):
        raise NotFound("There is no such item, or it is not yours to see", where=str(pk))
    return row


def judgements(actor: Actor, brief: Brief) -> list[BriefJudgement]:
    rows = BriefJudgement.objects.visible_to(actor).filter(brief=brief).select_related("by")
    if not may(actor, "brief.change", brief.compartment_id):
        rows = rows.filter(readers="team")
    return list(rows)


def judgement(actor: Actor, pk: UUID) -> BriefJudgement:
    rows = BriefJudgement.objects.visible_to(actor, "brief.change").filter(pk=pk)
    rows = rows.filter(brief__in=briefs(actor)).select_related("brief__operation")
    return _one(rows, "judgement", pk)


def readings(actor: Actor, brief: Brief) -> list[BriefReading]:
    """Who has been asked and who has read, for the desk."""
    rows = BriefReading.objects.visible_to(actor, "brief.change").filter(brief=brief)
    return list(rows.select_related("user").order_by("at", "user__name"))


def shown(actor: Actor, brief: Brief) -> Shown:
    drafting = may(actor, "brief.change", brief.compartment_id)
    seen = items(actor, brief)
    kept = [row for row in seen if not row.left_out]
    by_section = {rule.id: [r for r in kept if r.section == rule.id] for rule in sections()}
    judged = judgements(actor, brief)
    open_ = drafting and brief.state == State.DRAFT
    return Shown(
        brief,
        [Section(rule, by_section[rule.id]) for rule in sections() if by_section[rule.id]],
        [row for row in seen if row.left_out] if drafting else [],
        [Judged(row, findings(row.text, row.probability) if open_ else []) for row in judged],
        stale_of(actor, [brief]).get(brief.pk, []),
        reading_of(actor, brief),
        newer(actor, brief),
        drafting,
    )


def judged(row: BriefJudgement) -> Judged:
    return Judged(row, findings(row.text, row.probability))


def sections() -> tuple[Any, ...]:
    return brief_library().sections


def stale_of(actor: Actor, rows: list[Brief]) -> dict[UUID, list[str]]:
    """Reasons for the desk; the others hear that there is one."""
    found = stale_by_record(actor, "brief", [row.pk for row in rows])
    may_know = {row.pk: may(actor, "stale.clear", row.compartment_id) for row in rows}
    return {pk: why if may_know[pk] else [UNDER_REVIEW] for pk, why in found.items()}


def reading_of(actor: Actor, brief: Brief) -> BriefReading | None:
    if actor.is_system:
        return None
    return BriefReading.objects.visible_to(actor).filter(brief=brief, user=actor).first()


def newer(actor: Actor, brief: Brief) -> Brief | None:
    """What took its place, if this person may see it."""
    if brief.state != State.SUPERSEDED:
        return None
    rows = briefs(actor, brief.operation).filter(kind=brief.kind, issued_at__gt=brief.issued_at)
    return rows.order_by("issued_at").first()


def for_me(actor: Actor) -> list[dict[str, Any]]:
    """On the phone: what is out in operations that are not over, the unread first."""
    rows = briefs(actor).filter(state=State.ISSUED)
    rows = list(rows.exclude(operation__state__in=("closed", "cancelled"))[:20])
    asked = BriefReading.objects.visible_to(actor).filter(brief__in=[r.pk for r in rows])
    mine = {row.brief_id: row for row in asked.filter(user_id=actor.pk)}
    stale = stale_of(actor, rows)
    found = [{"brief": r, "mine": mine.get(r.pk), "stale": stale.get(r.pk, [])} for r in rows]
    return sorted(found, key=lambda row: bool(row["mine"] and row["mine"].at))


def only_draft(brief: Brief) -> None:
    if brief.state != State.DRAFT:
        raise Refused(
            f"A brief that is {brief.get_state_display().lower()} is not changed",
            where=brief.label,
            mend="Draft a new version.",
        )


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name)[:80])
    return row

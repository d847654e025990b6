"""Reads of crowd management plans."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.chain import digest
from varangian.kernel.results import NotFound
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor
from varangian.platform.audit import approval

from ..models import CrowdAgreement, CrowdPlan, CrowdPost, CrowdRun, VenuePlan, VenueVersion
from ..plan.content import Content, Post, plain, read_content
from ..plan.known import Known, known_of
from ..plan.rules import Gap, gaps
from ..plan.secrets import leaks, secret_words
from . import venues

State = CrowdPlan.State


def plans(actor: Actor, operation: Operation | None = None) -> QuerySet[CrowdPlan]:
    found = CrowdPlan.objects.visible_to(actor).select_related(
        "operation", "operation__principal", "venue", "venue__current", "drawn", "drawn__plan"
    )
    return found.filter(operation=operation) if operation else found


def plan(actor: Actor, pk: UUID) -> CrowdPlan:
    found = plans(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such crowd plan, or it is not yours to see", where=str(pk))
    return found


def versions(actor: Actor, plan: CrowdPlan) -> QuerySet[CrowdPlan]:
    """Of the same operation and venue, the newest first."""
    found = plans(actor).filter(operation_id=plan.operation_id, venue_id=plan.venue_id)  # pyright: ignore
    return found.order_by("-version")


def waiting(actor: Actor, operation: Operation, venue: VenuePlan) -> CrowdPlan | None:
    """Drafted or signed, and not yet in force."""
    found = plans(actor, operation).filter(venue=venue)
    return found.filter(state__in=(State.DRAFT, State.APPROVED)).first()


def in_force(actor: Actor, operation: Operation, venue: VenuePlan) -> CrowdPlan | None:
    return plans(actor, operation).filter(venue=venue, state=State.IN_FORCE).first()


def content_of(plan: CrowdPlan) -> Content:
    return read_content(plan.content)


def signed_digest(plan: CrowdPlan) -> str:
    """Over everything that a reader relies on."""
    return digest(
        {
            "operation": str(plan.operation_id),  # pyright: ignore[reportAttributeAccessIssue]
            "venue": str(plan.venue_id),  # pyright: ignore[reportAttributeAccessIssue]
            "drawn": plan.drawn.number,
            "version": plan.version,
            "content": plain(content_of(plan)),
        }
    )


def fault(plan: CrowdPlan) -> str:
    """Why the signature does not hold; empty when it does."""
    return approval.fault(plan, signed_digest(plan))


def agreements(actor: Actor, plan: CrowdPlan) -> QuerySet[CrowdAgreement]:
    found = CrowdAgreement.objects.visible_to(actor).filter(plan=plan)
    return found.select_related("signed_copy", "by", "plan")


def agreement(actor: Actor, plan: CrowdPlan, pk: UUID) -> CrowdAgreement:
    found = agreements(actor, plan).filter(pk=pk).first()
    if found is None:
        raise NotFound("Nobody agreed there", where=str(pk))
    return found


def lacking(actor: Actor, plan: CrowdPlan) -> list[str]:
    """Whose agreement is still missing."""
    there = set(agreements(actor, plan).values_list("side", flat=True))
    return [str(side.label) for side in CrowdAgreement.NEEDED if side not in there]


def known(actor: Actor, drawn: VenueVersion) -> Known:
    """What venue plan, standards and last runs say of this drawing."""
    venue = venues.sound(drawn.document)
    done = venues.runs(actor, drawn.plan).filter(version=drawn, state=CrowdRun.State.DONE)
    found: dict[str, Any] = {}
    for run in done[:20]:
        kind = "trouble" if "before" in run.result else "plain"
        when = f"run of {run.asked_at:%d %b %Y %H:%M} UTC"
        found.setdefault(kind, (run.result["after"], run.wish, when))
        if kind == "trouble":
            calm = {**run.wish, "blocked": [], "surge_gate": "", "incident": []}
            found.setdefault("plain", (run.result["before"], calm, when))
    return known_of(venue, f"version {drawn.number}", list(drawn.findings), **found)


def secrets_of(plan: CrowdPlan) -> list[str]:
    venue, _ = venues.looked_over(plan.drawn.document)
    return secret_words(venue, content_of(plan), plan.operation.principal.code_name)


def gaps_of(plan: CrowdPlan) -> list[Gap]:
    content = content_of(plan)
    return gaps(content, leaks(content, secrets_of(plan)))


def newer(actor: Actor, plan: CrowdPlan) -> list[str]:
    """What has changed since its figures were taken."""
    found, venue = [], plan.venue
    if venue.current and venue.current_id != plan.drawn_id:  # pyright: ignore
        found.append(f"Version {venue.current.number} of the venue is in force")
    runs = venues.runs(actor, venue).filter(version=plan.drawn, state=CrowdRun.State.DONE)
    if runs.filter(ended_at__gt=plan.figures_at).exists():
        found.append("The venue was run again")
    return found


def post_of(plan: CrowdPlan, name: str) -> Post:
    found = next((post for post in content_of(plan).posts if post.key == name), None)
    if found is None:
        raise NotFound(f"The plan has no post {name}", where=plan.serial)
    return found


def posted(actor: Actor, plan: CrowdPlan) -> dict[str, CrowdPost]:
    """Posts of the operation by their key in the plan."""
    found = CrowdPost.objects.visible_to(actor).filter(
        operation_id=plan.operation_id,
        venue_id=plan.venue_id,  # pyright: ignore
    )
    return {row.name: row for row in found.select_related("post", "post__holder")}

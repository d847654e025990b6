"""Go or no go: what was decided, and whether it still stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor
from varangian.platform.audit.signing import short
from varangian.platform.thread.queries import stale_by_record

from ..models import Decision
from ..readiness import Light, turned
from ..signing import decision_fault

Kind = Decision.Kind


@dataclass(frozen=True)
class Standing:
    """The last word on an operation. ``holds`` means that it may start, or go on, under it."""

    state: str
    """none, go, lapsed, shaken, no_go or override."""
    tone: str
    words: str
    decision: Decision | None = None
    stale: Sequence[str] = ()
    turned: Sequence[str] = field(default=())
    """Ready at the time of the decision, and not now."""

    @property
    def holds(self) -> bool:
        return self.state in ("go", "override")


def decisions(actor: Actor, operation: Any) -> QuerySet[Decision]:
    found = Decision.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("by", "operation").order_by("-serial")


def latest(actor: Actor, operation: Any) -> Decision | None:
    return decisions(actor, operation).first()


def standing(actor: Actor, operation: Any, lights: Sequence[Light] = ()) -> Standing:
    found = latest(actor, operation)
    if found is None:
        return Standing("none", "grey", "no go yet")
    if found.kind == Kind.NO_GO:
        return Standing("no_go", "red", "no go", found)
    if found.kind == Kind.OVERRIDE:
        return Standing("override", "red", "started without a go", found)
    stale = stale_by_record(actor, "go", [found.pk]).get(found.pk, [])
    since = turned(found.lights, lights)
    if found.until is not None and found.until <= now():
        return Standing("lapsed", "amber", "go has lapsed", found, stale, since)
    if stale:
        return Standing("shaken", "amber", "go to be looked at again", found, stale, since)
    return Standing("go", "green", "go", found, (), since)


def verdict(decision: Decision) -> dict[str, Any]:
    fault = decision_fault(decision)
    return {"genuine": not fault, "reason": fault, "digest": short(decision.content_digest)}

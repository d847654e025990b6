"""Reads of what is public about a principal."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.kernel.words import plural
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import Actor, require

from .. import picture
from ..exposure_rules import masked
from ..models import (
    Exposure,
    ExposureChange,
    ExposureImport,
    ExposureLook,
    Principal,
    TakeDown,
)
from ..models.exposure import OPEN
from .people import MOST_SEARCHED
from .people import principal as principal_of

EVENTS = {
    "added": "added",
    "task_done": "take-down ended",
    "taken_down": "no longer there",
    "came_back": "came back",
    "accepted": "accepted",
    "looked": "looked at again",
    "task": "task given or changed",
    "changed": "changed",
    "raised": "raised as a threat",
}


@dataclass(frozen=True)
class Filters:
    kind: str = ""
    detail: str = ""
    status: str = ""
    """A status, or "open" for all that are."""
    sensitivity: str = ""
    due: bool = False


def principal_with_exposure(actor: Actor, slug: str) -> Principal:
    """Who may not see what is collected learns no more than before."""
    found = principal_of(actor, slug)
    require(actor, "exposure.view", found.compartment_id)
    return found


def exposures(
    actor: Actor, principal: Principal, filters: Filters | None = None
) -> QuerySet[Exposure]:
    found = Exposure.objects.visible_to(actor).filter(principal=principal)
    if principal.state == Principal.State.ERASED:
        return found.none()
    wanted = filters or Filters()
    if wanted.status == "open":
        found = found.filter(status__in=OPEN)
    elif wanted.status:
        found = found.filter(status=wanted.status)
    for name in ("kind", "detail", "sensitivity"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.due:
        found = found.filter(recheck_due__lt=now().date())
    waiting = Count("tasks", filter=Q(tasks__state="open"))
    late = Count("tasks", filter=Q(tasks__state="open", tasks__due__lt=now().date()))
    found = found.annotate(tasks_open=waiting, tasks_late=late)
    return found.select_related("principal", "accepted_by").order_by("-serial")


def item(actor: Actor, pk: UUID, principal: Principal | None = None) -> Exposure:
    rows = Exposure.objects.visible_to(actor).filter(pk=pk).exclude(principal__state="erased")
    if principal is not None:
        rows = rows.filter(principal=principal)
    return _one(rows.select_related("principal", "accepted_by", "added_by"), "item", pk)


def item_numbered(actor: Actor, principal: Principal, serial: int) -> Exposure:
    return _one(exposures(actor, principal).filter(serial=serial), "item", f"E{serial}")


def search(actor: Actor, text: str) -> Iterator[Exposure]:
    """By number, and by the words of what is not masked; the newest first, up to a limit."""
    wanted = text.casefold()
    rows = Exposure.objects.visible_to(actor).exclude(principal__state="erased")
    for row in rows.select_related("principal").order_by("-updated_at")[:MOST_SEARCHED]:
        shown = row.label if masked(row) else f"{row.label} {row.what} {row.where}"
        if wanted in shown.casefold():
            yield row


def changes(actor: Actor, found: Exposure) -> QuerySet[ExposureChange]:
    rows = ExposureChange.objects.visible_to(actor).filter(item=found)
    return rows.select_related("by").order_by("-at", "-pk")


def tasks(actor: Actor, found: Exposure) -> QuerySet[TakeDown]:
    rows = TakeDown.objects.visible_to(actor).filter(item=found)
    return rows.select_related("owner", "ended_by", "given_by").order_by("ended_at", "due")


def tasks_open(actor: Actor, principal: Principal) -> QuerySet[TakeDown]:
    rows = TakeDown.objects.visible_to(actor).filter(principal=principal, state="open")
    return rows.select_related("owner", "item", "principal").order_by("due", "given_at")


def task(actor: Actor, pk: UUID, principal: Principal | None = None) -> TakeDown:
    rows = TakeDown.objects.visible_to(actor).filter(pk=pk).exclude(principal__state="erased")
    if principal is not None:
        rows = rows.filter(principal=principal)
    return _one(rows.select_related("owner", "item__principal", "principal"), "task", pk)


def imports(actor: Actor, principal: Principal) -> QuerySet[ExposureImport]:
    rows = ExposureImport.objects.visible_to(actor, "exposure.change").filter(principal=principal)
    if principal.state == Principal.State.ERASED:
        return rows.none()
    return rows.select_related("by", "principal").defer("original", "report")


def upload(actor: Actor, pk: UUID, principal: Principal | None = None) -> ExposureImport:
    rows = ExposureImport.objects.visible_to(actor, "exposure.change").filter(pk=pk)
    rows = rows.exclude(principal__state="erased").select_related("by", "principal")
    return _one(rows.filter(principal=principal) if principal else rows, "file", pk)


def owners(actor: Actor, principal: Principal) -> list[User]:
    """Who may have a task: those of the engagement who may see the exposure."""
    roles = roles_for("exposure.view")
    found = members(actor, principal.compartment_id)
    return [one.user for one in found if one.role in roles and one.user.is_active]


def owner(actor: Actor, principal: Principal, email: str) -> User:
    for person in owners(actor, principal):
        if person.email == email.strip().lower():
            return person
    raise Refused(
        "This person cannot have the task",
        where=email,
        mend="Name a detail leader, analyst or operator of the engagement.",
    )


def months(actor: Actor, principal: Principal) -> list[picture.Month]:
    if principal.state == Principal.State.ERASED:
        return []
    rows = ExposureChange.objects.visible_to(actor).filter(principal=principal)
    told = rows.order_by("at", "pk").values_list("item_id", "at", "kind", "sensitivity", "status")
    return picture.months((picture.Standing(*row) for row in told), now())


@dataclass(frozen=True)
class News:
    """What changed since a person last said that they had looked."""

    since: datetime | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        if self.since is None:
            return "You have not noted a look yet."
        told = [f"{self.counts[name]} {words}" for name, words in EVENTS.items()
                if self.counts.get(name)]  # fmt: skip
        return f"{', '.join(told)}." if told else "Nothing has changed."


def news(actor: Actor, principal: Principal) -> News:
    if actor.is_system:
        return News(None)
    looks = ExposureLook.objects.visible_to(actor).filter(principal=principal, by=actor)
    last = looks.order_by("-at").values_list("at", flat=True).first()
    if last is None:
        return News(None)
    rows = ExposureChange.objects.visible_to(actor).filter(principal=principal, at__gt=last)
    return News(last, dict(Counter(rows.values_list("event", flat=True))))


def standing(actor: Actor, principal: Principal) -> dict[str, Any]:
    """What asks for somebody: counts of items and tasks."""
    rows = exposures(actor, principal)
    today = now().date()
    open_ = rows.filter(status__in=OPEN)
    found = {
        "open": open_.count(),
        "due": rows.filter(recheck_due__lt=today).count(),
        "late": tasks_open(actor, principal).filter(due__lt=today).count(),
        "came_back": rows.filter(status="came_back").count(),
    }
    return {**found, "words": plural(found["open"], "open item")}


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row

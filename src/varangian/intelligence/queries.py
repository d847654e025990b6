"""Reads of feeds and signals."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from .models import Connector, FeedImport, Signal


def signals(actor: Actor, *, kind: str = "", state: str = "active") -> QuerySet[Signal]:
    found = Signal.objects.visible_to(actor).order_by("-received_at", "pk")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state) if state else found


def running(actor: Actor) -> QuerySet[Signal]:
    """Active, real, and not over."""
    return signals(actor).filter(Q(expires=None) | Q(expires__gt=now()), status="actual")


def signal(actor: Actor, pk: UUID) -> Signal:
    return _one(Signal.objects.visible_to(actor).filter(pk=pk), "signal", pk)


def signals_by_id(actor: Actor, ids: list[UUID]) -> dict[UUID, Signal]:
    return {row.pk: row for row in Signal.objects.visible_to(actor).filter(pk__in=ids)}


def replaced_by(actor: Actor, ids: list[UUID]) -> dict[UUID, Signal]:
    """Signals that these ones replaced or cancelled."""
    found = Signal.objects.visible_to(actor).filter(superseded_by__in=ids)
    return {row.pk: row for row in found}


def imports(actor: Actor) -> QuerySet[FeedImport]:
    return FeedImport.objects.visible_to(actor).defer("original").order_by("-at")


def feed_import(actor: Actor, pk: UUID) -> FeedImport:
    return _one(FeedImport.objects.visible_to(actor).filter(pk=pk), "import", pk)


def connectors(actor: Actor) -> QuerySet[Connector]:
    return Connector.objects.visible_to(actor).order_by("name")


def connector(actor: Actor, name: str) -> Connector | None:
    return Connector.objects.visible_to(actor).filter(name=name).first()


def due_connectors(actor: Actor) -> QuerySet[Connector]:
    return connectors(actor).filter(enabled=True, next_at__lte=now())


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row

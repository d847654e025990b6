"""Reads of the missions of TAK clients."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import TakMission, TakMissionFile, TakPackage, TakSubscription


@dataclass(frozen=True)
class Change:
    """One thing that happened to a mission, as its clients are told of it."""

    kind: str
    at: datetime
    by: str
    package: TakPackage | None = None


def missions(actor: Actor, operation: Any) -> QuerySet[TakMission]:
    now_in = TakMissionFile.objects.visible_to(actor).filter(removed_at=None)
    files = now_in.select_related("package__device__person")
    found = TakMission.objects.visible_to(actor).filter(operation=operation, ended_at=None)
    return found.select_related("device__person").prefetch_related(
        Prefetch("files", files, to_attr="held")
    )


def counted(actor: Actor, operation: Any) -> QuerySet[TakMission]:
    """With how many files and listeners each has, for people."""
    held = Count("files", filter=Q(files__removed_at=None), distinct=True)
    listening = Count("subscriptions", distinct=True)
    return missions(actor, operation).annotate(file_count=held, listener_count=listening)


def mission(actor: Actor, operation: Any, named: str) -> TakMission:
    """By its name, which is sealed, or by its guid."""
    found = missions(actor, operation)
    if (guid := _guid(named)) is not None:
        row = found.filter(pk=guid).first()
    else:
        row = next((one for one in found if one.name == named.strip()), None)
    if row is None:
        raise NotFound("There is no such mission, or it is not yours to see", where=named)
    return row


def _guid(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None


def subscriptions(actor: Actor, mission: TakMission) -> QuerySet[TakSubscription]:
    found = TakSubscription.objects.visible_to(actor).filter(mission=mission)
    return found.select_related("device__person")


def changes(
    actor: Actor, mission: TakMission, since: datetime | None, until: datetime | None
) -> list[Change]:
    """Newest first, as clients expect them."""
    rows = TakMissionFile.objects.visible_to(actor).filter(mission=mission)
    told = [
        change
        for change in _all(mission, rows.select_related("package__device__person"))
        if (since is None or change.at >= since) and (until is None or change.at <= until)
    ]
    return sorted(told, key=lambda change: change.at, reverse=True)


def _all(mission: TakMission, rows: QuerySet[TakMissionFile]) -> Iterator[Change]:
    yield Change("CREATE_MISSION", mission.made_at, mission.creator_uid)
    for row in rows:
        yield Change("ADD_CONTENT", row.added_at, row.creator_uid, row.package)
        if row.removed_at is not None:
            yield Change("REMOVE_CONTENT", row.removed_at, row.remover_uid, row.package)

"""Records, entries and candidates of the face watchlist, each behind its own right."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from varangian.alerts.queries import ids_about
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor, always, circles, may, system_read
from varangian.platform.thread import registry

from ..models import (
    Camera,
    FaceDenial,
    FaceDeployment,
    FaceEntry,
    FaceExport,
    FaceMatch,
    FacePicture,
    FaceView,
)
from ..services.faces.naming import all_in_force, cameras_of, nameable
from ..services.faces.watchlist import CASES

PEOPLE = ("operation", "drawn_by")
VIEWS = ("waiting", "confirmed", "denied", "all")
STATES = {"waiting": "candidate", "confirmed": "confirmed", "denied": "denied"}


def records(actor: Actor, operation: Any = None) -> QuerySet[FaceDeployment]:
    found = FaceDeployment.objects.visible_to(actor)
    found = found.select_related(*PEOPLE, "signed_by", "revoked_by", "assessment")
    return found if operation is None else found.filter(operation=operation)


def with_cameras(actor: Actor, rows: Any) -> list[FaceDeployment]:
    """Each with the cameras that this person may know of, and how many it names besides."""
    found: list[Any] = list(rows)
    for row in found:
        row.seen_cameras, row.besides = cameras_of(actor, row)
    return found


def candidates_for(actor: Actor, operation: Any) -> QuerySet[Camera]:
    """Cameras that a record of this operation may name, by name."""
    return nameable(actor, operation).order_by("name")


def record(actor: Actor, pk: UUID) -> FaceDeployment:
    return _one(records(actor).filter(pk=pk), "deployment record", pk)


def entries(
    actor: Actor, operation: Any = None, *, ended: bool = False, action: str | None = None
) -> QuerySet[FaceEntry]:
    found = FaceEntry.objects.visible_to(actor, action)
    found = found.select_related(*PEOPLE, "reviewer", "ended_by")
    found = found.annotate(
        picture_count=Count("pictures", distinct=True), denial_count=Count("denials", distinct=True)
    )
    if not ended:
        found = found.exclude(state__in=FaceEntry.GONE).filter(expires_at__gt=now())
    return found if operation is None else found.filter(operation=operation)


def entry(actor: Actor, pk: UUID) -> FaceEntry:
    return _one(entries(actor, ended=True).filter(pk=pk), "entry", pk)


def pictures(actor: Actor, of: FaceEntry) -> QuerySet[FacePicture]:
    return FacePicture.objects.visible_to(actor).filter(entry=of).select_related("by")


def picture(actor: Actor, pk: UUID) -> FacePicture:
    rows = FacePicture.objects.visible_to(actor).filter(pk=pk)
    return _one(rows.select_related("entry__operation"), "picture", pk)


def cases(actor: Actor, operation: Any) -> dict[str, list[Any]]:
    """Records of the operation that an entry may belong to, as far as this person sees them."""
    return {kind: list(registry.of_operation(actor, kind, operation.pk)) for kind in CASES}


def case(actor: Actor, of: FaceEntry) -> tuple[str, str] | None:
    """Caption and address of the case, for whoever may see it."""
    if of.case_id is None:
        return None
    kind = registry.kind(of.case_kind)
    found = registry.records(actor, of.case_kind, [of.case_id]).get(of.case_id)
    return (kind.caption(found), kind.url(found)) if found is not None else None


def matches(actor: Actor, operation: Any = None, *, view: str = "waiting") -> QuerySet[FaceMatch]:
    """The newest first. What is over is not shown, whether or not the tick has erased it."""
    found = FaceMatch.objects.visible_to(actor).filter(expires_at__gt=now())
    found = found.select_related("operation", "camera", "entry", "decided_by", "deployment")
    if view in STATES:
        found = found.filter(state=STATES[view])
    return found if operation is None else found.filter(operation=operation)


def match(actor: Actor, pk: UUID) -> FaceMatch:
    return _one(matches(actor, view="all").filter(pk=pk), "candidate", pk)


def counted(actor: Actor, of: FaceMatch) -> int:
    """Pictures of the entry that can be laid beside it."""
    rows = FacePicture.objects.visible_to(actor, "face_match.view")
    return rows.filter(entry_id=of.entry_id).count()


def denials(actor: Actor, of: FaceMatch) -> int:
    rows = FaceDenial.objects.visible_to(actor)
    return rows.filter(entry_id=of.entry_id).count()


def own_view(actor: Actor, pk: UUID) -> FaceMatch:
    """The candidate of a view that this person began; asked for with each picture."""
    row = FaceView.objects.visible_to(actor, "face_match.view").filter(pk=pk, person_id=actor.pk)
    found = row.first()
    if found is None:
        raise NotFound("There is no such view, or it is not yours", where=str(pk))
    return match(actor, found.match)


def views(actor: Actor, operation: Any) -> QuerySet[FaceView]:
    """Who looked, why and when: for the leader."""
    found = FaceView.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("person")


def exports(actor: Actor, operation: Any) -> QuerySet[FaceExport]:
    """Who took a candidate out as evidence, why and when: for the leader."""
    found = FaceExport.objects.visible_to(actor).filter(operation=operation)
    return found.select_related("person")


def comparing(actor: Actor, operation: Any) -> list[Camera]:
    """Cameras that compare faces at this moment on a record of this operation."""
    return [
        one
        for one in candidates_for(actor, operation)
        if any(row.operation_id == operation.pk for row in all_in_force(one))
    ]


def waits(actor: Actor, operation: Any) -> int:
    """How many candidates wait for this person; nought for whoever may not know."""
    if not may(actor, "face_match.view", operation.compartment_id):
        return 0
    return matches(actor, operation).count()


@system_read("what is kept from a person must be found to be kept")
def kept_ids(actor: Actor) -> set[UUID]:
    """Candidates, and the alerts about them, that are not for the eyes of this member. What
    belongs to the engagement alone stands in its own circle, and its line in the log says no more
    than that."""
    if always(actor, "face_match.view", where="alert.view"):
        return set()
    here, seen = circles(actor, "alert.view"), circles(actor, "face_match.view")
    if here is None or seen is None:
        return set()
    mine = Q(compartment_id__in=here) | Q(operation__compartment_id__in=here)
    found = FaceMatch.objects.filter(mine).exclude(compartment_id__in=seen)
    ids = set(found.values_list("pk", flat=True))
    return ids | ids_about(ids) if ids else ids


def _one(found: Any, words: str, pk: UUID) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(pk))
    return row

"""Reads of the spine."""

from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor
from varangian.platform.access.stage import on_this_side

from .models import Engagement, Movement, Operation, Post


def engagements(actor: Actor) -> QuerySet[Engagement]:
    return Engagement.objects.visible_to(actor).order_by("slug")


def engagement(actor: Actor, slug: str) -> Engagement:
    return _one(Engagement.objects.visible_to(actor).filter(slug=slug), "engagement", slug)


def engagement_above(actor: Actor, compartment_id: UUID) -> Engagement:
    """The engagement that owns a compartment; whoever may see the principal may know of it."""
    found = Engagement.objects.visible_to(actor, "principal.view")
    return _one(found.filter(compartment_id=compartment_id), "engagement", "")


def operations(actor: Actor) -> QuerySet[Operation]:
    found = _here(actor, Operation.objects.visible_to(actor))
    return found.select_related("principal", "engagement").order_by("-starts", "slug")


def _here(actor: Actor, found: QuerySet[Any]) -> QuerySet[Any]:
    """The house itself sees every compartment, but its lists keep life and exercise apart too."""
    return found.filter(on_this_side("compartment__")) if actor.is_system else found


HAND = ((1, Operation.State.ACTIVE), (2, Operation.State.PLANNED), (3, Operation.State.DRAFT))
LISTED = (
    *("id", "key_id", "compartment_id", "slug", "state", "kind", "title", "intent"),
    *("threat_level", "profile_level", "time_zone", "starts", "ends", "version"),
    *("principal__slug", "principal__code_name", "engagement__slug"),
)


def listed(actor: Actor) -> QuerySet[Operation]:
    """For long lists: only the columns that a row shows, not the whole file of each principal."""
    return operations(actor).only(*LISTED)


def in_hand(actor: Actor, *, named: list[str]) -> QuerySet[Operation]:
    """The one that is named comes first, then what is under way, then what comes next."""
    ranks = [When(slug__in=named, then=0), *(When(state=s, then=n) for n, s in HAND)]
    found = Operation.objects.visible_to(actor).filter(state__in=[state for _, state in HAND])
    found = found.only("id", "key_id", "slug", "state", "title")
    return found.order_by(Case(*ranks, default=9), "-starts", "slug")


def ended_circles(actor: Actor) -> QuerySet[Any]:
    """Compartments of operations that are over: nothing of theirs waits for anybody."""
    over = (Operation.State.CLOSED, Operation.State.CANCELLED)
    return Operation.objects.visible_to(actor).filter(state__in=over).values("compartment_id")


def operation(actor: Actor, slug: str) -> Operation:
    return _one(operations(actor).filter(slug=slug), "operation", slug)


def operation_by_id(actor: Actor, pk: UUID) -> Operation:
    return _one(operations(actor).filter(pk=pk), "operation", "")


def movements(actor: Actor, operation: Operation | None = None) -> QuerySet[Movement]:
    found = Movement.objects.visible_to(actor).select_related("origin", "destination", "operation")
    found = _here(actor, found) if operation is None else found.filter(operation=operation)
    return found.order_by("operation_id", "serial")


def movement(actor: Actor, pk: UUID) -> Movement:
    return _one(movements(actor).filter(pk=pk), "movement", "")


def movement_of(actor: Actor, operation: Operation, pk: UUID) -> Movement:
    """Not a leg of another operation."""
    return _one(movements(actor, operation).filter(pk=pk), "movement", "")


def legs_at(actor: Actor, place_id: UUID) -> QuerySet[Movement]:
    """Legs that begin or end at a place."""
    return movements(actor).filter(Q(origin_id=place_id) | Q(destination_id=place_id))


def posts(actor: Actor, operation: Operation) -> QuerySet[Post]:
    return Post.objects.visible_to(actor).filter(operation=operation).select_related("holder")


def posts_held(actor: Actor, operation: Operation) -> QuerySet[Post]:
    """The posts that this person holds: everyone may know their own."""
    found = Post.objects.visible_to(actor, "operation.view")
    return found.filter(operation=operation, holder=actor).order_by("serial")


def post(actor: Actor, pk: UUID) -> Post:
    return _one(Post.objects.visible_to(actor).filter(pk=pk), "post", "")


def posts_on(actor: Actor, movement: Movement) -> list[Post]:
    """Posts named for this movement; posts that name no movement cover all of them."""
    return posts_by_leg(actor, movement.operation, [movement.pk])[movement.pk]


def posts_by_leg(actor: Actor, operation: Operation, legs: list[UUID]) -> dict[UUID, list[Post]]:
    """The same for many legs at once."""
    rows = list(posts(actor, operation).prefetch_related("covers"))
    named = {row.pk: {cover.movement_id for cover in row.covers.all()} for row in rows}
    return {leg: [row for row in rows if not named[row.pk] or leg in named[row.pk]] for leg in legs}


def _one(found: Any, words: str, name: str) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=name)
    return row

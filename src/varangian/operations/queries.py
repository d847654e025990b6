"""Reads of the spine."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound
from varangian.platform.access.models import User
from varangian.platform.access.queries import members
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.access.stage import on_this_side

from .models import Duty, Engagement, Movement, Operation, Post


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


OVER = (Operation.State.CLOSED, Operation.State.CANCELLED)
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
    return Operation.objects.visible_to(actor).filter(state__in=OVER).values("compartment_id")


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


def on_duty(actor: Actor, operation: Operation) -> QuerySet[Duty]:
    """Who is on duty now, in the order of the posts."""
    found = Duty.objects.visible_to(actor).filter(operation=operation, ended_at=None)
    return found.select_related("person", "post", "operation").order_by("post__serial")


def duties_between(actor: Actor, since: datetime, until: datetime | None = None) -> QuerySet[Duty]:
    """Turns that overlap with a span, in every operation this person may see."""
    found = Duty.objects.visible_to(actor).filter(Q(ended_at=None) | Q(ended_at__gt=since))
    return found.filter(started_at__lt=until or now())


def own_duty(actor: Actor) -> Duty | None:
    """The duty this person is on, in life or in the exercise they have entered."""
    found = Duty.objects.visible_to(actor, "duty.take").filter(person=actor, ended_at=None)
    return found.select_related("person", "post", "operation").first()


@system_read("what the house does while somebody is on duty")
def duties_running(operation_id: UUID) -> set[UUID]:
    """Ids of the people who are on duty and not at rest."""
    found = Duty.objects.filter(operation_id=operation_id, ended_at=None)
    return set(found.exclude(status=Duty.Status.REST).values_list("person_id", flat=True))


def people_to_reach(actor: Actor, operation: Operation, roles: list[str]) -> list[User]:
    """Members with one of these roles: those on duty if any are, otherwise all of them."""
    seats = members(actor, operation.compartment_id).filter(
        Q(until=None) | Q(until__gt=now()), role__in=roles, user__is_active=True
    )
    held = {seat.user_id: seat.user for seat in seats}
    present = [held[duty.person_id] for duty in on_duty(actor, operation) if duty.person_id in held]
    return present or list(held.values())


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

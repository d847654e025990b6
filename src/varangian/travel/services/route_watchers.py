"""The leader names who else reads the way of a leg, and takes it back."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, may, require

from ..models import RoutePlan, RouteWatcher
from ..queries.route_watchers import watchers
from .routes import tell


@transaction.atomic
def name_watcher(*, actor: Actor, plan: RoutePlan, person: User) -> RouteWatcher:
    """For this leg, whichever version of its plan is driven."""
    require(actor, "route.draw", plan.compartment_id)
    if plan.movement is None:
        raise Refused("The leg of this plan was removed", mend="Plan another leg.")
    if not may(person, "route.view", plan.compartment_id):
        mend = "Make them a member of the operation first."
        raise Refused("This person sees no routes of this operation", str(person), mend)
    if watchers(actor, plan).filter(person=person).exists():
        raise Conflict("This person watches the leg already", where=str(person))
    row = RouteWatcher.objects.create(
        compartment_id=plan.compartment_id, movement=plan.movement, person=person,
        named_by_id=actor.pk,
    )  # fmt: skip
    tell(plan, "watcher named", f"{person} may read the draw of leg {plan.payload['leg']}", actor)
    return row


@transaction.atomic
def drop_watcher(*, actor: Actor, plan: RoutePlan, person: User) -> None:
    require(actor, "route.draw", plan.compartment_id)
    row = watchers(actor, plan).filter(person=person).first()
    if row is None:
        raise Refused("This person does not watch the leg", where=str(person))
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    words = f"{person} may no longer read the draw of leg {plan.payload['leg']}"
    tell(plan, "watcher dropped", words, actor)

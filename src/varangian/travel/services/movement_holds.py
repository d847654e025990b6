"""A proposed place to wait becomes a hold point of the leg: a person takes it."""

from django.db import transaction

from varangian.kernel.results import Refused
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor, require

from ..board.marks import HOLD
from ..models import TrackingPlan
from ..queries import movement_board as queries
from ..queries import movement_holds as hold_queries
from .tracking_plans import make_tracking_plan


@transaction.atomic
def take_hold(*, actor: Actor, movement: Movement, key: str = "") -> TrackingPlan:
    """``key`` or name of a proposed place, else the first; a new version of the tracking plan."""
    require(actor, "track.change", movement.compartment_id)
    plan = queries.tracking_plan_of(actor, movement)
    found = hold_queries.proposals(actor, plan)
    chosen = next((one for one in found if key in ("", one.key, one.name)), None)
    if chosen is None:
        names = ", ".join(one.name for one in found)
        raise Refused(
            "No such place to wait is proposed", f"leg {movement.serial} {key}".strip(),
            f"It has {names}." if names else "The leg comes when its destination is ready.",
        )  # fmt: skip
    rows = [
        {"name": mark["name"], "kind": mark["kind"], "km": mark["along_m"] / 1000,
         "code": mark["code"], "stay_min": mark["stay_s"] / 60, "until": mark.get("until", "")}
        for mark in plan.payload["marks"]
    ]  # fmt: skip
    rows.append(
        {"name": chosen.name[:60], "kind": HOLD, "km": chosen.along_m / 1000,
         "stay_min": chosen.wait_s / 60, "until": chosen.until.isoformat()}
    )  # fmt: skip
    words = f"{chosen.name}: waits there until {chosen.until:%H:%M} UTC, its goal is not ready"
    return make_tracking_plan(
        actor=actor, movement=movement, route=plan.payload["route"], marks=rows, reason=words
    )

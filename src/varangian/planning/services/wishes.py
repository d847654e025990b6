"""What the principal accepts, and the set that the leader takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.threats.services.common import locked

from ..models import Measure, MeasureWishes
from .measures import propose_standard

MOST_DISCOMFORT = 99
LONGEST = 200


@transaction.atomic
def set_wishes(
    *,
    actor: Actor,
    operation: Any,
    refused: Mapping[str, str],
    most: int | None = None,
    each: int | None = None,
    agreed_with: str = "",
) -> MeasureWishes:
    """``refused``: measures the principal does not accept, with why. ``most``: discomfort of all
    measures together; ``each``: of any one, 0 to 3. None is no limit."""
    require(actor, "measure.change", operation.compartment_id)
    if most is not None and not 0 <= most <= MOST_DISCOMFORT:
        raise Refused(f"Discomfort in all is 0 to {MOST_DISCOMFORT}", where="most")
    if each is not None and not 0 <= each <= 3:
        raise Refused("Discomfort of one measure is 0 (none) to 3 (heavy)", where="each")
    held = locked(actor, operation)
    content = {
        "refused": {key: _line(why) for key, why in sorted(refused.items())},
        "most": most,
        "each": each,
        "agreed_with": _line(agreed_with),
    }
    row = MeasureWishes.objects.visible_to(actor).filter(operation=held).first()
    row = row or MeasureWishes(
        key_id=held.key_id, compartment_id=held.compartment_id, operation=held
    )
    row.content, row.by_id, row.at = content, actor.pk, now()  # pyright: ignore
    row.save()
    announce(
        topic="measures",
        event="wishes",
        text=f"What the principal accepts of measures set: {len(refused)} refused",
        compartment_id=held.compartment_id,
        operation_id=held.pk,
        actor=actor,
    )
    return row


def _line(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())[:LONGEST]


@transaction.atomic
def take_set(
    *, actor: Actor, operation: Any, keys: Iterable[str]
) -> tuple[list[Measure], list[tuple[str, str]]]:
    """The leader takes a set: what comes from the library is proposed as measures of the operation;
    what the operation has already stays as it is. Answers what was added, and refused with why."""
    require(actor, "measure.change", operation.compartment_id)
    if not (keys := list(dict.fromkeys(keys))):
        raise Refused("Name the measures of the set", where="measures")
    held = {row.label for row in Measure.objects.visible_to(actor).filter(operation=operation)}
    wanted = [key for key in keys if key not in held]
    return propose_standard(actor=actor, operation=operation, library_ids=wanted)

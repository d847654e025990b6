"""What the register does when somebody says that something public about a principal is a threat,
and when nobody has it taken down in time."""

from typing import Any

from varangian.alerts.services import raise_alert, settle
from varangian.kernel.clock import now
from varangian.kernel.words import plural
from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, Actor, may
from varangian.platform.thread.models import Edge
from varangian.platform.thread.services import tie

from .sources import add_source

IN_HAND = ("draft", "planned", "active")


def on_raised(item: Any, actor: Actor, **_: Any) -> list[str]:
    """A draft in the register of each operation in hand, that a person assesses. It names the item
    by its number: what it says stays under the key of the principal."""
    made = []
    for operation in _operations(actor, item.principal_id):
        if not may(actor, "threat.change", operation.compartment_id) or _drafted(
            actor, item, operation
        ):
            continue
        source = add_source(
            actor=actor,
            operation=operation,
            title=f"Exposure {item.label} of {item.principal.code_name}",
            kind="digital" if item.kind == "footprint" else "person_or_group",
            evidence=f"Public: {item.get_kind_display().lower()}, see exposure {item.label}.",
        )
        tie(
            left=("exposure", item.pk),
            right=("threat", source.pk),
            relation="gives rise to",
            compartment_id=operation.compartment_id,
        )
        made.append(f"threat {source.label} of {operation.slug}")
    return made


def on_overdue(task: Any, **_: Any) -> None:
    """Each operation in hand asks once; its title names no content, for the log shows it."""
    days = (now().date() - task.due).days
    for operation in _operations(SYSTEM, task.principal_id):
        raise_alert(
            operation=operation,
            title=f"Take-down of exposure {task.item.label} is overdue",
            source="takedown",
            about=task.pk,
            dedupe=f"takedown {task.pk} {task.due:%Y%m%d}",
            body=f"Due {task.due:%d %b %Y}, {plural(days, 'day')} ago; with {task.owner.name}.",
            action=f"{task.owner.name}: say what was answered, or give it a new day.",
            circle=task.compartment_id,
        )


def on_ended(task: Any, actor: Actor, reason: str, **_: Any) -> None:
    settle(source="takedown", about=task.pk, state="expired", reason=reason, actor=actor)


def _operations(actor: Actor, principal_id: Any) -> Any:
    found = operations.operations(actor).filter(principal_id=principal_id, state__in=IN_HAND)
    return found.order_by("starts", "pk")


def _drafted(actor: Actor, item: Any, operation: Any) -> bool:
    ties = Edge.objects.visible_to(actor).filter(compartment_id=operation.compartment_id)
    return ties.filter(left_kind="exposure", left_id=item.pk, right_kind="threat").exists()

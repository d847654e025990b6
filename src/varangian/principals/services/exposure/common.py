"""What every writer of an item does."""

from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from ...models import Exposure, ExposureChange, Principal
from ..common import NAMED, held


def named(actor: Actor, what: str) -> Actor:
    """The actor, if it is a person."""
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend=NAMED)
    return actor


def locked(actor: Actor, item: Exposure) -> Exposure:
    """The item as it stands now; its principal is held, and not erased."""
    held(actor, item.principal)
    rows = Exposure.objects.visible_to(actor).select_related("principal", "accepted_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=item.pk)


def keep(
    item: Exposure, event: str, words: str, actor: Actor, told: str = "", *, stale: bool = True
) -> Exposure:
    """Save, write the history, and tell whoever rests on it. ``told`` carries no content; with
    ``stale`` what hangs on the item has to be looked at again."""
    item.updated_at = now()
    item.save()
    record(item, event, words, actor)
    short = told or event.replace("_", " ")
    if stale:
        reason = f"Exposure {item.label} of {item.principal.code_name}: {short}"
        changed(node=("exposure", item.pk), reason=reason)
    say(item.principal, event, f"{item.label} {short}", actor, ("exposure", item.pk))
    return item


def record(item: Exposure, event: str, words: str, actor: Actor) -> None:
    ExposureChange.objects.create(**change_of(item, event, words, actor))


def change_of(item: Exposure, event: str, words: str, actor: Actor) -> dict[str, Any]:
    return {
        "key_id": item.key_id,
        "compartment_id": item.compartment_id,
        "principal": item.principal,
        "item": item,
        "at": now(),
        "by_id": actor.pk,
        "event": event,
        "words": words[:2000],
        "kind": item.kind,
        "sensitivity": item.sensitivity,
        "status": item.status,
    }


def say(principal: Principal, event: str, words: str, actor: Actor, node: Any = None) -> None:
    announce(
        topic="exposure",
        event=event,
        text=f"Exposure of {principal.code_name}: {words}",
        compartment_id=principal.compartment_id,
        record=node or ("principal", principal.pk),
        actor=actor,
    )

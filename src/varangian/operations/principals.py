"""What the spine does when the file of its principal changes or is erased."""

from typing import Any

from django.db.models import Q

from varangian.places.services import blank_place
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.thread.services import changed

from .models import Movement


def on_changed(principal: Any, fields: list[str], **_: Any) -> None:
    words = ", ".join(name.replace("_", " ") for name in fields)
    reason = f"Principal {principal.code_name} changed: {words}"
    changed(node=("principal", principal.pk), reason=reason)


@system_read("erasing reaches every leg of the person; the leader's role was checked before")
def on_erased(principal: Any, actor: Actor, **_: Any) -> None:
    """Residences under another key than the principal's, unless somebody else uses them too."""
    movements = Movement.objects.select_related("origin", "destination")
    mine = movements.filter(operation__principal=principal)
    homes = {
        place.pk: place
        for movement in mine
        for place in (movement.origin, movement.destination)
        if place is not None and place.kind == "residence" and place.key_id != principal.key_id
    }
    for pk, place in homes.items():
        used = Q(origin_id=pk) | Q(destination_id=pk)
        if not Movement.objects.filter(used).exclude(operation__principal=principal).exists():
            blank_place(actor=actor, place=place)

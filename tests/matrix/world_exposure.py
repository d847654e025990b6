"""What is public of a principal: an item with a task, a file that waits, and a look."""

from typing import Any

from varangian.platform.access.models import User
from varangian.principals.services import exposure


def exposure_records(leader: User, principal: Any, mark: str) -> dict[str, Any]:
    item = exposure.add_exposure(
        actor=leader,
        principal=principal,
        kind="footprint",
        detail="handle",
        what=f"@{mark}",
        where=f"{mark} page",
        link=f"https://{mark}.invalid",
        notes=f"{mark} notes",
        found_by=f"{mark} finder",
    )
    task = exposure.add_takedown(
        actor=leader, item=item, owner=leader, what=f"{mark} close it", sent_to=f"{mark} desk"
    )
    table = f"what,kind\n{mark} boat,wealth\n".encode()
    upload = exposure.take_in(
        actor=leader, principal=principal, data=table, name=f"{mark}.csv", where=f"{mark} sweep"
    )
    exposure.note_look(actor=leader, principal=principal)
    return {"exposure": item.pk, "takedown": task.pk, "exposure_file": upload.pk}

"""What following legs brings to the house when it loads."""

from typing import Any


def tie() -> None:
    from varangian.operations import tabs
    from varangian.operations.events import movement_changed
    from varangian.platform.jobs import ticks

    from .services.movement_watch import watch_departures, watch_movements

    tabs.add(
        "movements",
        "Movement board",
        icon="navigation",
        url_name="travel:movement_board",
        action="track.view",
        rank=11,
    )
    movement_changed.connect(on_movement, dispatch_uid="travel.movement_board")
    ticks.every(1, "follow legs under way", watch_movements)
    ticks.every(5, "legs that leave", watch_departures)


def on_movement(movement: Any, changes: list[str], **_: Any) -> None:
    """Whoever sets a leg under way has it followed, when there is a plan how; its end ends that."""
    if changes != ["state"]:
        return
    from .models import TrackingPlan
    from .services.movement_watch import follow, unfollow

    planned = TrackingPlan.objects.visible_to(_house()).filter(movement=movement)
    if movement.state == "under_way" and planned.exists():
        follow(movement)
    elif movement.state in ("arrived", "complete", "cancelled"):
        unfollow(movement)


def _house() -> Any:
    from varangian.platform.access.scope import SYSTEM

    return SYSTEM

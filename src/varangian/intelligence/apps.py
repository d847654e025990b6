from typing import Any

from django.apps import AppConfig


class IntelligenceConfig(AppConfig):
    name = "varangian.intelligence"
    label = "intelligence"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.operations import events
        from varangian.places.events import place_changed
        from varangian.platform.thread.registry import register

        register(
            "signal",
            words="Signal",
            model="intelligence.Signal",
            caption=lambda row: row.title,
            url=lambda row: reverse("intelligence:show", args=[row.pk]),
        )
        events.movement_added.connect(_leg_changed, dispatch_uid="match-added")
        events.movement_changed.connect(_leg_changed, dispatch_uid="match-changed")
        events.operation_state_set.connect(_operation_moved_on, dispatch_uid="match-operation")
        place_changed.connect(_place_changed, dispatch_uid="match-place")


def _leg_changed(movement: Any, **_: Any) -> None:
    """A leg that moved in time or place is matched anew by the worker."""
    from .jobs import match_movement_job

    match_movement_job.defer(movement=str(movement.pk))


def _operation_moved_on(operation: Any, **_: Any) -> None:
    """Hazards ask nobody about an operation that ended, and ask again when it is taken up."""
    from varangian.operations.queries import movements
    from varangian.platform.access.scope import SYSTEM

    from .jobs import match_movement_job

    for movement in movements(SYSTEM, operation):
        match_movement_job.defer(movement=str(movement.pk))


def _place_changed(place: Any, fields: list[str], **_: Any) -> None:
    if "position" not in fields:
        return
    from varangian.operations.queries import legs_at
    from varangian.platform.access.scope import SYSTEM

    from .jobs import match_movement_job

    for movement in legs_at(SYSTEM, place.pk):
        match_movement_job.defer(movement=str(movement.pk))

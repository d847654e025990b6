"""A panic button that has stopped saying that it is there is found out before it is needed."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q

from varangian.alerts.services import raise_alert, supersede
from varangian.kernel.clock import now
from varangian.operations import queries as operations
from varangian.platform.access.scope import SYSTEM, system_read

from ..models import DuressKey

SILENT_PERIODS = 2
PLACE = "buttons"
"""Several that fall silent in the same minute hang on one network: one group."""


@system_read("the house looks after every button")
def look() -> int:
    """The tick: lost after two periods of silence, well again with the next word."""
    present, done = now(), 0
    kept = DuressKey.objects.filter(revoked_at=None, alive_every_s__isnull=False)
    for key in kept.select_related("operation", "person"):
        silent = timedelta(seconds=SILENT_PERIODS * (key.alive_every_s or 0))
        lost = present - (key.last_used_at or key.made_at) > silent
        if lost and key.lost_at is None:
            DuressKey.objects.filter(pk=key.pk).update(lost_at=present)
            done += _raise(key)
    return done + _well()


def _raise(key: DuressKey) -> bool:
    operation: Any = key.operation or _of_person(key)
    if operation is None:
        return False
    whose = f" of {key.person}" if key.person else ""
    raise_alert(
        operation=operation,
        title=f"Duress button silent: {key.label}{whose}",
        source="button",
        dedupe=f"button {key.pk}",
        urgency="attention",
        place=PLACE,
        about=key.pk,
        body="It has not said that it is there for two of its periods: a press might not be heard.",
        action="Look at its battery and its network, then press it with event=test.",
    )
    return True


def _of_person(key: DuressKey) -> Any:
    duty = operations.own_duty(key.person) if key.person else None
    return duty.operation if duty else None


@system_read("what was told of a button falls when it speaks again")
def _well() -> int:
    back = DuressKey.objects.filter(Q(lost_at=None) & Q(last_used_at__gt=F("made_at")))
    recent = back.filter(
        last_used_at__gt=now() - timedelta(seconds=15), alive_every_s__isnull=False
    )
    return sum(
        supersede(source="button", about=key.pk, reason="The button speaks again", actor=SYSTEM)
        for key in recent
    )

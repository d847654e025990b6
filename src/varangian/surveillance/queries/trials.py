"""Trials of rules."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor

from ..models import Camera, Clip, RuleTrial
from ..services.sealing import unseal


def trials(actor: Actor, camera: Camera) -> QuerySet[RuleTrial]:
    return RuleTrial.objects.visible_to(actor).filter(camera=camera).select_related("clip")


def trial(actor: Actor, pk: UUID) -> RuleTrial:
    found = RuleTrial.objects.visible_to(actor).select_related("camera", "clip").filter(pk=pk)
    row = found.first()
    if row is None:
        raise NotFound("There is no such trial, or it is not yours to see", where=str(pk))
    return row


def stills(trial: RuleTrial) -> list[str]:
    """JPEGs in base64, by number."""
    return json.loads(unseal(trial.camera, bytes(trial.stills))) if trial.stills else []


def videos(actor: Actor, camera: Camera) -> QuerySet[Clip]:
    """Clips that rules of this camera may be tried on."""
    found = Clip.objects.visible_to(actor).filter(compartment_id=camera.compartment_id)
    return found.filter(whole_at__isnull=False, media_type__startswith="video/")[:50]


def told(trial: RuleTrial) -> list[dict[str, Any]]:
    """Each event with its still, where there is one."""
    pictures = stills(trial)
    return [
        row | {"jpeg": pictures[row["still"]] if row["still"] is not None else ""}
        for row in trial.told
    ]

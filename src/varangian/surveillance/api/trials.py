"""Rules tried on a recording, over the API."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.platform.access.paging import idempotent

from ..models import RuleTrial
from ..queries import cameras as camera_queries
from ..queries import clips as clip_queries
from ..queries import trials as queries
from ..services import trials as services

router = Router()


class TrialWanted(Schema):
    behaviours: str
    clip: UUID | None = None


def trial_shape(trial: RuleTrial) -> dict[str, Any]:
    return {
        "id": trial.pk,
        "camera": trial.camera.name,
        "clip": trial.clip_id,  # pyright: ignore
        "state": trial.state,
        "share": trial.share,
        "reason": trial.reason,
        "events": queries.told(trial),
        "expires_at": trial.expires_at,
    }


@router.post("/cameras/{pk}/trials")
@idempotent
def try_rules(request: HttpRequest, pk: UUID, given: TrialWanted):
    """Without a clip on the last seconds that somebody watched. A worker does it: ask again."""
    camera = camera_queries.camera(request.user, pk)
    clip = clip_queries.clip(request.user, given.clip) if given.clip else None
    made = services.ask_trial(actor=request.user, camera=camera, text=given.behaviours, clip=clip)
    return trial_shape(services.run_later(made))


@router.get("/camera-trials/{pk}")
def show_trial(request: HttpRequest, pk: UUID):
    """What the rules would have told of; ``jpeg``: the still in base64, or empty."""
    return trial_shape(queries.trial(request.user, pk))


@router.post("/camera-trials/{pk}/stop")
@idempotent
def stop_trial(request: HttpRequest, pk: UUID):
    services.stop_trial(actor=request.user, trial=queries.trial(request.user, pk))
    return trial_shape(queries.trial(request.user, pk))

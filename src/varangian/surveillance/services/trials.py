"""Rules tried on a clip, or on the last seconds that somebody watched, by a worker."""

import base64
import json
import os
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.jobs.app import app
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import read_parts

from ..models import Camera, Clip, LivePart, RuleTrial
from ..streams.tried import Child, Stopped
from .behaviours import faults
from .cameras import must_stand
from .sealing import seal, unseal

KEPT = timedelta(days=1)
PURPOSE = "try rules of a camera"
TELL_EVERY = 0.5
MOST_MB = 100
State = RuleTrial.State


@transaction.atomic
def ask_trial(*, actor: Actor, camera: Camera, text: str, clip: Clip | None = None) -> RuleTrial:
    """``clip`` None: what the camera showed while somebody watched just now."""
    must_stand(actor, camera)
    if actor.is_system:
        raise Refused("A person tries rules, not the house", where="who", mend="Sign in.")
    if not text.strip():
        raise Refused("There are no rules to try", where="rules", mend="Write one first.")
    if found := faults(camera, text):
        raise Refused(found[0].what, found[0].where, found[0].mend)
    if clip is not None:
        _usable(actor, camera, clip)
    elif not _ring(camera):
        mend = "Watch the camera for some seconds and try again, or choose a clip."
        raise Refused("Nobody watches this camera, and it is not recorded", "clip", mend)
    what = clip.what or clip.media_type if clip else "the last seconds watched"
    note(kind="trial", record=camera, actor=actor, purpose=f"rules tried on {what}"[:400])
    return RuleTrial.objects.create(
        compartment_id=camera.compartment_id, key_id=camera.key_id, camera=camera, clip=clip,
        person_id=actor.pk, rules=text, expires_at=now() + KEPT,
    )  # fmt: skip


def _usable(actor: Actor, camera: Camera, clip: Clip) -> None:
    require(actor, "clip.view", clip.compartment_id)
    if clip.compartment_id != camera.compartment_id:
        raise Refused("This clip belongs to another operation", where="clip")
    if clip.whole_at is None or not clip.media_type.startswith("video/"):
        raise Refused("This is no whole video", where="clip", mend="Choose another clip.")
    if clip.size > MOST_MB * 1024**2:
        mend = "Use varangian behaviours run with the file."
        raise Refused(f"Rules are tried on clips of up to {MOST_MB} MB", "clip", mend)


def run_later(trial: RuleTrial) -> RuleTrial:
    """By the next free worker; where there is none, as in a test, at once."""
    if os.environ.get("VARANGIAN_DB_ROLE") == "app":
        app.configure_task("surveillance.try_rules").defer(trial=str(trial.pk))
    else:
        run_now(trial.pk)
        trial.refresh_from_db()
    return trial


@transaction.atomic
def stop_trial(*, actor: Actor, trial: RuleTrial) -> None:
    require(actor, "camera.change", trial.compartment_id)
    if trial.state == State.QUEUED:
        _end(trial.pk, State.STOPPED, "")
    elif trial.under_way:
        RuleTrial.objects.visible_to(actor).filter(pk=trial.pk).update(stop=True)


def run_now(pk: UUID) -> None:
    """In transactions of its own, so that its progress is seen while it runs."""
    with acting(SYSTEM, purpose=PURPOSE):
        begun = _begin(pk)
    if begun is None:
        return
    data, rules = begun
    child, told, stills, at = Child(), [], [], time.monotonic()
    try:
        for head, body in child.run(data, rules):
            if head["say"] == "event":
                row = {name: head[name] for name in ("at", "name", "rule", "words")}
                told.append(row | {"still": len(stills) if body else None})
                stills += [base64.b64encode(body).decode()] if body else []
            elif time.monotonic() - at > TELL_EVERY:
                at = time.monotonic()
                with acting(SYSTEM, purpose=PURPOSE):
                    _step(pk, float(head["share"]))
        with acting(SYSTEM, purpose=PURPOSE):
            _end(pk, State.DONE, "", told, stills)
    except Stopped:
        with acting(SYSTEM, purpose=PURPOSE):
            _end(pk, State.STOPPED, "")
    except (Refused, Denied) as refused:
        with acting(SYSTEM, purpose=PURPOSE):
            _end(pk, State.FAILED, str(refused))
    finally:
        child.stop()


@system_read("the worker tries rules for whoever asked; their rights are asked again here")
def _begin(pk: UUID) -> tuple[bytes, str] | None:
    found = RuleTrial.objects.select_for_update(of=("self",)).select_related("camera", "person")
    trial = found.filter(pk=pk).first()
    if trial is None or not trial.under_way:
        return None
    try:
        require(trial.person, "camera.change", trial.compartment_id)
        if trial.clip is not None:
            _usable(trial.person, trial.camera, trial.clip)
    except Refused as refused:
        _end(pk, State.FAILED, str(refused))
        return None
    trial.state = State.WORKING
    trial.save(update_fields=["state"])
    publish(topic="trials", record=pk, compartment_id=trial.compartment_id)
    clip = trial.clip
    data = b"".join(read_parts(clip.parts, clip.key_id)) if clip else _ring(trial.camera)
    return data, trial.rules


@system_read("whether somebody watched just now")
def _ring(camera: Camera) -> bytes:
    """The parts of the newest opening, in order: MPEG transport streams join on to each other."""
    parts = list(LivePart.objects.filter(camera=camera, still=False).order_by("-made_at")[:30])
    return b"".join(
        unseal(camera, bytes(one.sealed)) for one in reversed(parts) if one.run == parts[0].run
    )


@system_read("the worker's own trial")
def _step(pk: UUID, share: float) -> None:
    trial = RuleTrial.objects.filter(pk=pk).first()
    if trial is None or trial.stop:
        raise Stopped
    RuleTrial.objects.filter(pk=pk).update(share=share)
    publish(topic="trials", record=pk, compartment_id=trial.compartment_id)


@system_read("the worker's own trial")
def _end(pk: UUID, state: str, reason: str, told: Any = (), stills: Any = ()) -> None:
    trial = RuleTrial.objects.select_related("camera").filter(pk=pk).first()
    if trial is None:
        return
    trial.state, trial.reason, trial.ended_at = state, reason[:200], now()
    trial.told = list(told)
    trial.stills = seal(trial.camera, json.dumps(list(stills)).encode()) if stills else b""
    trial.save()
    publish(topic="trials", record=pk, compartment_id=trial.compartment_id)

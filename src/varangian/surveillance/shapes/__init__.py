"""What the API and the command line give: never the address of a stream with its password."""

from typing import Any

from varangian.tracking.enrolment import origin

from ..models import Camera, CameraView, Clip, EventRule, SeenEvent, Sensor
from ..onvif.finding import Found
from ..queries.cameras import state_of
from ..rules import event_words, shown_source
from ..services.devices import Told as Asked


def camera_shape(camera: Camera) -> dict[str, Any]:
    run: Any = camera.run  # pyright: ignore
    _, state, reason = state_of(camera)
    return {
        "id": camera.pk,
        "name": camera.name,
        "operation": camera.operation.slug if camera.operation else None,
        "source": shown_source(camera.source) if camera.source else "",
        "onvif": shown_source(camera.onvif["address"]) if camera.onvif else "",
        "state": state,
        "reason": reason,
        "position": list(camera.position) or None,
        "bearing": camera.bearing,
        "width_deg": camera.width_deg,
        "reach_m": camera.reach_m,
        "place": camera.place_id,
        "purpose": camera.purpose,
        "legal_basis": camera.legal_basis,
        "signage": camera.signage,
        "retention_days": camera.retention_days,
        "masks": camera.masks,
        "behaviours": camera.behaviours,
        "keeps_looks": camera.keeps_looks,
        "keeps_stills": camera.keeps_stills,
        "reads_plates": camera.reads_plates,
        "plates_basis": camera.plates_basis,
        "plate_countries": camera.plate_countries,
        "keeps_tracks": camera.keeps_tracks,
        "tracks_basis": camera.tracks_basis,
        "running": camera.running,
        "retired_at": camera.retired_at,
        "health": {
            "picture": run.size,
            "codec": run.codec,
            "fps": run.fps,
            "frame_at": run.frame_at,
            "losses": run.losses,
            "jumps": run.jumps,
            "since": run.since,
            "events_at": run.events_at,
            "events_reason": run.events_reason,
        },
    }


def device_shape(found: Found) -> dict[str, Any]:
    return {
        "name": found.name,
        "maker": found.maker,
        "hardware": found.hardware,
        "place": found.place,
        "host": found.host,
        "address": found.address,
    }


def asked_shape(told: Asked) -> dict[str, Any]:
    return {
        "address": told.address,
        "maker": told.about.maker,
        "model": told.about.model,
        "firmware": told.about.firmware,
        "profiles": [
            {
                "token": one.token,
                "name": one.name,
                "codec": one.codec,
                "width": one.width,
                "height": one.height,
                "source": shown_source(one.source),
            }
            for one in told.profiles
        ],
    }


def view_shape(view: CameraView) -> dict[str, Any]:
    return {
        "id": view.pk,
        "camera": view.camera.name,
        "person": str(view.person),
        "purpose": view.purpose,
        "began_at": view.began_at,
        "ended_at": view.ended_at,
        "seconds": view.seconds,
    }


def event_shape(event: SeenEvent) -> dict[str, Any]:
    return {
        "id": event.pk,
        "at": event.at,
        "name": event.name,
        "words": event_words(event.name, event.detail),
        "camera": event.camera.name if event.camera else None,
        "sensor": event.sensor.name if event.sensor else None,
        "detail": event.detail,
        "expires_at": event.expires_at,
    }


def rule_shape(rule: EventRule) -> dict[str, Any]:
    return {
        "id": rule.pk,
        "name": rule.name,
        "camera": rule.camera.name if rule.camera else None,
        "sensor": rule.sensor.name if rule.sensor else None,
        "urgency": rule.urgency,
        "begins": rule.begins,
        "ends": rule.ends,
        "quiet_s": rule.quiet_s,
    }


def sensor_shape(sensor: Sensor) -> dict[str, Any]:
    return {
        "id": sensor.pk,
        "operation": sensor.operation.slug,
        "name": sensor.name,
        "kind": sensor.kind,
        "outside_id": sensor.outside_id,
        "position": list(sensor.position) or None,
        "retention_days": sensor.retention_days,
        "period_s": sensor.period_s,
        "heard_at": sensor.heard_at,
        "silent_since": sensor.silent_since,
        "encrypted": bool(sensor.panel_key),
        "address": sensor.address,
        "ask_fault": sensor.ask_fault,
    }


def clip_shape(clip: Clip) -> dict[str, Any]:
    return {
        "id": clip.pk,
        "act": clip.act,
        "operation": clip.operation.slug,
        "person": str(clip.person),
        "what": clip.what,
        "media_type": clip.media_type,
        "size": clip.size,
        "received": clip.received,
        "whole_at": clip.whole_at,
        "taken_at": clip.taken_at,
        "position": list(clip.position) or None,
        "expires_at": clip.expires_at,
    }


def registered_shape(sensor: Sensor, secret: str, host: str = "") -> dict[str, Any]:
    """The one time that the address with its token is given."""
    return {**sensor_shape(sensor), "url": address_of(secret, host)}


def address_of(secret: str, host: str = "") -> str:
    return f"{origin(host)}/sense/{secret}"

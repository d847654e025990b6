"""Cameras: registered, put on the map, masked, switched off and retired."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from varangian.engines.vision.plates.countries import chosen
from varangian.kernel.clock import now
from varangian.kernel.geometry import valid_lat_lon
from varangian.kernel.results import Refused
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.platform.audit.services import note
from varangian.platform.news.services import announce

from .. import rules
from ..models import Camera, CameraRun, GroundTracks, LivePart

TEXTS = dict.fromkeys(("purpose", "legal_basis", "signage", "plates_basis", "tracks_basis"), 400)
NEEDED = {
    "purpose": "What is it watched for?",
    "legal_basis": "On what ground may it be watched: consent, legitimate interest, an order?",
}
RANGES = {"reach_m": rules.REACH, "width_deg": rules.WIDTH, "retention_days": rules.RETENTION}
FIELDS = (
    *("name", "source", "position", "bearing", "width_deg", "reach_m", "place"),
    *(
        "purpose",
        "legal_basis",
        "signage",
        "retention_days",
        "keeps_looks",
        "keeps_stills",
        "onvif",
    ),
    *("reads_plates", "plates_basis", "plate_countries", "keeps_tracks", "tracks_basis"),
)


@transaction.atomic
def add_camera(*, actor: Actor, owner: Any, name: str, source: str, **given: Any) -> Camera:
    """``owner`` is an operation or an engagement: its members see the camera, nobody else."""
    require(actor, "camera.change", owner.compartment_id)
    camera = Camera(
        compartment_id=owner.compartment_id,
        key_id=owner.key_id,
        operation=owner if hasattr(owner, "engagement_id") else None,
    )
    _take(camera, {"purpose": "", "legal_basis": "", "name": name, "source": source, **given})
    camera.save(force_insert=True)
    CameraRun.objects.create(camera=camera, compartment_id=camera.compartment_id)
    tell(camera, "added", f"Camera registered: {camera.name}", actor)
    if camera.reads_plates:
        _note_plates(camera, actor)
    if camera.keeps_tracks:
        _note_tracks(camera, actor)
    return camera


@transaction.atomic
def change_camera(*, actor: Actor, camera: Camera, **changes: Any) -> Camera:
    """An empty ``source`` keeps the one that is there: nobody reads it back to write it again."""
    must_stand(actor, camera)
    if not changes.get("source", "x").strip():
        del changes["source"]
    before, tracks = _of_plates(camera), (camera.keeps_tracks, camera.tracks_basis)
    _take(camera, changes)
    camera.save()
    tell(camera, "changed", f"Camera changed: {camera.name}", actor)
    if _of_plates(camera) != before:
        _note_plates(camera, actor)
    if (camera.keeps_tracks, camera.tracks_basis) != tracks:
        _note_tracks(camera, actor)
    return camera


@transaction.atomic
def mask_camera(*, actor: Actor, camera: Camera, masks: object) -> Camera:
    """What lies under a mask leaves the decoder for nobody: neither screens nor detectors."""
    must_stand(actor, camera)
    camera.masks = rules.read_masks(masks)
    camera.save(update_fields=["masks"])
    LivePart.objects.visible_to(SYSTEM).filter(camera=camera).delete()
    count = len(camera.masks)
    tell(camera, "masked", f"Private areas of {camera.name}: {count}", actor)
    return camera


@transaction.atomic
def switch_camera(*, actor: Actor, camera: Camera, running: bool) -> Camera:
    must_stand(actor, camera)
    if camera.running != running:
        camera.running = running
        camera.save(update_fields=["running"])
        did = "on" if running else "off"
        tell(camera, "switched", f"Camera switched {did}: {camera.name}", actor)
    return camera


@transaction.atomic
def retire_camera(*, actor: Actor, camera: Camera) -> Camera:
    """No worker opens it again and its address is forgotten; who looked stays on record."""
    must_stand(actor, camera)
    camera.retired_at, camera.running, camera.source, camera.onvif = now(), False, "", {}
    camera.save()
    tell(camera, "retired", f"Camera retired: {camera.name}", actor)
    return camera


def must_stand(actor: Actor, camera: Camera) -> None:
    require(actor, "camera.change", camera.compartment_id)
    if camera.retired_at is not None:
        raise Refused("This camera is retired", where=camera.name, mend="Register a new one.")


def _take(camera: Camera, given: dict[str, Any]) -> None:
    if unknown := set(given) - set(FIELDS):
        raise Refused("A camera has no such field", where=", ".join(sorted(unknown)))
    if "name" in given:
        camera.name = _name(given["name"])
    if "onvif" in given:
        camera.onvif = _onvif(camera, given["onvif"] or {})
    if "source" in given:
        camera.source = _source(given["source"])
        if camera.onvif:
            access = camera.onvif
            camera.source = rules.with_access(
                camera.source, access["address"], access["user"], access["password"]
            )
    for field, most in TEXTS.items():
        if field in given:
            setattr(camera, field, _text(field, given[field] or "", most))
    for field, (least, most) in RANGES.items():
        if field in given:
            if not least <= given[field] <= most:
                raise Refused(f"This is {least} to {most}", where=field)
            setattr(camera, field, given[field])
    if "bearing" in given:
        camera.bearing = round(given["bearing"]) % 360
    if "position" in given:
        camera.position = _position(given["position"])
    if "keeps_looks" in given:
        camera.keeps_looks = bool(given["keeps_looks"])
    if "keeps_stills" in given:
        camera.keeps_stills = bool(given["keeps_stills"])
    if "place" in given:
        camera.place = _place(camera, given["place"])
    _take_plates(camera, given)
    _take_tracks(camera, given)


def _take_tracks(camera: Camera, given: dict[str, Any]) -> None:
    """Comparing ways has a ground of its own, and an operation that is under way or not."""
    if "keeps_tracks" in given:
        camera.keeps_tracks = bool(given["keeps_tracks"])
    if not camera.keeps_tracks:
        return
    if not camera.tracks_basis:
        raise Refused(
            "Comparing ways needs its own legal basis on record",
            where="tracks_basis",
            mend="On what ground may the ways of passers-by be compared with the principal's?",
        )
    if camera.operation_id is None:
        raise Refused(
            "Ways are compared with that of the principal of an operation",
            where="keeps_tracks",
            mend="Register the camera with the operation.",
        )


def _note_tracks(camera: Camera, actor: Actor) -> None:
    """In the audit chain and the log; what was kept so far is gone when it ends."""
    words = "compared" if camera.keeps_tracks else "no longer compared"
    if not camera.keeps_tracks:
        GroundTracks.objects.visible_to(SYSTEM).filter(camera=camera).delete()
    note(kind="tracks", record=camera, actor=actor, purpose=f"ways before it {words}")
    tell(camera, "tracks", f"Ways before {camera.name} are {words} with the principal's", actor)


def _take_plates(camera: Camera, given: dict[str, Any]) -> None:
    """Reading plates has a ground of its own, and cards of an operation to be held against."""
    if "plate_countries" in given:
        found = chosen(given["plate_countries"] or "")
        named = bool((given["plate_countries"] or "").strip())
        camera.plate_countries = ", ".join(one.code for one in found) if named else ""
    if "reads_plates" in given:
        camera.reads_plates = bool(given["reads_plates"])
    if not camera.reads_plates:
        return
    if not camera.plates_basis:
        raise Refused(
            "Reading number plates needs its own legal basis on record",
            where="plates_basis",
            mend="On what ground may plates be read at this place?",
        )
    if camera.operation_id is None:
        raise Refused(
            "Plates are held against the BOLO cards of an operation",
            where="reads_plates",
            mend="Register the camera with the operation whose cards it is to look out for.",
        )


def _of_plates(camera: Camera) -> tuple[bool, str, str]:
    return camera.reads_plates, camera.plates_basis, camera.plate_countries


def _note_plates(camera: Camera, actor: Actor) -> None:
    """In the audit chain with its ground, in the log without: the ground is sealed."""
    whose = camera.plate_countries or "all countries that are known"
    words = f"number plates read, of {whose}" if camera.reads_plates else "number plates not read"
    note(kind="plates", record=camera, actor=actor, purpose=words)
    did = "read" if camera.reads_plates else "no longer read"
    tell(camera, "plates", f"Number plates are {did} by {camera.name}", actor)


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > 80:
        raise Refused("A camera has a name of 1 to 80 characters", where="name")
    return name


def _source(text: str) -> str:
    source = rules.read_source(text)
    if source.startswith("file:") and not settings.CAMERA_FILES:
        raise Refused(
            "Files are no cameras in this house",
            where="source",
            mend="VARANGIAN_CAMERA_FILES names the folder whose files may be played.",
        )
    return source


def _onvif(camera: Camera, given: dict[str, Any]) -> dict[str, str]:
    """An empty password keeps the one that is there, as long as nothing else changes: a secret
    does not follow to another machine or another user."""
    if not str(given.get("address") or "").strip():
        return {}
    address = rules.read_device(str(given["address"]))
    user, password = str(given.get("user") or "").strip(), str(given.get("password") or "")
    if len(user) > 80 or len(password) > 120:
        raise Refused("A user has up to 80 characters, a password 120", where="onvif_user")
    known = camera.onvif or {}
    if not password and (known.get("address"), known.get("user")) == (address, user):
        password = known["password"]
    return {"address": address, "user": user, "password": password}


def _text(field: str, text: str, most: int) -> str:
    words = text.strip()
    if not words and field in NEEDED:
        raise Refused("Each camera has this on record", where=field, mend=NEEDED[field])
    if len(words) > most:
        raise Refused(f"This has up to {most} characters", where=field)
    return words


def _position(given: Any) -> list[float]:
    if not given:
        return []
    if len(given) != 2 or not valid_lat_lon(*given):
        raise Refused("This is no place on earth", where="position", mend="Give [lat, lon].")
    return [float(given[0]), float(given[1])]


def _place(camera: Camera, place: Any) -> Any:
    """A camera at a place stands where the place is until it is put somewhere itself."""
    if place is not None and place.compartment_id not in circles_of(camera):
        raise Refused("This place is of another engagement", where="place")
    if place is not None and not camera.position and place.position:
        camera.position = list(place.position)
    return place


def circles_of(camera: Camera) -> set[UUID]:
    """Its own, and that of the engagement above it."""
    return {camera.compartment_id, camera.compartment.parent_id} - {None}  # pyright: ignore


def tell(camera: Camera, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="cameras",
        event=event,
        text=text,
        compartment_id=camera.compartment_id,
        operation_id=camera.operation_id,
        record=("camera", camera.pk),
        actor=actor,
    )

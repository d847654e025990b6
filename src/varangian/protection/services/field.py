"""Notes and sightings from the field: an entry of the log, with picture and voice beside it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from varangian.alerts.services import raise_alert
from varangian.kernel.results import Refused
from varangian.log.services import write_entry
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.services import keep

from ..jobs import look_for_patterns
from ..models import FieldReport
from ..spots import spot
from . import bolo_acts

WHAT = {
    "person": "Person",
    "vehicle": "Vehicle",
    "drone": "Drone",
    "group": "Group",
    "object": "Object left",
    "other": "Something else",
}
DETAILS = ("colour", "plate", "heading", "towards")
BEHAVIOUR = {"odd": "did not fit the place", "fits": "fitted the place"}
LONGEST = 2000
MOST_VOICE = 4 * 1024 * 1024
VOICES = {b"OggS": "audio/ogg", b"\x1aE\xdf\xa3": "audio/webm"}


@transaction.atomic
def report(
    *,
    actor: Actor,
    operation: Any,
    kind: str,
    act: UUID,
    at: datetime,
    content: dict[str, Any],
    photo: Any = None,
    voice: Any = None,
) -> FieldReport:
    """One report; a sighting also asks the desk to look."""
    require(actor, "log.write", operation.compartment_id)
    said = _checked(kind, content, bool(photo or voice))
    owner = {"key": operation.key, "compartment_id": operation.compartment_id}
    kept_photo, kept_voice = _photo(photo, owner), _voice(voice, owner)
    card = bolo_acts.card_of(actor, content) if kind == FieldReport.Kind.SIGHTING else None
    said |= {"bolo": str(card.pk), "bolo_serial": card.label} if card else {}
    beside = " and ".join(
        name for name, kept in (("photo", kept_photo), ("voice note", kept_voice)) if kept
    )
    line = f"{card.label}? " if card else ""
    line += words(kind, said) + (f" [{beside}]" if beside else "")
    entry = write_entry(
        actor=actor, operation=operation, event=line, from_=actor.call_sign, to="", at=at
    )
    found = FieldReport.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        kind=kind,
        act=act,
        person=actor,
        at=at,
        content=said,
        photo=kept_photo,
        voice=kept_voice,
        entry=entry,
    )
    if kind == FieldReport.Kind.SIGHTING:
        _ask(actor, found, line)
        look_for_patterns.defer(operation=str(operation.pk))
    if card:
        bolo_acts.against(actor, card, found)
    publish(topic="field", record=found.pk, compartment_id=operation.compartment_id)
    return found


def weigh(*, actor: Actor, operation: Any, entry: Any, content: dict[str, Any]) -> FieldReport:
    """A sighting that already stands in the log is weighed with the others; nobody is asked."""
    kept = FieldReport.objects.create(
        compartment_id=operation.compartment_id,
        key_id=operation.key_id,
        operation=operation,
        kind=FieldReport.Kind.SIGHTING,
        act=uuid4(),
        person=actor,
        at=entry.at,
        content=_checked(FieldReport.Kind.SIGHTING, content, False),
        entry=entry,
    )
    look_for_patterns.defer(operation=str(operation.pk))
    publish(topic="field", record=kept.pk, compartment_id=operation.compartment_id)
    return kept


def words(kind: str, said: dict[str, Any]) -> str:
    """As it stands in the log."""
    if kind == FieldReport.Kind.LOG:
        return said["text"] or "Note from the field"
    parts = [said["text"], *(f"{name} {said[name]}" for name in DETAILS if said.get(name))]
    parts.append(BEHAVIOUR.get(said.get("behaviour", ""), ""))
    return f"Sighting, {WHAT[said['what']].lower()}: " + ", ".join(part for part in parts if part)


def _checked(kind: str, given: dict[str, Any], has_file: bool) -> dict[str, Any]:
    if kind not in FieldReport.Kind.values:
        raise Refused("A report is a note or a sighting", where=kind)
    text = _text(given, "text")
    if not text and not has_file and kind == FieldReport.Kind.LOG:
        raise Refused("A note says something, shows it or speaks it", where="text")
    said: dict[str, Any] = {"text": text, **_place(given)}
    if kind == FieldReport.Kind.SIGHTING:
        said["what"] = given.get("what") or "other"
        if said["what"] not in WHAT:
            raise Refused("There is no such kind of sighting", where=str(said["what"]))
        said |= {name: value for name in DETAILS if (value := _text(given, name))}
        if given.get("behaviour") in BEHAVIOUR:
            said["behaviour"] = given["behaviour"]
    return said


def _text(given: dict[str, Any], name: str) -> str:
    return str(given.get(name) or "").replace("\x00", "").strip()[:LONGEST]


def _place(given: dict[str, Any]) -> dict[str, Any]:
    """A position that the phone gave; one that cannot be is left out, the words are kept."""
    position = given.get("position")
    try:
        lat, lon = (float(value) for value in position or ())
    except (TypeError, ValueError):
        return {}
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return {}
    return {"position": [lat, lon], "accuracy": given.get("accuracy")}


def _photo(photo: Any, owner: dict[str, Any]) -> Any:
    """The smaller picture is kept: upright, and without what a camera writes beside it."""
    if photo is None:
        return None
    found = read_picture(photo.read(), "photo")
    return keep(data=found.preview, name="photo.jpg", media_type="image/jpeg", **owner)


def _voice(voice: Any, owner: dict[str, Any]) -> Any:
    if voice is None:
        return None
    if voice.size > MOST_VOICE:
        raise Refused("A voice note is at most four minutes", where="voice")
    data = voice.read()
    mark = "audio/mp4" if data[4:8] == b"ftyp" else VOICES.get(data[:4], "")
    if not mark:
        raise Refused("This is no voice note that can be played", where="voice")
    return keep(data=data, name="voice", media_type=mark, **owner)


def _ask(actor: Actor, found: FieldReport, line: str) -> None:
    raise_alert(
        operation=found.operation,
        title=line[:200],
        source="sighting",
        dedupe=f"sighting:{found.act}",
        actor=actor,
        action="Look at the report, decide what the detail does, and tell who is near.",
        position=found.content.get("position") or [],
        place=spot(found.content.get("position")),
    )

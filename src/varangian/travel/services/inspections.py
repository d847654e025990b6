"""A check from its first step to its second signature."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.services import keep

from ..fleet.checks import ANSWERS, Judgement, judge
from ..fleet.library import Checklist, Step, inspections
from ..models import Inspection, InspectionPhoto, Vehicle
from ..queries import fleet as fleet_queries
from ..queries.inspections import checklist_of
from .custody import hand_over
from .finds import report_find
from .fleet import named, raise_defect

MOST_NOTE = 300


@transaction.atomic
def begin_check(
    *, actor: Actor, vehicle: Vehicle, checklist: str = "", movement: Movement | None = None
) -> Inspection:
    """``checklist`` empty: the search that custody asks for. Whoever checks has it in hand."""
    require(actor, "vehicle.check", vehicle.compartment_id)
    named(actor)
    at = fleet_queries.stand(fleet_queries.vehicle(actor, vehicle.pk))
    if at.finds:
        mend = "The detail leader releases the find first."
        raise Refused(
            "Nothing more is opened on this vehicle: a find is reported", vehicle.name, mend
        )
    lists = inspections()
    chosen = lists.get(checklist) if checklist else lists.search(at.due.grade)
    if chosen.grade == "cursory" and at.due.grade == "full":
        raise Refused("A full search is due", "; ".join(at.due.why), "Begin the full one.")
    if at.custody is None or at.custody.state != "guarded":
        hand_over(actor=actor, vehicle=vehicle, state="guarded", keeper=str(actor))
    return Inspection.objects.create(
        compartment_id=vehicle.compartment_id,
        key_id=vehicle.key_id,
        vehicle=vehicle,
        movement=movement,
        checklist=chosen.id,
        kind=chosen.kind,
        grade=chosen.grade or "",
        version=lists.version,
        by=actor,
    )


@transaction.atomic
def add_check_photo(
    *, actor: Actor, inspection: Inspection, item: str, data: bytes, name: str = ""
) -> InspectionPhoto:
    """One picture of one step; all that were taken stay."""
    require(actor, "vehicle.check", inspection.compartment_id)
    named(actor)
    _refuse_ended(inspection)
    step = _step(checklist_of(inspection), item)
    picture = read_picture(data, step.ask)
    owner = {"key": inspection.key, "compartment_id": inspection.compartment_id}
    made = InspectionPhoto.objects.create(
        compartment_id=inspection.compartment_id,
        key_id=inspection.key_id,
        inspection=inspection,
        item=item,
        original=keep(data=data, name=name or item, media_type=picture.media_type, **owner),
        preview=keep(data=picture.preview, name=item, media_type="image/jpeg", **owner),
        by=actor,
    )
    publish(topic="fleet", record=inspection.vehicle_id, compartment_id=inspection.compartment_id)
    return made


@transaction.atomic
def finish_check(
    *,
    actor: Actor,
    inspection: Inspection,
    answers: dict[str, dict[str, Any]],
    seals: list[dict[str, str]] | None = None,
) -> Inspection:
    """Answers by step. What is missing is refused; what was too quick is on record as such."""
    require(actor, "vehicle.check", inspection.compartment_id)
    named(actor)
    inspection = _locked(actor, inspection)
    _refuse_ended(inspection)
    if inspection.by_id != actor.pk:
        raise Refused("Whoever began this check ends it", where=str(inspection.by))
    checklist = checklist_of(inspection)
    answers = _clean(answers, checklist)
    pictured = {photo.item for photo in inspection.photos.all()}  # pyright: ignore
    ended = now()
    found = judge(
        checklist,
        answers,
        pictured,
        started=inspection.began_at,
        ended=ended,
        least_share=inspections().least_share,
    )
    inspection.answers, inspection.seals = answers, _seals(seals or [])
    inspection.flags, inspection.faults = found.flags, len(found.faults)
    if not found.finds:
        _refuse_gaps(found, checklist)
    return _settle(actor, inspection, checklist, found, ended)


def _settle(
    actor: Actor, inspection: Inspection, checklist: Checklist, found: Judgement, ended: datetime
) -> Inspection:
    inspection.ended_at = ended
    if found.finds:
        inspection.save()
        for step in found.finds:
            note = inspection.answers[step.id].get("note", "")
            report_find(actor=actor, inspection=inspection, item=step.id, words=note)
        inspection.refresh_from_db(fields=["state"])
        return inspection
    if found.too_quick:
        inspection.state, inspection.flags = (
            Inspection.State.REFUSED,
            [found.too_quick, *found.flags],
        )
        inspection.save()
        _tell(inspection, "refused", f"{checklist.title} refused: {found.too_quick}", actor)
        return inspection
    inspection.state = Inspection.State.SECOND if checklist.second else Inspection.State.CLEAR
    inspection.expires_at = ended + timedelta(hours=checklist.valid_hours)
    inspection.save()
    for step in found.faults:
        note = inspection.answers[step.id].get("note") or step.ask
        raise_defect(actor=actor, vehicle=inspection.vehicle, words=note, blocking=step.blocking)
    faults = f", {plural(len(found.faults), 'fault')}" if found.faults else ""
    waits = ", waits for the second signature" if checklist.second else ""
    _tell(inspection, "checked", f"{checklist.title} done{faults}{waits}", actor)
    return inspection


@transaction.atomic
def sign_second(*, actor: Actor, inspection: Inspection) -> Inspection:
    """Another person has looked too, and signs with their own name."""
    require(actor, "vehicle.check", inspection.compartment_id)
    named(actor)
    inspection = _locked(actor, inspection)
    if inspection.state != Inspection.State.SECOND:
        words = inspection.get_state_display().lower()
        raise Conflict("This check waits for no signature", where=words)
    if inspection.expired_at:
        mend = "Search it again."
        raise Refused("It is worth nothing any more", inspection.expired_why, mend)
    if inspection.by_id == actor.pk:
        raise Refused("The second signature is another person's", where=str(actor))
    inspection.state = Inspection.State.CLEAR
    inspection.second_by, inspection.second_at = actor, now()
    inspection.save(update_fields=["state", "second_by", "second_at"])
    title = checklist_of(inspection).title
    _tell(inspection, "signed", f"{title} signed by {inspection.by} and {actor}", actor)
    return inspection


@transaction.atomic
def leave_check(*, actor: Actor, inspection: Inspection) -> Inspection:
    """Not done after all; it stays on record as left."""
    require(actor, "vehicle.check", inspection.compartment_id)
    inspection = _locked(actor, inspection)
    _refuse_ended(inspection)
    inspection.state, inspection.ended_at = Inspection.State.LEFT, now()
    inspection.save(update_fields=["state", "ended_at"])
    return inspection


def _locked(actor: Actor, inspection: Inspection) -> Inspection:
    rows = Inspection.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.select_related("vehicle", "by").get(pk=inspection.pk)


def _refuse_ended(inspection: Inspection) -> None:
    if inspection.state != Inspection.State.OPEN:
        words = inspection.get_state_display().lower()
        raise Conflict("This check is ended", where=words, mend="Begin a new one.")
    if inspection.expired_at:
        raise Refused(
            "The vehicle left sight while it was checked", inspection.expired_why, "Begin anew."
        )


def _refuse_gaps(found: Judgement, checklist: Checklist) -> None:
    asks = {step.id: step.ask for step in checklist.items}
    if found.missing:
        words = "; ".join(asks[key] for key in found.missing[:4])
        more = f" and {len(found.missing) - 4} more" if len(found.missing) > 4 else ""
        raise Refused(f"Not answered: {words}{more}", ", ".join(found.missing), "Answer each step.")
    if found.no_photo and not found.too_quick:
        words = "; ".join(asks[key] for key in found.no_photo)
        raise Refused(f"A picture is wanted: {words}", ", ".join(found.no_photo), "Take it.")


def _clean(answers: dict[str, Any], checklist: Checklist) -> dict[str, dict[str, Any]]:
    known = {step.id for step in checklist.items}
    if strange := set(answers) - known:
        raise Refused("The list has no such step", where=", ".join(sorted(strange)))
    clean = {}
    for key, given in answers.items():
        given = {"state": given} if isinstance(given, str) else given
        state = str(given.get("state") or "")
        if state and state not in ANSWERS:
            raise Refused("A step is ok, a fault or a find", where=f"{key}: {state}")
        note, at = str(given.get("note") or "").strip()[:MOST_NOTE], str(given.get("at") or "")[:40]
        if state:
            clean[key] = {"state": state, "note": note, "at": at}
    return clean


def _seals(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    kept = [
        {"where": str(row.get("where", "")).strip()[:60], "number": str(row["number"]).strip()[:40]}
        for row in rows
        if str(row.get("number", "")).strip()
    ]
    return kept[:20]


def _step(checklist: Checklist, item: str) -> Step:
    found = next((step for step in checklist.items if step.id == item), None)
    if found is None:
        raise Refused("The list has no such step", where=item)
    return found


def _tell(inspection: Inspection, event: str, text: str, actor: Actor) -> None:
    movement = inspection.movement
    announce(
        topic="fleet",
        event=event,
        text=f"{inspection.vehicle.name}: {text}",
        compartment_id=movement.compartment_id if movement else inspection.compartment_id,
        operation_id=movement.operation_id if movement else None,
        record=("check", inspection.pk),
        actor=actor,
    )

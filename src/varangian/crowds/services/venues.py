"""Keep venue plans: each import and each edit is a version; one of them is in force."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.engines.crowdflow.drawings import Drawn, read_drawing
from varangian.engines.crowdflow.venue import Finding, Venue
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Operation
from varangian.places.models import Place
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.models import StoredFile
from varangian.platform.storage.services import keep

from ..models import VenuePlan, VenueVersion
from ..queries import venues as queries
from ..shapes.venues import finding_row

MOST_FEATURES = 5000
MEDIA = {
    "geojson": "application/geo+json", "dxf": "image/vnd.dxf", "svg": "image/svg+xml",
    "ifc": "application/x-step", "imdf": "application/zip",
}  # fmt: skip


@transaction.atomic
def new_plan(
    *,
    actor: Actor,
    data: bytes,
    file_name: str,
    name: str = "",
    place: Place | None = None,
    operation: Operation | None = None,
    units: str = "",
    metres_wide: float | None = None,
    note: str = "",
) -> VenuePlan:
    """A venue with its first version, a draft. It belongs to whom the operation or place does."""
    owner = operation or place
    if owner is None:
        mend = "Choose an operation, a place, or both."
        raise Refused("A venue belongs to somebody", "operation", mend)
    require(actor, "crowd.change", owner.compartment_id)
    drawn = read_drawing(data, file_name, units=units, metres_wide=metres_wide)
    plan = VenuePlan.objects.create(
        key_id=owner.key_id, compartment_id=owner.compartment_id, place=place,  # pyright: ignore
        operation=operation, made_by_id=actor.pk,
        name=(name or str(drawn.document.get("name") or file_name)).strip()[:120],
    )  # fmt: skip
    _keep(actor, plan, drawn, data, file_name, note)
    return plan


@transaction.atomic
def import_version(
    *,
    actor: Actor,
    plan: VenuePlan,
    data: bytes,
    file_name: str,
    units: str = "",
    metres_wide: float | None = None,
    note: str = "",
) -> VenueVersion:
    require(actor, "crowd.change", plan.compartment_id)
    drawn = read_drawing(data, file_name, units=units, metres_wide=metres_wide)
    return _keep(actor, plan, drawn, data, file_name, note)


@transaction.atomic
def save_version(
    *, actor: Actor, plan: VenuePlan, document: dict[str, Any], base: int, note: str = ""
) -> VenueVersion:
    """What the editor drew on version ``base``; refused when another was saved meanwhile."""
    require(actor, "crowd.change", plan.compartment_id)
    VenuePlan.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=plan.pk)
    newest = queries.newest(actor, plan)
    if newest.number != base:
        mend = "Your drawing is kept in the editor: open the new version and add what is missing."
        raise Conflict(
            f"Version {newest.number} was saved since by {newest.made_by or 'the console'}",
            f"version {base}", mend,
        )  # fmt: skip
    features = document.get("features")
    if not isinstance(features, list) or len(features) > MOST_FEATURES:
        raise Refused("This is no plan", "features", f"At most {MOST_FEATURES:,} features.")
    drawn = Drawn("editor", {**document, "picture": newest.document.get("picture")})
    return _add(actor, plan, drawn, note, None, newest.picture, "")


@transaction.atomic
def put_in_force(*, actor: Actor, version: VenueVersion) -> VenuePlan:
    """A named leader says that this version counts. Faults that make figures meaningless refuse."""
    require(actor, "crowd.approve", version.compartment_id)
    queries.sound(version.document)
    found = VenuePlan.objects.visible_to(actor).select_for_update(of=("self",))
    plan = found.get(pk=version.plan_id)  # pyright: ignore[reportAttributeAccessIssue]
    plan.current, plan.in_force_by_id, plan.in_force_at = version, actor.pk, now()
    plan.save(update_fields=["current", "in_force_by", "in_force_at"])
    _publish(plan)
    return plan


def _keep(
    actor: Actor, plan: VenuePlan, drawn: Drawn, data: bytes, name: str, note: str
) -> VenueVersion:
    owner = {"key": plan.key, "compartment_id": plan.compartment_id}
    media, picture = MEDIA.get(drawn.source, ""), None
    if drawn.source == "picture":
        seen = read_picture(data, name)
        media = seen.media_type
        picture = keep(data=seen.preview, name=name, media_type="image/jpeg", **owner)
    original = keep(data=data, name=name or "plan", media_type=media, **owner)
    return _add(actor, plan, drawn, note, original, picture, sha256(data).hexdigest())


def _add(
    actor: Actor,
    plan: VenuePlan,
    drawn: Drawn,
    note: str,
    original: StoredFile | None,
    picture: StoredFile | None,
    digest: str,
) -> VenueVersion:
    venue, checked = queries.looked_over(drawn.document)
    if venue is None and drawn.source not in ("picture", "editor"):
        raise Refused(checked[0].what, checked[0].where, checked[0].mend)
    rows = [finding_row(one, venue) for one in [*_placed(drawn.notes, venue), *checked]]
    older = VenueVersion.objects.visible_to(actor).filter(plan=plan)
    number = (older.aggregate(last=Max("number"))["last"] or 0) + 1
    document = json.loads(json.dumps(drawn.document))
    found = VenueVersion.objects.create(
        key_id=plan.key_id, compartment_id=plan.compartment_id, plan=plan,  # pyright: ignore
        number=number, source=drawn.source, document=document, findings=rows,
        faults=sum(row["severity"] == "fault" for row in rows), original=original,
        picture=picture, digest=digest, note=note.strip()[:400], made_by_id=actor.pk,
    )  # fmt: skip
    _publish(plan)
    return found


def _placed(notes: list[Finding], venue: Venue | None) -> list[Finding]:
    """Notes of an import name places in the metres of the drawing, as the plan has them."""
    if venue is None or venue.frame.units != "degrees":
        return notes
    return [replace(note, at=None) for note in notes]


def _publish(plan: VenuePlan) -> None:
    publish(topic="crowds", kind="venue", record=plan.pk, compartment_id=plan.compartment_id)

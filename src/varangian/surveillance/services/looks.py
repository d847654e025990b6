"""How people and vehicles before a camera looked: kept for its days, searched for a purpose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from varangian.engines.vision.appearance import Described, Wanted, agreeing, of_camera
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..models import Camera, SeenLooks
from ..queries import looks as queries
from .placing import Grip, held
from .sealing import seal, unseal
from .watching import purpose_of

KINDS = frozenset({"person", "car", "lorry", "bus", "motorcycle", "bicycle"})
MOST_CROP = 64 * 1024
MOST_WORDS = 200
SHOWN = 60
DAYS = (1, 90)


@dataclass(frozen=True)
class FoundLooks:
    """``words``: what agrees, what is near, what is not told. ``crop``: JPEG, empty for none."""

    row: SeenLooks
    words: str
    crop: bytes


@dataclass(frozen=True)
class Search:
    """``searched``: cameras; ``weighed``: records; ``more``: hits that are not shown."""

    hits: list[FoundLooks]
    searched: int
    weighed: int
    more: int
    capped: bool


@transaction.atomic
@system_read("what a camera notes is kept by the house")
def keep_looks(*, grip: Grip, head: dict[str, Any], crop: bytes) -> SeenLooks | None:
    """Only from the job that holds the camera, and only while its record says so."""
    camera = held(grip).camera
    if not camera.keeps_looks or not camera.behaviours or head["kind"] not in KINDS:
        return None
    present = now()
    began, ended = (
        present - timedelta(seconds=min(86_400.0, max(0.0, float(head[name]))))
        for name in ("began_ago", "ended_ago")
    )
    made = SeenLooks.objects.create(
        compartment_id=camera.compartment_id,
        key_id=camera.key_id,
        camera=camera,
        kind=head["kind"],
        begun_at=began,
        ended_at=ended,
        looks={str(part)[:20]: str(name)[:20] for part, name in head["looks"].items()},
        crop=seal(camera, crop) if 0 < len(crop) <= MOST_CROP else b"",
        expires_at=present + timedelta(days=camera.retention_days),
    )
    publish(topic="looks", record=made.pk, compartment_id=made.compartment_id)
    return made


@transaction.atomic
def find_looks(
    *, actor: Actor, words: str, purpose: str, cameras: list[Camera], days: int = 1
) -> Search:
    """Who looked so before these cameras, in the order of time; on record before it is answered.

    ``cameras``: as ``queries.searchable`` gives them: those that this person may search.
    """
    if actor.is_system:
        raise Refused("A person searches, not the house", where="who", mend="Sign in as yourself.")
    why, text = purpose_of(purpose), " ".join(words.split())[:MOST_WORDS]
    if not DAYS[0] <= days <= DAYS[1]:
        raise Refused(f"Search {DAYS[0]} to {DAYS[1]} days", where="days")
    kinds, asked = of_camera(text)
    for camera in cameras:
        note(kind="search", record=camera, actor=actor, purpose=f"{why}: {text}")
    rows, capped = queries.kept(actor, cameras, kinds, now() - timedelta(days=days))
    found: list[tuple[SeenLooks, str]] = []
    for zone in {_zone(one.camera) for one in rows}:
        found += _agreeing(asked, [one for one in rows if _zone(one.camera) == zone], zone)
    found.sort(key=lambda pair: pair[0].begun_at)
    hits = [FoundLooks(row, told, _crop(row)) for row, told in found[-SHOWN:]]
    return Search(hits, len(cameras), len(rows), max(0, len(found) - SHOWN), capped)


def _agreeing(asked: Wanted, rows: list[SeenLooks], zone: str) -> list[tuple[SeenLooks, str]]:
    by_name = {str(one.pk): one for one in rows}
    told = [Described(pk, row.begun_at, row.looks, "camera") for pk, row in by_name.items()]
    return [
        (by_name[hit.one.name], hit.words or "kind and time agree")
        for hit in agreeing(asked, told, zone)
    ]


def _zone(camera: Camera) -> str:
    return camera.operation.time_zone if camera.operation else "UTC"


def _crop(row: SeenLooks) -> bytes:
    return unseal(row.camera, bytes(row.crop)) if row.crop else b""

"""Maps come as extracts, are built by a worker or at the console, and go when nobody needs them."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from varangian.engines.routing.graph import Source
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.platform.access.scope import Actor, holds
from varangian.platform.crypto import keys
from varangian.platform.database.slugs import save_under_free_slug
from varangian.platform.jobs.app import app
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import drop_parts, keep_parts

from .. import map_files
from ..map_rules import map_name, map_slug
from ..models import MapFile, RoadMap
from ..queries import maps as queries

MOST_BYTES = 2 * 1024**3
SILENT = timedelta(minutes=2)
"""A build that has told nothing for so long has died with its machine."""


@transaction.atomic
def add_map(
    *,
    actor: Actor,
    path: Path,
    name: str = "",
    licence: str = "",
    file_name: str = "",
    again: bool = False,
) -> tuple[RoadMap, bool]:
    """The map of an extract, and whether it is new: the same file is not built twice.

    It waits to be built: by ``build_later`` or ``map_building.build_now``.
    """
    _may_build(actor)
    map_files.refuse_without_extra()
    _look_at(path, file_name)
    digest = map_files.digest(path)
    known = queries.maps(actor).filter(digest=digest).exclude(state=RoadMap.State.FAILED).first()
    if known and not again:
        return known, False
    name = map_name(name or file_name or path.name)
    key = keys.create()
    record = RoadMap(
        key=key, name=name, licence=(licence or Source.licence)[:200], digest=digest,
        size=path.stat().st_size, built_by_id=actor.pk,
    )  # fmt: skip
    save_under_free_slug(record, map_slug(name), exact=False)
    keep_file(record, MapFile.Kind.EXTRACT, path)
    _tell(record)
    return record, True


def _may_build(actor: Actor) -> None:
    if not (actor.is_system or holds(actor, "map.build")):
        raise Denied("Your role does not allow this: map build", mend="Ask the detail leader.")


def _look_at(path: Path, file_name: str) -> None:
    where = file_name or path.name
    if not path.is_file():
        raise Refused("There is no such file", where=where)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise Refused(f"The extract has {size / 1e9:.1f} GB; the limit is 2 GB", where=where)
    with path.open("rb") as file:
        start = file.read(64)
    if b"OSMHeader" not in start and not start.lstrip().startswith(b"<"):
        raise Refused(
            "This is no OpenStreetMap extract", where=where,
            mend="Give a file that ends in .osm.pbf, as Geofabrik or BBBike hand out.",
        )  # fmt: skip


def keep_file(record: RoadMap, kind: str, path: Path) -> MapFile:
    return MapFile.objects.create(
        road_map=record, kind=kind, size=path.stat().st_size, sha256=map_files.digest(path),
        parts=keep_parts(path, record.key_id),
    )  # fmt: skip


def build_later(record: RoadMap) -> None:
    """By the next free worker; where there is none, as in a test, at once."""
    if os.environ.get("VARANGIAN_DB_ROLE") == "app":
        app.configure_task("travel.build_map", lock=f"map-{record.pk}").defer(
            road_map=str(record.pk)
        )
    else:
        from .map_building import build_now

        build_now(record.pk)
        record.refresh_from_db()


@transaction.atomic
def stop_map(*, actor: Actor, road_map: RoadMap) -> RoadMap:
    """A running build ends within a second; one that has died is called failed at once."""
    record = _mine(actor, road_map)
    if not record.under_way:
        raise Refused("This map is not being built", where=record.get_state_display())
    if record.state == RoadMap.State.QUEUED or silent(record):
        return end_map(record, RoadMap.State.FAILED, "Stopped before it was built.")
    record.stop = True
    record.save(update_fields=["stop"])
    return record


@transaction.atomic
def rebuild_map(*, actor: Actor, road_map: RoadMap) -> RoadMap:
    """From the extract that is kept: after a failure, or with a newer Varangian."""
    record = _mine(actor, road_map)
    if record.under_way and not silent(record):
        raise Conflict("This map is being built already", where=record.name)
    record.state, record.stop, record.step, record.words = RoadMap.State.QUEUED, False, {}, ""
    record.save(update_fields=["state", "stop", "step", "words"])
    _tell(record)
    return record


@transaction.atomic
def drop_map(*, actor: Actor, road_map: RoadMap) -> None:
    """The map with all its files, on every machine."""
    record = _mine(actor, road_map)
    if record.under_way and not silent(record):
        raise Conflict("This map is being built", where=record.name, mend="Stop it first.")
    rows = list(queries.files(actor, record))
    key, pk = record.key, record.pk
    record.delete()
    key.delete()
    names = [name for row in rows for name in row.parts]
    transaction.on_commit(lambda: drop_parts(names))
    transaction.on_commit(lambda: map_files.forget(rows))
    publish(topic="maps", kind="dropped", record=pk, compartment_id=None)


def _mine(actor: Actor, road_map: RoadMap) -> RoadMap:
    _may_build(actor)
    found = RoadMap.objects.visible_to(actor, "map.build").select_for_update(of=("self",))
    return found.select_related("key").get(pk=road_map.pk)


def silent(record: RoadMap) -> bool:
    """Has whoever builds it died?"""
    told = record.step.get("at")
    return now() - (datetime.fromisoformat(told) if told else record.asked_at) > SILENT


def end_map(record: RoadMap, state: str, words: str = "") -> RoadMap:
    record.state, record.words, record.stop = state, words[:400], False
    record.step, record.built_at = {}, now()
    record.save(update_fields=["state", "words", "stop", "step", "built_at"])
    _tell(record)
    return record


def _tell(record: RoadMap) -> None:
    publish(topic="maps", kind=record.state, record=record.pk, compartment_id=None)

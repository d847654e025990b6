"""The build itself: a process of its own does it, its progress is told and its end is kept."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from varangian.engines.routing import build
from varangian.engines.routing.build import Built
from varangian.engines.routing.errors import BadMap, Cancelled, Progress, silent
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import drop_parts

from .. import map_files
from ..models import MapFile, RoadMap
from ..queries import maps as queries
from .maps import end_map, keep_file

TELL_EVERY = 0.5
PURPOSE = "build a map"
MADE = {
    MapFile.Kind.NETWORK: build.NETWORK,
    MapFile.Kind.ROUTING: build.ROUTING,
    MapFile.Kind.TILES: build.TILES,
}


def build_now(pk: UUID, tell: Progress = silent) -> None:
    """In transactions of its own, so that its progress is seen while it runs."""
    with acting(SYSTEM, purpose=PURPOSE):
        record = _begin(pk)
        if record is None:
            return
        extract = queries.file(SYSTEM, record, MapFile.Kind.EXTRACT)
    watch = _Watch(pk, tell)
    try:
        with TemporaryDirectory(prefix="build-", dir=map_files.folder()) as work:
            made = build.in_child(
                extract, Path(work), watch.tell, name=record.name, licence=record.licence
            )
            with acting(SYSTEM, purpose=PURPOSE):
                _keep(pk, made, Path(work))
    except Cancelled:
        _fail(pk, "Stopped while it was built. Nothing of it is used; the extract is kept.")
    except (BadMap, Refused) as refused:
        _fail(pk, str(refused))
    except KeyboardInterrupt:
        _fail(pk, "Stopped at the console. Nothing of it is used; the extract is kept.")
        raise


@system_read("the worker builds for whoever asked; that was allowed when the extract came")
def _begin(pk: UUID) -> RoadMap | None:
    record = RoadMap.objects.select_for_update().filter(pk=pk).first()
    if record is None or not record.under_way:
        return None
    record.state = RoadMap.State.BUILDING
    record.step = {"words": "Beginning", "share": 0.0, "at": now().isoformat()}
    record.save(update_fields=["state", "step"])
    publish(topic="maps", kind="building", record=pk, compartment_id=None)
    return record


class _Watch:
    """Writes the step in hand a few times a second at most, and hears whether to stop."""

    def __init__(self, pk: UUID, also: Progress) -> None:
        self.pk, self.also, self.told = pk, also, 0.0

    def tell(self, step: str, share: float) -> None:
        self.also(step, share)
        if time.monotonic() - self.told < TELL_EVERY:
            return
        with acting(SYSTEM, purpose=PURPOSE):
            if _note(self.pk, step, share):
                raise Cancelled
        self.told = time.monotonic()


@system_read("the builder's own map")
def _note(pk: UUID, step: str, share: float) -> bool:
    """True when somebody wants it stopped, or dropped it."""
    record = RoadMap.objects.filter(pk=pk).first()
    if record is None or record.stop:
        return True
    record.step = {"words": step, "share": round(share, 3), "at": now().isoformat()}
    record.save(update_fields=["step"])
    publish(topic="maps", kind="step", record=pk, compartment_id=None)
    return False


@system_read("the builder's own map")
def _keep(pk: UUID, made: Built, work: Path) -> None:
    record = RoadMap.objects.select_for_update().get(pk=pk)
    for kind, name in MADE.items():
        for old in MapFile.objects.filter(road_map=record, kind=kind):
            drop_parts(old.parts)
            old.delete()
        path = work / name
        if path.exists():
            row = keep_file(record, kind, path)
            map_files.owned(path).replace(map_files.path_of(row))
    record.west, record.south, record.east, record.north = made.bounds
    record.data_date = made.data_date or None  # pyright: ignore[reportAttributeAccessIssue]
    record.counts, record.problems, record.seconds = made.counts, made.problems, made.seconds
    record.save()
    end_map(record, RoadMap.State.READY)
    map_files.sweep()


@system_read("the builder's own map")
def _fail(pk: UUID, words: str) -> None:
    with acting(SYSTEM, purpose=PURPOSE):
        record = RoadMap.objects.select_for_update().filter(pk=pk).first()
        if record is not None:
            end_map(record, RoadMap.State.FAILED, words)

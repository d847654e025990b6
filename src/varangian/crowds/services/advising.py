"""The principal's way out in the crowd as it stands now, every twenty seconds."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from varangian.engines.crowdflow.live.field import held_film
from varangian.engines.crowdflow.principal import advise, way_maps
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.live.services import publish

from ..models import CrowdWatch
from ..queries import live as reads
from ..shapes.plain import json_plain

EVERY = timedelta(seconds=20)
AHEAD_S = 30.0


def advise_when_due(watch: CrowdWatch) -> None:
    if not watch.principal or (watch.advised_at and now() - watch.advised_at < EVERY):
        return
    advise_now(watch)
    watch.save(update_fields=["advice", "advised_at"])
    publish(topic="crowds", kind="live", record=watch.pk, compartment_id=watch.compartment_id)


def advise_now(watch: CrowdWatch, *, refuse: bool = False) -> None:
    """``refuse``: where no way leads, say so to whoever asked; else it stands in the advice."""
    level, x, y = watch.principal
    ground, rows = reads.ground_of(watch.version), _rows(watch)
    now_in = {row["zone"]: float(row["people"]) for row in rows}
    moments = [now_in]
    soon = {row["zone"]: float(row["soon"][0]["band"][1]) for row in rows if row["soon"]}
    if soon:
        moments += [{**now_in, **soon}]
    film = held_film(ground.grid, ground.cells, moments, AHEAD_S)
    try:
        maps = way_maps(ground.venue, film)
        found = advise(maps, level=int(level), at=(float(x), float(y)))
    except Refused as refused:
        if refuse:
            raise
        watch.advice = {"why_not": str(refused)}
    else:
        shape = json_plain(asdict(found))
        watch.advice = {**shape, "foretold": bool(soon), "picture_at": watch.picture.get("at")}
    watch.advised_at = now()


def _rows(watch: CrowdWatch) -> list[dict[str, Any]]:
    return [row for row in watch.picture.get("zones", []) if row["zone"]]

"""The invented streets that the worked operation drives on: a worker lays them after the start."""

from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from varangian.engines.routing import city
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.models import Movement
from varangian.platform.access.context import acting
from varangian.platform.access.models import User
from varangian.platform.access.queries import user_by_email
from varangian.travel import services as travel
from varangian.travel.models import RoadMap

from .travel import LEADER, story

log = structlog.get_logger()
WINDOW_S = 20 * 60.0


def lay() -> RoadMap | None:
    """The map first, then the routes of a leg on it, drawn and sealed. A house without the extra
    for travel goes without: its screens say what to install."""
    leader = user_by_email(LEADER)
    if leader is None:
        return None
    try:
        record = _map(leader)
    except Refused as refused:
        log.info("no streets for the worked operation", why=str(refused))
        return None
    if record.ready:
        _routes(leader)
    return record


def _map(leader: User) -> RoadMap:
    told = story()["city"]
    shape = {name: told[name] for name in ("columns", "rows")}
    with TemporaryDirectory() as folder, acting(leader, purpose="lay the streets"):
        town = city.build(**shape, at=tuple(told["at"]), bridges=tuple(told["bridges"]))
        extract = Path(folder) / "streets.osm.pbf"
        _write(town, extract)
        record, _ = travel.add_map(
            actor=leader, path=extract, name=told["name"], licence=town.source.licence
        )
    travel.build_now(record.pk)
    record.refresh_from_db()
    return record


def _write(town: city.Graph, extract: Path) -> None:
    try:
        from varangian.engines.routing import osm_write

        osm_write.write(town, extract, osm_write.scenery(town))
    except ModuleNotFoundError as missing:
        raise Refused("Maps need the extra travel", missing.name or "") from missing


def _routes(leader: User) -> None:
    for title in story()["city"]["legs"]:
        with acting(leader, purpose="plan routes of the worked operation"):
            leg = _leg(leader, title)
            if leg is None:
                continue
            plan = travel.plan_routes(actor=leader, movement=leg, window_s=WINDOW_S)
            plan = travel.approve_routes(actor=leader, plan=plan)
            travel.draw_route(actor=leader, plan=plan)


def _leg(leader: User, title: str) -> Movement | None:
    rows = operations.movements(leader).filter(state__in=("planned", "confirmed"))
    return next((row for row in rows if row.title == title), None)

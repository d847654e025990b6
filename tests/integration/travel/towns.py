"""An invented city as a ready map of the house, and a leg that leads across it."""

from datetime import date, timedelta

from tests import factories

from varangian.engines.routing import city, store
from varangian.kernel.clock import now
from varangian.operations.services import add_movement
from varangian.platform.crypto import keys
from varangian.travel.models import MapFile, RoadMap
from varangian.travel.services.maps import keep_file


def road_map(folder) -> RoadMap:
    town = city.build(columns=16, rows=10, bridges=(4, 8, 13))
    path = folder / "town.npz"
    store.save(town, path)
    record = RoadMap.objects.create(
        key=keys.create(), slug="amber-city", name="Amber city", state="ready",
        west=float(town.lon.min()), east=float(town.lon.max()), south=float(town.lat.min()),
        north=float(town.lat.max()), data_date=date(2026, 1, 1), licence="Invented, Apache-2.0",
        digest="0" * 64, size=1,
    )  # fmt: skip
    keep_file(record, MapFile.Kind.NETWORK, path)
    return record


def leg(operation, leader, *, since=None, **fields):
    """From the south-west to the north-east, over the river."""
    town = city.build(columns=16, rows=10, bridges=(4, 8, 13))
    ends = []
    for name, node in (("Hotel Quay", 17), ("Harbour court", len(town.lon) - 18)):
        position = [float(town.lat[node]), float(town.lon[node])]
        ends.append(factories.place(operation, leader, name=name, position=position))
    given = {"kind": "road", "title": "To the court", "origin": ends[0], "destination": ends[1]}
    starts = since or now() + timedelta(hours=1)
    return add_movement(actor=leader, operation=operation, **{**given, "starts": starts, **fields})

"""A team with a leg across an invented city, ready to be followed: all by the command line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from tests.acceptance.house import House

from varangian.engines.routing import city, osm_write

LEADER, DRIVER = "moving-leader@example.org", "moving-driver@example.org"
AT = (60.150, 24.90)
ENDS = {"Hotel Quay": 17, "Harbour court": 142, "Clinic East": 60}
"""Places of the day, each at a crossing of the city."""
SIZE = {"columns": 16, "rows": 10, "bridges": (4, 8, 13)}


def team(house: House, folder: Path) -> SimpleNamespace:
    """A map, two people, a leg with approved routes, and a clinic whose survey was signed."""
    town = city.build(at=AT, **SIZE)
    extract = folder / "birch.osm.pbf"
    osm_write.write(town, extract, osm_write.scenery(town))
    for email, name in ((LEADER, "Ingrid Falk"), (DRIVER, "Leo Marchetti")):
        house.cli("user", "create", email, name)
    house.cli("engagement", "create", "Moving client", "--slug", "moving", actor=LEADER)
    house.cli("principal", "create", "TERN", "--engagement", "moving", "--slug", "tern-moving",
              actor=LEADER)  # fmt: skip
    house.cli("map", "build", str(extract), "--name", "Birch", actor=LEADER)
    day = folder / "day.ics"
    day.write_bytes(_calendar(town))
    house.cli(
        "operation", "import", str(day), "--principal", "tern-moving", "--accept", actor=LEADER
    )
    for row in house.cli("place", "list", actor=LEADER):
        if row["name"] in ENDS and row["precision"] == "unlocated":
            node = ENDS[row["name"]]
            at = [f"{town.lat[node]:.5f}", f"{town.lon[node]:.5f}"]
            house.cli("place", "locate", row["id"], *at, actor=LEADER)
    slug = house.cli("operation", "list", actor=LEADER)[0]["slug"]
    house.cli("member", "add", slug, DRIVER, "driver", actor=LEADER)
    legs = house.cli("movement", "list", slug, actor=LEADER)
    leg = next(row for row in legs if row["title"].startswith("Drive"))
    serial = str(leg["serial"])
    house.cli("route", "make", slug, serial, "--budget", "1.4", actor=LEADER)
    house.cli("route", "approve", slug, serial, actor=LEADER)
    return SimpleNamespace(house=house, slug=slug, leg=leg["id"], serial=serial)


def _calendar(town) -> bytes:
    """An hour at the hotel, the drive to the court, a day there; a visit to the clinic later."""
    begin = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=10)
    at = {name: f"{name}, {town.lat[n]:.5f}, {town.lon[n]:.5f}" for name, n in ENDS.items()}
    rows = [
        ("hotel", "Hotel Quay", at["Hotel Quay"], -60, 0),
        ("drive", "Drive: Hotel Quay to Harbour court", "", 0, 30),
        ("court", "Hearing at Harbour court", at["Harbour court"], 30, 120),
        ("clinic", "Visit to Clinic East", at["Clinic East"], 2000, 2060),
    ]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//EN", "X-WR-CALNAME:One drive"]
    for uid, title, place, first, last in rows:
        stamps = [(begin + timedelta(minutes=m)).strftime("%Y%m%dT%H%M%SZ") for m in (first, last)]
        lines += ["BEGIN:VEVENT", f"UID:{uid}@example.org", f"SUMMARY:{title}"]
        lines += [f"DTSTART:{stamps[0]}", f"DTEND:{stamps[1]}"]
        lines += [f"LOCATION:{place.replace(',', chr(92) + ',')}"] if place else []
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()

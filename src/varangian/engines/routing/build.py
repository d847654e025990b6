"""All that is made of an extract: the road network, routing tiles and map tiles.

``in_child`` does it in a process of its own: a hostile or damaged file can end that process only,
and who calls keeps its threads for what is urgent.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from . import osm, store, tiles, valhalla_tiles
from .errors import BadMap, Progress, silent

NETWORK, ROUTING, TILES = "network.npz", "routing.tar", "map.pmtiles"
WEIGHTS = {
    "Reading the extract": 0.08,
    "Making the road network": 0.07,
    "Borders and rules of the road": 0.1,
    "Routing tiles": 0.2,
    "Drawing the map": 0.15,
    "Map tiles": 0.4,
}
"""How much of the whole each step takes, in order."""
ASK_S = 0.2


@dataclass
class Built:
    """What came of it; the files lie in the folder that was given."""

    name: str
    data_date: str
    licence: str
    digest: str
    bounds: tuple[float, float, float, float]
    counts: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def whole(tell: Progress) -> Progress:
    """The share of one step becomes the share of all."""
    before = {step: sum(list(WEIGHTS.values())[:n]) for n, step in enumerate(WEIGHTS)}

    def told(step: str, share: float) -> None:
        tell(step, min(before.get(step, 0.99) + WEIGHTS.get(step, 0) * share, 1.0))

    return told


def build(
    extract: Path,
    folder: Path,
    progress: Progress | None = None,
    *,
    name: str = "",
    licence: str = osm.OSM,
) -> Built:
    """Raises BadMap when no road network comes of it; without tiles a map is still of use."""
    tell = whole(progress or silent)
    started = time.perf_counter()
    reading = osm.read_extract(extract, tell, name=name, licence=licence)
    graph = reading.graph
    store.save(graph, folder / NETWORK)
    made = Built(
        graph.source.name, graph.source.data_date, licence, graph.source.digest, (0, 0, 0, 0),
        dict(reading.counts), list(reading.problems),
    )  # fmt: skip
    made.seconds["network"] = time.perf_counter() - started
    with tempfile.TemporaryDirectory(dir=folder) as work:
        _routing(extract, folder, Path(work), tell, made)
        _tiles(extract, folder, Path(work), tell, made)
    made.seconds = {key: round(value, 2) for key, value in made.seconds.items()}
    return made


def _routing(extract: Path, folder: Path, work: Path, tell: Progress, made: Built) -> None:
    def go() -> None:
        valhalla_tiles.build(extract, folder / ROUTING, work / "routing", tell)

    _or_told(go, made, "routing", "No turn-by-turn directions")


def _tiles(extract: Path, folder: Path, work: Path, tell: Progress, made: Built) -> None:
    def go() -> None:
        sketch = tiles.build(extract, folder / TILES, work / "tiles", tell, name=made.name)
        made.counts |= {f"drawn_{layer}": count for layer, count in sketch.counts.items()}
        made.bounds = sketch.bounds

    _or_told(go, made, "tiles", "No streets on the screen")
    if made.bounds == (0, 0, 0, 0):
        made.bounds = osm.bounds(store.read(folder / NETWORK))


def _or_told(go: Callable[[], None], made: Built, what: str, loss: str) -> None:
    started = time.perf_counter()
    try:
        go()
    except BadMap as bad:
        made.problems.append(f"{loss}: {bad.what}.")
    made.seconds[what] = time.perf_counter() - started


def in_child(
    extract: Path,
    folder: Path,
    progress: Progress | None = None,
    *,
    name: str = "",
    licence: str = osm.OSM,
) -> Built:
    """The same in another process, which ends when ``progress`` raises."""
    words = [sys.executable, "-m", __name__, str(extract), str(folder), name, licence]
    child = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True, text=True,
    )  # fmt: skip
    try:
        said = _listen(child, progress or silent)
    finally:
        _end(child)
    if "bad" in said:
        raise BadMap(said["bad"], said["mend"])
    if "built" not in said:
        raise BadMap(
            f"Reading the extract ended with {child.returncode}",
            "The file may be damaged, or the machine is short of memory: try a smaller extract.",
        )
    return Built(**said["built"] | {"bounds": tuple(said["built"]["bounds"])})


def _listen(child: "subprocess.Popen[str]", tell: Progress) -> dict[str, Any]:
    """Passes progress on, also the same again: whoever waits is asked whether they still do."""
    assert child.stdout is not None
    lines: Queue[str | None] = Queue()
    Thread(target=_pass_on, args=[child.stdout, lines], daemon=True).start()
    last: tuple[str, float] = ("Reading the extract", 0.0)
    while True:
        try:
            line = lines.get(timeout=ASK_S)
        except Empty:
            tell(*last)
            continue
        if line is None:
            child.wait()
            return {}
        said = json.loads(line)
        if "step" not in said:
            return said
        last = (said["step"], said["share"])
        tell(*last)


def _pass_on(out: IO[str], lines: "Queue[str | None]") -> None:
    for line in out:
        lines.put(line)
    lines.put(None)


def _end(child: "subprocess.Popen[str]") -> None:
    """With all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def main(words: list[str]) -> None:
    extract, folder, name, licence = words

    def tell(step: str, share: float) -> None:
        _say({"step": step, "share": round(share, 3)})

    try:
        made = build(Path(extract), Path(folder), tell, name=name, licence=licence)
        said: dict[str, Any] = {"built": asdict(made)}
    except BadMap as bad:
        said = {"bad": bad.what, "mend": bad.mend}
    _say(said)


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

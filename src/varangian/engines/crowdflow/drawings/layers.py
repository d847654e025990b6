"""What a layer's name says.

    area  wall  door-outside  gate-outside-entrance  zone-seated  stage  barrier  queue
    screening  safe-room  vehicle  post  seats  stair-to1  door-in  door-locked-steps

Words are parted by - _ . or spaces, in any case; ``varangian-`` before them does no harm. ``L2`` is
the level (``L-1`` below ground), ``w1.2`` the clear width in metres, ``to2`` the level to which a
stair leads. The layers of JuPedSim (``walkablearea``, ``jps-exits`` ...) and the usual plurals are
known.
"""

import re
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "area": "area", "areas": "area", "floor": "area", "walkable": "area", "walkablearea": "area",
    "wall": "wall", "walls": "wall",
    "door": "door", "doors": "door", "exit": "exit", "exits": "exit",
    "gate": "gate", "gates": "gate", "entrance": "entrance", "entrances": "entrance",
    "stair": "stair", "stairs": "stair",
    "zone": "zone", "zones": "zone", "distributions": "zone",
    "stage": "stage", "stages": "stage", "obstacle": "stage", "obstacles": "stage",
    "barrier": "barrier", "barriers": "barrier", "queue": "queue", "queues": "queue",
    "screening": "screening", "lane": "screening", "lanes": "screening",
    "seat": "seats", "seats": "seats", "vehicle": "vehicle", "vehicles": "vehicle",
    "post": "post", "posts": "post", "saferoom": "safe_room",
}  # fmt: skip
PREFIXES = ("varangian", "venue", "jps", "vg")
USES = ("standing", "seated", "circulation", "backstage")
FLAGS = ("locked", "steps", "entrance")
SPLIT = re.compile(r"[-_.\s]+")


@dataclass(frozen=True)
class Meaning:
    kind: str
    level: int = 0
    props: dict[str, Any] = field(default_factory=dict)


def meaning(layer: str) -> Meaning | None:
    """None when the layer says nothing to us: dimensions, furniture, a title block."""
    text = layer.lower().replace("safe-room", "saferoom").replace("safe_room", "saferoom")
    text = re.sub(r"w(\d+)\.(\d+)", r"w\1p\2", text.replace("safe room", "saferoom"))
    text = re.sub(r"\bl-(\d)", r"lm\1", text)
    words = [word for word in SPLIT.split(text) if word]
    if words and words[0] in PREFIXES:
        words = words[1:]
    if not words or words[0] not in KINDS:
        return None
    kind, props = _plain(KINDS[words[0]])
    level = 0
    for word in words[1:]:
        if found := re.fullmatch(r"l(m?)(\d{1,3})", word):
            level = -int(found[2]) if found[1] else int(found[2])
        else:
            _option(kind, word, props)
    if kind == "stair":
        props.setdefault("to_level", level + 1)
        props.setdefault("width_m", 1.2)
    return Meaning(kind, level, props)


def _plain(kind: str) -> tuple[str, dict[str, Any]]:
    if kind == "exit":
        return "door", {"leads": "outside"}
    if kind == "entrance":
        return "gate", {"leads": "outside", "entrance": True}
    return kind, {}


def _option(kind: str, word: str, props: dict[str, Any]) -> None:
    if found := re.fullmatch(r"w(\d+)(?:p(\d+))?", word):
        props["width_m"] = float(f"{found[1]}.{found[2] or 0}")
    elif found := re.fullmatch(r"to(\d{1,3})", word):
        props["to_level"] = int(found[1])
    elif kind in ("door", "gate") and word in ("outside", "inside"):
        props["leads"] = word
    elif kind in ("door", "gate") and word in ("in", "out"):
        props["direction"] = word
    elif kind in ("door", "gate") and word in FLAGS:
        props[word] = True
    elif kind == "zone" and word in USES:
        props["use"] = word


def name_of_kind(kind: str) -> str:
    return kind.replace("_", "-")

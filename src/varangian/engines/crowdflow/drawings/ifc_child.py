"""What a building model holds, as flat parts: run as a process of its own.

    python -m varangian.engines.crowdflow.drawings.ifc_child < hall.ifc > parts.json

The geometry of IFC is C++ over files of strangers. What it does not survive takes this process
along and nothing else, and its memory goes back. All lengths come out in metres.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from importlib import import_module
from typing import Any

import numpy as np
import shapely

from varangian.engines.crowdflow.drawings.ifc_stair import treads_of

MOST_ELEMENTS = 20_000
MOST_TRIANGLES = 20_000
MOST_MEMORY = 4 * 1024**3
HEALS_M, FINE_M = 0.002, 0.005
END_M = 0.3
"""How far below and above the ends of a stair its first and last step reach."""
WALLS = ("IfcWall", "IfcCurtainWall", "IfcColumn")
FLOORS = ("FLOOR", "BASESLAB", "LANDING", "NOTDEFINED", "USERDEFINED", None)


class Unread(Exception):
    """Said to whoever brought the file."""


def parts_of(text: str) -> dict[str, Any]:
    try:
        model = _library().file.from_string(text)
        schema = model.schema
    except Exception as error:
        raise Unread("The IFC cannot be read") from error
    scale = float(_library("util.unit").calculate_unit_scale(model))
    storeys = _storeys(model, scale)
    reader = _Reader(model, scale, {row["id"]: k for k, row in enumerate(storeys)})
    parts = list(reader.parts())
    return {
        "schema": schema, "unit": scale, "parts": parts, "unread": reader.unread,
        "storeys": [{"name": row["name"], "height": row["height"]} for row in storeys],
    }  # fmt: skip


def _library(part: str = "") -> Any:
    """Of the extra ``ifc``, which is not among all: who checks types may not have it."""
    return import_module(f"ifcopenshell.{part}" if part else "ifcopenshell")


def _storeys(model: Any, scale: float) -> list[dict[str, Any]]:
    get_local_placement = _library("util.placement").get_local_placement
    found = []
    for one in model.by_type("IfcBuildingStorey"):
        placed = one.ObjectPlacement
        height = get_local_placement(placed)[2][3] if placed else (one.Elevation or 0.0)
        name = one.LongName or one.Name or ""
        found.append({"id": one.id(), "name": name, "height": float(height) * scale})
    return sorted(found, key=lambda row: row["height"])


class _Reader:
    def __init__(self, model: Any, scale: float, storeys: dict[int, int]) -> None:
        self.model, self.scale, self.storeys = model, scale, storeys
        self.geometry = _library("geom")
        self.settings = self.geometry.settings()
        self.settings.set("use-world-coords", True)
        self.unread = 0

    def parts(self) -> Iterator[dict[str, Any]]:
        wanted = {
            "wall": [one for kind in WALLS for one in self.model.by_type(kind)],
            "slab": [s for s in self.model.by_type("IfcSlab") if _predefined(s) in FLOORS],
            "space": [s for s in self.model.by_type("IfcSpace") if _predefined(s) != "GFA"],
            "door": self.model.by_type("IfcDoor"),
            "opening": [o for o in self.model.by_type("IfcOpeningElement") if not o.HasFillings],
            "stair": self._stairs(),
        }
        if sum(map(len, wanted.values())) > MOST_ELEMENTS:
            raise Unread(f"The model has more than {MOST_ELEMENTS:,} walls, doors and slabs")
        for kind, elements in wanted.items():
            for element in elements:
                part = self._part(kind, element)
                if part is not None:
                    yield part

    def _stairs(self) -> list[Any]:
        """Flights, and stairs that have none and so are a body of their own."""
        whole = [
            stair
            for stair in self.model.by_type("IfcStair")
            if not any(
                part.is_a("IfcStairFlight")
                for rel in stair.IsDecomposedBy
                for part in rel.RelatedObjects
            )
        ]
        return [*self.model.by_type("IfcStairFlight"), *whole]

    def _part(self, kind: str, element: Any) -> dict[str, Any] | None:
        drawn = _opening_of(element) if kind == "door" else None
        points, faces = self._mesh(drawn or element)
        if not len(points):
            self.unread += 1
            return None
        made: dict[str, Any] = {
            "kind": kind, "storey": self._storey(element), "name": _name(element),
            "shape": shapely.to_wkt(footprint(points, faces), rounding_precision=4),
            "low": float(points[:, 2].min()), "high": float(points[:, 2].max()),
        }  # fmt: skip
        if kind == "door":
            made["width"] = float(element.OverallWidth or 0) * self.scale
            made["host"] = self._host(drawn)
        elif kind == "stair":
            ends = points[:, 2].min() + END_M, points[:, 2].max() - END_M
            made["foot"] = points[points[:, 2] <= ends[0]][:, :2].mean(axis=0).tolist()
            made["head"] = points[points[:, 2] >= ends[1]][:, :2].mean(axis=0).tolist()
            made["treads"] = [list(astuple(tread)) for tread in treads_of(points, faces)]
        return made

    def _host(self, opening: Any) -> str | None:
        """The wall of a door, which tells the way the door lies."""
        for voids in opening.VoidsElements if opening else ():
            points, faces = self._mesh(voids.RelatingBuildingElement)
            if len(points):
                return shapely.to_wkt(footprint(points, faces), rounding_precision=4)
        return None

    def _mesh(self, element: Any) -> tuple[np.ndarray, np.ndarray]:
        """One without a body of its own is its parts, as a curtain wall is."""
        if not element.Representation:
            parts = [p for rel in element.IsDecomposedBy for p in rel.RelatedObjects]
            meshes = [self._mesh(part) for part in parts]
            meshes = [mesh for mesh in meshes if len(mesh[0])]
            if not meshes:
                return np.zeros((0, 3)), np.zeros((0, 3), int)
            before = np.cumsum([0, *(len(points) for points, _ in meshes[:-1])])
            faces = [faces + n for (_, faces), n in zip(meshes, before, strict=True)]
            return np.vstack([points for points, _ in meshes]), np.vstack(faces)
        try:
            shape: Any = self.geometry.create_shape(self.settings, element)
        except RuntimeError:
            return np.zeros((0, 3)), np.zeros((0, 3), int)
        points = np.array(shape.geometry.verts, float).reshape(-1, 3)
        return points, np.array(shape.geometry.faces, int).reshape(-1, 3)

    def _storey(self, element: Any) -> int | None:
        tree = _library("util.element")
        at = tree.get_container(element) or tree.get_aggregate(element)
        for _ in range(8):
            if at is None:
                return None
            if at.id() in self.storeys:
                return self.storeys[at.id()]
            at = tree.get_container(at) if not at.is_a("IfcSpatialStructureElement") else None
        return None


def footprint(points: np.ndarray, faces: np.ndarray) -> shapely.Geometry:
    """What a body covers seen from above."""
    flat = points[:, :2]
    if len(faces) > MOST_TRIANGLES or not len(faces):
        return shapely.MultiPoint(flat).convex_hull
    corners = flat[faces]
    triangles: Any = shapely.polygons(np.concatenate([corners, corners[:, :1]], axis=1))
    whole = shapely.union_all(triangles[shapely.area(triangles) > 1e-6])
    healed = whole.buffer(HEALS_M, join_style="mitre").buffer(-HEALS_M, join_style="mitre")
    return healed.simplify(FINE_M)


def _opening_of(door: Any) -> Any:
    for fills in door.FillsVoids:
        return fills.RelatingOpeningElement
    return None


def _predefined(element: Any) -> str | None:
    return getattr(element, "PredefinedType", None)


def _name(element: Any) -> str:
    return str(getattr(element, "LongName", None) or element.Name or "")[:80]


def _bounded() -> None:
    """A model that wants more than this is none of a venue."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main() -> int:
    _bounded()
    try:
        found = parts_of(sys.stdin.buffer.read().decode("utf-8", "replace"))
    except Unread as why:
        found = {"refused": str(why)}
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

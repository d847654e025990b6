"""DXF by its layers, with ezdxf. Blocks are taken apart; curves become short lines."""

from io import BytesIO
from typing import Any

from varangian.engines.crowdflow.drawings.drawn import Drawn, Stroke, made
from varangian.engines.crowdflow.drawings.layers import meaning
from varangian.engines.crowdflow.venue.model import Finding
from varangian.kernel.results import Refused
from varangian.kernel.words import plural

UNITS = {1: "inches", 2: "feet", 4: "millimetres", 5: "centimetres", 6: "metres"}
MOST_ENTITIES = 200_000
SAG_SHARE = 2000
"""Curves are cut so that a chord is off by less than this part of the drawing."""
LINES = ("LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")


def read(data: bytes, title: str, asked: str) -> Drawn:
    ezdxf = _library()
    try:
        from ezdxf import recover

        document, _ = recover.read(BytesIO(data))
    except (ezdxf.DXFError, OSError, ValueError, UnicodeDecodeError) as error:
        mend = "Save it again as DXF, version 2010 or later."
        raise Refused("The DXF cannot be read", title, mend) from error
    strokes, unknown = _strokes(document)
    said = UNITS.get(int(document.header.get("$INSUNITS", 0) or 0), "")
    drawn = made("dxf", title, strokes, said, asked)
    if unknown:
        names = ", ".join(sorted(unknown)[:8])
        mend = "Rename a layer if it holds something of the plan."
        what = f"{plural(len(unknown), 'layer')} left out, whose names say nothing here: {names}"
        drawn.notes.append(Finding("layers", "warning", what, mend, "layers"))
    return drawn


def _library() -> Any:
    try:
        import ezdxf
    except ImportError as error:
        mend = "Install it: pip install 'varangian[crowds]'."
        raise Refused("Reading DXF needs the library ezdxf", "dxf", mend) from error
    return ezdxf


def _strokes(document: Any) -> tuple[list[Stroke], set[str]]:
    from ezdxf import disassemble

    found: list[Stroke] = []
    unknown: set[str] = set()
    sag = _sag(document)
    for number, entity in enumerate(disassemble.recursive_decompose(document.modelspace())):
        if number > MOST_ENTITIES:
            mend = "Bring only the layers of the plan."
            raise Refused(f"The drawing has more than {MOST_ENTITIES:,} lines", "", mend)
        layer = entity.dxf.layer
        means = meaning(layer)
        if means is None:
            if layer not in ("0", "Defpoints"):
                unknown.add(layer)
        elif points := _points(entity, sag):
            closed = bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False))
            if entity.dxftype() in ("CIRCLE", "ELLIPSE"):
                closed = True
            found.append(Stroke(means, points, closed))
    return found, unknown


def _sag(document: Any) -> float:
    low, high = document.header.get("$EXTMIN"), document.header.get("$EXTMAX")
    try:
        size = max(abs(high[0] - low[0]), abs(high[1] - low[1]))
    except (TypeError, IndexError):
        return 0.01
    return size / SAG_SHARE if 0 < size < 1e9 else 0.01


def _points(entity: Any, sag: float) -> list[tuple[float, float]]:
    kind = entity.dxftype()
    if kind == "POINT":
        at = entity.dxf.location
        return [(at.x, at.y)]
    if kind not in LINES:
        return []
    from ezdxf.path import make_path

    path = make_path(entity)
    return [(v.x, v.y) for v in path.flattening(sag, segments=4)]

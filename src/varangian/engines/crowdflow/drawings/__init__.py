"""Drawings of others become a venue plan of ours.

    drawn = read_drawing(data, "hall.dxf")       by content: GeoJSON, DXF, IFC, SVG, IMDF, picture
    drawn.document                                    a plan in our profile
    drawn.notes                                       what was guessed or left out, as findings

A drawing says by its layers what its lines are (``layers``). Of units it says, or its doors tell.
Raises Refused when nothing can be made of the file at all. IFC needs the extra ``ifc``, DXF the
extra ``crowds``.
"""

import json

from varangian.engines.crowdflow.drawings import dxf, ifc, imdf, picture, svg
from varangian.engines.crowdflow.drawings.drawn import Drawn
from varangian.kernel.results import Refused

__all__ = ["KINDS", "MOST_BYTES", "Drawn", "read_drawing"]
MOST_BYTES = 25 * 1024 * 1024
KINDS = ("geojson", "dxf", "ifc", "svg", "imdf", "picture")


def read_drawing(
    data: bytes, name: str, *, units: str = "", metres_wide: float | None = None
) -> Drawn:
    """``units`` over what the drawing says; ``metres_wide``: what a picture shows from edge to
    edge."""
    if not data:
        raise Refused("The file is empty", name, "Choose the drawing again.")
    if len(data) > MOST_BYTES:
        raise Refused("The drawing is too large", name, "Keep it under 25 MB.")
    title = name.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ")[:120]
    kind = kind_of(data)
    if kind == "picture":
        return picture.read(data, title, metres_wide)
    if kind == "imdf":
        return imdf.read(data, title)
    if kind == "svg":
        return svg.read(data, title, units)
    if kind == "dxf":
        return dxf.read(data, title, units)
    if kind == "ifc":
        return ifc.read(data, title, units)
    if kind == "geojson":
        return _geojson(data, title)
    mend = "Bring GeoJSON, DXF, IFC, SVG, an IMDF zip, or a PNG, JPEG or WebP to trace. " + (
        "A DWG: save it as DXF. A PDF: save its page as SVG or PNG."
    )
    raise Refused("This is no drawing that can be read", name, mend)


def kind_of(data: bytes) -> str:
    """ "" when it is none of ours."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff")) or data[8:12] == b"WEBP":
        return "picture"
    if data.startswith(b"PK\x03\x04"):
        return "imdf"
    if start.startswith(b"{"):
        return "geojson"
    if start.startswith(b"ISO-10303-21"):
        return "ifc"
    if b"<svg" in start:
        return "svg"
    first = start.split(b"\n", 2)
    if data.startswith(b"AutoCAD Binary DXF") or (first[0].strip() in (b"0", b"999")):
        return "dxf"
    return ""


def _geojson(data: bytes, title: str) -> Drawn:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}" if line else title
        raise Refused("The plan is not valid JSON", where, "Export it anew as GeoJSON.") from error
    if not document.get("name"):
        document["name"] = title
    return Drawn("geojson", document)

"""A picture to trace: it lies under the plan at scale; the lines are drawn in the editor."""

import struct

from varangian.engines.crowdflow.drawings.drawn import Drawn, plan
from varangian.engines.crowdflow.venue.model import Finding
from varangian.kernel.results import Refused

SMALLEST_M, LARGEST_M = 3.0, 5000.0


def read(data: bytes, title: str, metres_wide: float | None) -> Drawn:
    width, height = _size(data, title)
    if metres_wide is None:
        mend = "Say how many metres the picture shows from its left edge to its right one."
        raise Refused("A picture has no scale of its own", "metres_wide", mend)
    if not SMALLEST_M <= metres_wide <= LARGEST_M:
        mend = f"Give {SMALLEST_M:g} to {LARGEST_M:,.0f} m; check a known door against it."
        raise Refused(f"A picture {metres_wide:g} m wide is no venue", "metres_wide", mend)
    document = plan(title, [])
    high = round(metres_wide * height / width, 3)
    document["picture"] = {"at": [0.0, 0.0], "metres": [metres_wide, high]}
    what = f"The picture is {metres_wide:g} x {high:g} m; nothing is traced yet"
    note = Finding("traced", "warning", what, "Open the editor and draw the floor first.")
    return Drawn("picture", document, [note], "metres")


def _size(data: bytes, title: str) -> tuple[int, int]:
    """Pixels, from the head of the file; whoever keeps the picture decodes it as a whole."""
    if data.startswith(b"\x89PNG") and len(data) > 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"\xff\xd8"):
        at = 2
        while at + 9 < len(data) and data[at] == 0xFF:
            if data[at + 1] in (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC)):
                high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
                return wide, high
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    raise Refused("The size of the picture cannot be read", title, "Save it as PNG or JPEG.")

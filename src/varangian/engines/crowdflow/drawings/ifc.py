"""IFC: a building model becomes a plan, one level for each storey.

The model is read by ifcopenshell in a process of its own (``ifc_child``); what its walls, slabs,
rooms and doors make of a floor is ours (``ifc_floor``).
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

from varangian.engines.crowdflow.drawings.drawn import INCHES, Drawn, plan
from varangian.engines.crowdflow.drawings.ifc_floor import Building, built
from varangian.engines.crowdflow.venue.model import Finding
from varangian.kernel.results import Refused
from varangian.kernel.words import plural

CHILD = "varangian.engines.crowdflow.drawings.ifc_child"
LONGEST_S = 120
KNOWS = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR")
"""All that the child learns of the environment: no key and no address of the house."""


def read(data: bytes, title: str, asked: str) -> Drawn:
    """``asked``: units over those that the model says."""
    if asked and asked not in INCHES:
        raise Refused(f"Units {asked} are not known", "units", f"Say {', '.join(INCHES)}.")
    if find_spec("ifcopenshell") is None:
        mend = "Install it: pip install 'varangian[ifc]'."
        raise Refused("Reading IFC needs the library ifcopenshell", "ifc", mend)
    found = _parts(data, title)
    larger = INCHES[asked] / found["unit"] if asked else 1.0
    features, notes = built(Building.of(found, larger))
    if not features:
        mend = "Export walls, slabs and doors, or the rooms (IfcSpace), with their geometry."
        raise Refused("The model holds no wall, slab or room", title, mend)
    if found["unread"]:
        what = f"{plural(found['unread'], 'element')} of the model left out, without geometry"
        notes.append(Finding("drawing", "warning", what, "Compare the plan with the house.", title))
    if not any(one["properties"]["kind"] == "door" for one in features):
        mend = "Draw the doors in the editor, those to the outside first."
        notes.append(Finding("doors", "warning", "The model holds no door", mend, title))
    units = next((name for name, size in INCHES.items() if size == found["unit"]), "metres")
    return Drawn("ifc", plan(title, features), notes, asked or units)


def _parts(data: bytes, title: str) -> dict[str, Any]:
    mend = "Export it anew as IFC 2x3 or IFC 4."
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD], input=data, capture_output=True, timeout=LONGEST_S,
            check=False, env={name: os.environ[name] for name in KNOWS if name in os.environ},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        mend = "Export only the storeys that matter, without furniture and pipes."
        raise Refused(f"The model was not read within {LONGEST_S} s", title, mend) from error
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise Refused("The IFC cannot be read", title, mend) from error
    if said := found.get("refused"):
        raise Refused(said, title, mend)
    return found

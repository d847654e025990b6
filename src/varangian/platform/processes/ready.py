"""Wait until the parts of this machine answer, or say which one does not and why."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

from varangian.kernel.results import Refused

from .children import Child
from .parts import addresses, near

SECONDS = 180
SETTLED = 1.0
"""A worker answers nobody; one that still runs after this has read its settings."""


def await_ready(children: list[Child]) -> None:
    begun = time.monotonic()
    names = {child.name for child in children}
    while time.monotonic() - begun < SECONDS:
        for child in children:
            if child.ended():
                _refuse_ended(child)
        if _answered(names) and ("web" in names or time.monotonic() - begun > SETTLED):
            return
        time.sleep(0.1)
    raise Refused(
        f"Not ready after {SECONDS} s", where=near(), mend="Run varangian doctor, see logs/."
    )


def _answered(names: set[str]) -> bool:
    """With all parts here the house is whole or not ready; else each answers for itself."""
    _, port, live = addresses()
    if "web" in names:
        state = _ask(port)
        here = [part for part in ("live", "worker") if part in names]
        if state.get("database") != "ok" or any(state.get(part) != "ok" for part in here):
            return False
    return "live" not in names or _ask(live).get("live") == "ok"


def _ask(port: int) -> dict[str, Any]:
    host = f"[{near()}]" if ":" in near() else near()
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return {}


def _refuse_ended(child: Child) -> None:
    log = child.log_folder / f"{child.name}.log"
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    port = addresses()[1]
    raise Refused(
        f"{child.name} did not start: {tail}",
        where=str(log),
        mend=f"Is port {port} or {port + 1} in use? VARANGIAN_PORT changes it.",
    )

"""A photo becomes a template in a process of its own: what people upload is hostile input."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from varangian.kernel.results import Refused

from ...streams.children import spare_environment, with_parent

CHILD = "varangian.surveillance.streams.describe"
SECONDS = 60
MOST_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True)
class Described:
    """``template``: float32 values in base64; ``quality``: figures of the photo."""

    template: str
    model: str
    model_sha256: str
    quality: dict[str, Any]


def describe(data: bytes, name: str = "") -> Described:
    """Raises Refused, in words, for whatever is no one face good enough to be compared."""
    if not 0 < len(data) <= MOST_BYTES:
        raise Refused(f"A photo has up to {MOST_BYTES // 1024**2} MB", where=name or "picture")
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD],
            input=data,
            capture_output=True,
            env=spare_environment(),
            preexec_fn=with_parent,
            timeout=SECONDS,
            check=False,
        )
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise Refused(
            "This photo could not be read", where=name, mend="Save it anew as JPEG, smaller."
        ) from error
    if "what" in told:
        raise Refused(told["what"], where=name or told["where"], mend=told["mend"])
    return Described(told["template"], told["model"], told["sha256"], told["quality"])

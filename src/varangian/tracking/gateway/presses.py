"""The names of the last presses, so that one which the broker delivers again stays the same press.

A button that counts says nothing of the time, and one that does not count says nothing at all; so
a press is named when it is first heard, and the name is on the disk before the press is made.
"""

import contextlib
import hashlib
import json
import os
from pathlib import Path

MOST = 200


def mark_of(topic: str, payload: bytes) -> str:
    return hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest()[:32]


class Presses:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "presses.json"
        self.names: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self.path.read_text())
            self.names = {str(mark): str(name) for mark, name in dict(found).items()}

    def name(self, mark: str, fresh: str, *, again: bool) -> str:
        """``again``: the broker says that it delivers this one a second time."""
        if again and mark in self.names:
            return self.names[mark]
        self.names.pop(mark, None)
        self.names[mark] = fresh
        while len(self.names) > MOST:
            del self.names[next(iter(self.names))]
        self._keep()
        return fresh

    def _keep(self) -> None:
        """A full disk must not hold a press up: without its name it may be told of twice."""
        making = self.path.with_suffix(".new")
        with contextlib.suppress(OSError):
            with making.open("w") as out:
                json.dump(self.names, out)
                out.flush()
                os.fsync(out.fileno())
            making.replace(self.path)

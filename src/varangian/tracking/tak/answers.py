"""How the Marti API wraps what it answers."""

from typing import Any

from .web import Answer

NODE = "varangian"


def wrapped(kind: str, data: Any, status: int = 200) -> Answer:
    return Answer.json({"version": "3", "type": kind, "data": data, "nodeId": NODE}, status)

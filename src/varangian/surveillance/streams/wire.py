"""How the child and its parent speak: one line of JSON, then as many bytes as it announces."""

import json
from typing import IO, Any

MOST_HEAD = 256 * 1024
MOST_BODY = 8 * 1024 * 1024


class Broken(Exception):
    """The other side said something that is no message."""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    return json.dumps({**head, "size": len(body)}).encode() + b"\n" + body


def head_of(line: bytes) -> dict[str, Any]:
    """Raises Broken; ``size`` is then between nought and MOST_BODY."""
    try:
        head = json.loads(line)
        size = head["size"]
    except (ValueError, KeyError, TypeError) as error:
        raise Broken("no message") from error
    if not isinstance(size, int) or not 0 <= size <= MOST_BODY:
        raise Broken("a message of no possible size")
    return head


def send(out: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    out.write(pack(head, body))
    out.flush()

"""From a stream of bytes to single messages: XML end to end, or protobuf with its length. Pure."""

from collections.abc import Iterator

from .cot import LONGEST, BadEvent

OPEN, CLOSE = b"<event", b"</event>"
MAGIC = 0xBF


class Frames:
    """Feed it what came; it yields whole messages and keeps the rest.

    A client that was told that it may speaks protobuf from then on; both are told apart by their
    first byte, so that an event already on its way is still read as what it is.
    """

    def __init__(self) -> None:
        self.rest = bytearray()
        self._seen = 0
        self.begun = False
        """Does half a message wait for its other half?"""

    def feed(self, data: bytes) -> None:
        self.rest += data

    def take(self, most: int) -> list[tuple[bool, bytes]]:
        """Up to ``most`` messages as (protobuf?, bytes). Raises when the stream makes no sense."""
        found = list(self._walk(most))
        self.begun = bool(self.rest.strip())
        if len(self.rest) > LONGEST and len(found) < most:
            raise BadEvent("a message without end")
        return found

    def _walk(self, most: int) -> Iterator[tuple[bool, bytes]]:
        data, at = self.rest, 0
        for _ in range(most):
            while at < len(data) and data[at] in b" \r\n\t\0":
                at += 1
            if at < len(data) and data[at] == MAGIC:
                size = _length(data, at + 1)
                if size is None or size[1] + size[0] > len(data):
                    break
                length, begin = size
                at = begin + length
                yield True, bytes(data[begin:at])
                continue
            end = data.find(CLOSE, max(at, self._seen - len(CLOSE)))
            if end < 0:
                self._seen = len(data)
                break
            begin, stop = data.find(OPEN, at, end), end + len(CLOSE)
            at = stop
            yield False, bytes(data[begin:stop]) if begin >= 0 else b""
        del data[:at]
        self._seen = max(0, self._seen - at)


def _length(data: bytearray, at: int) -> tuple[int, int] | None:
    """A varint: (value, where the message begins); None while it is not whole."""
    value = 0
    for shift in range(0, 35, 7):
        if at >= len(data):
            return None
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            if value > LONGEST:
                raise BadEvent("too long")
            return value, at
    raise BadEvent("no length")

"""Lines as Valhalla writes them: steps of a millionth of a degree as text."""

from collections.abc import Iterable, Iterator

from varangian.kernel.geometry import LatLon

STEPS = 1_000_000


def encode(points: Iterable[LatLon]) -> str:
    out: list[str] = []
    before = (0, 0)
    for lat, lon in points:
        here = (round(lat * STEPS), round(lon * STEPS))
        for value, last in zip(here, before, strict=True):
            out.append(_written(value - last))
        before = here
    return "".join(out)


def _written(value: int) -> str:
    value = ~(value << 1) if value < 0 else value << 1
    signs = []
    while value >= 32:
        signs.append(chr((32 | (value & 31)) + 63))
        value >>= 5
    return "".join([*signs, chr(value + 63)])


def decode(text: str) -> list[LatLon]:
    numbers = _numbers(text)
    found: list[LatLon] = []
    lat = lon = 0
    for step in numbers:
        lat += step
        lon += next(numbers)
        found.append((lat / STEPS, lon / STEPS))
    return found


def _numbers(text: str) -> Iterator[int]:
    value = shift = 0
    for sign in text:
        part = ord(sign) - 63
        value |= (part & 31) << shift
        shift += 5
        if part < 32:
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0

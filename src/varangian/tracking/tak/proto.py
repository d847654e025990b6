"""TAK protocol version 1: the event as protobuf, both ways. Pure.

A child of ``detail`` has a typed field only if it carries exactly the attributes that the field
knows; every other child travels as XML. The general library needs 200 µs for one event because
it goes through a tree of Python objects; the format is small enough to be written directly.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml import etree

from .cot import UNKNOWN, BadEvent, Event, moment, parse, quoted, stamp

CONTROL, EVENT = 1, 2
TEXTS = ((1, "type"), (2, "access"), (3, "qos"), (4, "opex"), (5, "uid"))
LATER_TEXTS = ((9, "how"), (16, "caveat"), (17, "releaseableTo"))
TIMES = ((6, "time"), (7, "start"), (8, "stale"))
POINT = ((10, "lat"), (11, "lon"), (12, "hae"), (13, "ce"), (14, "le"))
TEXT, WHOLE, REAL = "text", "whole", "real"
TYPED: dict[str, tuple[int, tuple[tuple[int, str, str], ...]]] = {
    "contact": (2, ((1, "endpoint", TEXT), (2, "callsign", TEXT))),
    "__group": (3, ((1, "name", TEXT), (2, "role", TEXT))),
    "precisionlocation": (4, ((1, "geopointsrc", TEXT), (2, "altsrc", TEXT))),
    "status": (5, ((1, "battery", WHOLE),)),
    "takv": (
        6,
        ((1, "device", TEXT), (2, "platform", TEXT), (3, "os", TEXT), (4, "version", TEXT)),
    ),
    "track": (7, ((1, "speed", REAL), (2, "course", REAL))),
}
NAMES = {number: (name, fields) for name, (number, fields) in TYPED.items()}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encode(event: Event) -> bytes:
    """The whole message with its header, ready to be sent."""
    node = event.node
    out = bytearray()
    for number, name in TEXTS:
        _text(out, number, node.get(name) or "")
    for number, name in TIMES:
        _varint_field(out, number, _millis(node.get(name) or ""))
    point = node.find("point")
    _text(out, 9, node.get("how") or "")
    for number, name in POINT:
        given = point.get(name) if point is not None else None
        _double(out, number, _real(given, 0.0 if number < 12 else UNKNOWN))
    detail = event.detail
    if detail is not None:
        _bytes(out, 15, _detail(detail))
    for number, name in LATER_TEXTS[1:]:
        _text(out, number, node.get(name) or "")
    body = bytearray()
    _bytes(body, EVENT, bytes(out))
    return b"\xbf" + _varint(len(body)) + bytes(body)


def _detail(detail: etree._Element) -> bytes:
    out, rest = bytearray(), []
    for child in detail:
        if not isinstance(child.tag, str):
            continue
        typed = _typed(child)
        if typed is None:
            rest.append(etree.tostring(child, encoding="utf-8", with_tail=False))
        else:
            _bytes(out, TYPED[child.tag][0], typed)
    if rest:
        _bytes(out, 1, b"".join(rest))
    return bytes(out)


def _typed(child: etree._Element) -> bytes | None:
    """None: it says more, or other things, than its typed field can hold."""
    known = TYPED.get(child.tag)
    if known is None or len(child) or (child.text or "").strip():
        return None
    fields = known[1]
    if set(child.attrib) != {name for _, name, _ in fields} and not _only_callsign(child):
        return None
    out = bytearray()
    for number, name, kind in fields:
        value = child.get(name)
        if value is None:
            continue
        if kind == TEXT:
            _text(out, number, value)
        elif kind == REAL:
            try:
                _double(out, number, float(value))
            except ValueError:
                return None
        elif value.isdecimal() and len(value) < 9:
            _varint_field(out, number, int(value))
        else:
            return None
    return bytes(out)


def _only_callsign(child: etree._Element) -> bool:
    """The one field that may be left out: a contact without an endpoint."""
    return child.tag == "contact" and list(child.attrib) == ["callsign"]


def decode(body: bytes) -> Event:
    """A message without its header, as an event in XML."""
    try:
        for number, value in _fields(body):
            if number == EVENT and isinstance(value, bytes):
                return parse(_xml(value))
    except (struct.error, UnicodeDecodeError, OverflowError, IndexError) as error:
        raise BadEvent("not protobuf") from error
    raise BadEvent("no event inside")


def _xml(body: bytes) -> bytes:
    heads = dict(TEXTS) | dict(LATER_TEXTS)
    points = {name: 0.0 for _, name in POINT}
    attributes = {"version": "2.0"}
    detail = ""
    for number, value in _fields(body):
        if number in heads and isinstance(value, bytes):
            attributes[heads[number]] = value.decode()
        elif 6 <= number <= 8 and isinstance(value, int):
            attributes[dict(TIMES)[number]] = stamp(EPOCH + timedelta(milliseconds=value))
        elif 10 <= number <= 14 and isinstance(value, float):
            points[dict(POINT)[number]] = value
        elif number == 15 and isinstance(value, bytes):
            detail = _detail_xml(value)
    head = " ".join(f"{name}={quoted(value)}" for name, value in attributes.items())
    point = " ".join(f'{name}="{value!r}"' for name, value in points.items())
    return f"<event {head}><point {point}/><detail>{detail}</detail></event>".encode()


def _detail_xml(body: bytes) -> str:
    out = []
    for number, value in _fields(body):
        if not isinstance(value, bytes):
            continue
        if number == 1:
            out.append(value.decode())
        elif number in NAMES:
            name, fields = NAMES[number]
            given = _values(value, fields)
            told = " ".join(f"{key}={quoted(text)}" for key, text in given.items())
            out.append(f"<{name} {told}/>")
    return "".join(out)


def _values(body: bytes, fields: tuple[tuple[int, str, str], ...]) -> dict[str, str]:
    """Protobuf leaves out what is zero or empty; an attribute does not."""
    names = {number: name for number, name, _ in fields}
    given = {name: "" if kind == TEXT else "0" for _, name, kind in fields}
    for number, value in _fields(body):
        if number in names:
            text = value.decode() if isinstance(value, bytes) else str(value)
            given[names[number]] = text
    if given.get("endpoint") == "":
        del given["endpoint"]
    return given


def _fields(body: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    at, end = 0, len(body)
    while at < end:
        key, at = _read_varint(body, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _read_varint(body, at)
            yield number, value
        elif wire == 1:
            yield number, struct.unpack_from("<d", body, at)[0]
            at += 8
        elif wire == 2:
            size, at = _read_varint(body, at)
            if size > end - at:
                raise BadEvent("a field without end")
            yield number, body[at : at + size]
            at += size
        elif wire == 5:
            at += 4
        else:
            raise BadEvent("unknown kind of field")


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
    raise BadEvent("a number without end")


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varint_field(out: bytearray, number: int, value: int) -> None:
    if value > 0:
        out += _varint(number << 3) + _varint(value)


def _bytes(out: bytearray, number: int, value: bytes) -> None:
    out += _varint(number << 3 | 2) + _varint(len(value)) + value


def _text(out: bytearray, number: int, value: str) -> None:
    if value:
        _bytes(out, number, value.encode())


def _double(out: bytearray, number: int, value: float) -> None:
    if value:
        out += _varint(number << 3 | 1) + struct.pack("<d", value)


def _real(text: str | None, otherwise: float) -> float:
    try:
        return float(text or "")
    except ValueError:
        return otherwise


def _millis(text: str) -> int:
    at = moment(text)
    return max(0, round((at - EPOCH).total_seconds() * 1000)) if at else 0

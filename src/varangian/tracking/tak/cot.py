"""One Cursor-on-Target event: read once, then only its bytes are passed on. Pure."""

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import uuid4

from lxml import etree

LONGEST = 256 * 1024
LONGEST_NAME = 256
UNKNOWN = 9_999_999.0
"""What TAK writes where a height or an error is not known."""
TYPE = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
BEACON = "b-a-o"
CANCELLED = "b-a-o-can"
_parser = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
)


class BadEvent(ValueError):
    """Not an event, or not one that anybody should get."""


@dataclass(eq=False)
class Event:
    """``raw`` is what the sender wrote, byte by byte; nothing is written anew on the way."""

    raw: bytes
    node: etree._Element = field(repr=False)
    uid: str
    type: str
    time: str

    @cached_property
    def detail(self) -> etree._Element | None:
        return self.node.find("detail")

    @property
    def is_position(self) -> bool:
        return self.type.startswith("a-f")

    @property
    def is_chat(self) -> bool:
        return self.type.startswith("b-t-f")

    @property
    def is_beacon(self) -> bool:
        return self.type.startswith(BEACON)

    @property
    def cancels(self) -> bool:
        if self.type == CANCELLED:
            return True
        words = self.node.find("detail/emergency")
        return words is not None and (words.get("cancel") or "").lower() == "true"

    @property
    def point(self) -> tuple[float, float] | None:
        """None when there is none, or when the receiver wrote zero for want of a fix."""
        node = self.node.find("point")
        lat, lon = _number(node, "lat"), _number(node, "lon")
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            return None
        blind = lat == 0 and lon == 0 and known(_number(node, "ce")) is None
        return None if blind else (lat, lon)

    def figure(self, path: str, name: str) -> float | None:
        return _number(self.node.find(path), name)

    def word(self, path: str, name: str) -> str:
        node = self.node.find(path)
        return (node.get(name) or "")[:LONGEST_NAME] if node is not None else ""

    @property
    def callsign(self) -> str:
        return self.word("detail/contact", "callsign")

    @property
    def to(self) -> list[tuple[str, str]]:
        """(uid, callsign) of those it is for; none means everyone of the group."""
        found = self.node.findall("detail/marti/dest")
        named = [(dest.get("uid") or "", dest.get("callsign") or "") for dest in found]
        return [pair for pair in named if any(pair)]

    @property
    def at(self) -> datetime | None:
        return moment(self.time)


def parse(raw: bytes) -> Event:
    if len(raw) > LONGEST:
        raise BadEvent("too long")
    try:
        node = etree.fromstring(raw, _parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadEvent("not XML") from error
    if node.tag != "event":
        raise BadEvent("not an event")
    uid, kind = node.get("uid") or "", node.get("type") or ""
    if not uid or len(uid) > LONGEST_NAME or not TYPE.match(kind):
        raise BadEvent("no uid or no type")
    return Event(raw, node, uid, kind, (node.get("time") or "")[:40])


def without_place(event: Event) -> Event:
    """The same, from somebody who is here but does not tell where: they can still be written to."""
    node = etree.fromstring(event.raw, _parser)
    for point in node.findall("point"):
        point.attrib.update(dict.fromkeys(("lat", "lon", "hae"), "0"))
        point.attrib.update(dict.fromkeys(("ce", "le"), str(UNKNOWN)))
    for detail in node.findall("detail"):
        for name in ("track", "precisionlocation", "height"):
            for child in detail.findall(name):
                detail.remove(child)
    return parse(etree.tostring(node, encoding="utf-8"))


def known(value: float | None) -> float | None:
    return None if value is None or abs(value) >= UNKNOWN - 1 else value


def _number(node: etree._Element | None, name: str) -> float | None:
    if node is None:
        return None
    try:
        value = float(node.get(name) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def write(
    kind: str,
    detail: str = "",
    *,
    at: datetime,
    uid: str = "",
    how: str = "h-g-i-g-o",
    keep: float = 20,
    point: tuple[float, float] = (0.0, 0.0),
    hae: float | None = None,
    ce: float | None = None,
) -> bytes:
    """An event of the house itself; ``detail`` is XML that is already escaped."""
    height, error = (UNKNOWN if value is None else value for value in (hae, ce))
    start, stale = stamp(at), stamp(at + timedelta(seconds=keep))
    return (
        f'<event version="2.0" uid="{uid or uuid4()}" type="{kind}" how="{how}" '
        f'time="{start}" start="{start}" stale="{stale}">'
        f'<point lat="{point[0]:.7f}" lon="{point[1]:.7f}" hae="{height}" ce="{error}" '
        f'le="{UNKNOWN}"/><detail>{detail}</detail></event>'
    ).encode()


def pong(at: datetime) -> bytes:
    return write("t-x-c-t-r", at=at, uid="takPong")


def gone(uid: str, kind: str, at: datetime) -> bytes:
    """A client has left: the others grey it out at once instead of waiting for its stale time."""
    link = f'<link uid={quoted(uid)} type="{kind}" relation="p-p"/>'
    return write("t-x-d-d", link, at=at)


def quoted(text: str) -> str:
    """As an attribute, quotation marks included."""
    for plain, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(plain, safe)
    return '"' + "".join(sign for sign in text if sign.isprintable()) + '"'

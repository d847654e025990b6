"""Addresses of streams, fields of view, masks and rules of events. Pure."""

import re
from collections.abc import Sequence
from datetime import time
from ipaddress import ip_address
from math import cos, isfinite, radians, sin
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from varangian.kernel.results import Refused

SCHEMES = ("rtsp", "rtsps", "http", "https", "file")
METRES_PER_DEGREE = 111_195.0
MOST_MASKS, MOST_CORNERS = 20, 40
STEP_DEG = 5
REACH, WIDTH, RETENTION = (5, 2_000), (5, 360), (1, 90)
PLATE = re.compile(r"[A-Z0-9]{4,9}")
NAME = re.compile(r"[a-z0-9_]+(\.[A-Za-z0-9_-]+)*(\.\*)?|\*")
ADDRESS = "Write it as rtsp://user:password@camera/stream; http, https and file are known too."


def read_source(text: str) -> str:
    """The address of a stream, if one can be opened there. Raises Refused; says no secret."""
    source = text.strip()
    try:
        found = urlsplit(source)
        port = found.port
    except ValueError as error:
        raise Refused("This is no address of a stream", where="source", mend=ADDRESS) from error
    if found.scheme not in SCHEMES or any(ord(c) < 33 for c in source) or len(source) > 1000:
        raise Refused("This is no address of a stream", where="source", mend=ADDRESS)
    if found.scheme == "file":
        return _file(found, source)
    if not found.hostname or port == 0:
        raise Refused("The address names no camera", where="source", mend=ADDRESS)
    if _forbidden(found.hostname):
        raise Refused(
            "Machines keep secrets at this address; no camera has it",
            where=f"source, {found.hostname}",
            mend="Give the camera an address of your network.",
        )
    return source


def _file(found: SplitResult, source: str) -> str:
    if found.netloc or not found.path or ".." in found.path.split("/"):
        raise Refused("A file is named as file:///name.mp4", where="source")
    return source


def _forbidden(host: str) -> bool:
    """Link-local addresses: of the metadata services of clouds, never of a camera set up here."""
    try:
        here = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return here.is_link_local or here.is_multicast or here.is_unspecified


def read_device(text: str) -> str:
    """The address of a device that speaks ONVIF; a bare host is enough. Raises Refused."""
    found = _web(text, where="onvif", such="192.168.1.20, or http://192.168.1.20:8000")
    way = found.path if found.path not in ("", "/") else "/onvif/device_service"
    return urlunsplit((found.scheme, found.netloc, way, found.query, ""))


def read_recorder(text: str) -> str:
    """The address of a recorder, without what follows a question mark. Raises Refused."""
    found = _web(text, where="address", such="http://192.168.1.30:5000")
    return urlunsplit((found.scheme, found.netloc, found.path.rstrip("/"), "", ""))


def _web(text: str, *, where: str, such: str) -> SplitResult:
    given = text.strip()
    given = given if "://" in given else f"http://{given}"
    mend = f"Write its address, such as {such}."
    try:
        found = urlsplit(given)
        port = found.port
    except ValueError as error:
        raise Refused("This is no address of a device", where=where, mend=mend) from error
    bad = any(not 32 < ord(c) < 127 for c in given) or len(given) > 300
    if found.scheme not in ("http", "https") or not found.hostname or port == 0 or bad:
        raise Refused("This is no address of a device", where=where, mend=mend)
    if found.username is not None or found.password is not None:
        raise Refused("What it asks to let us in has a field of its own", where=where)
    if _forbidden(found.hostname):
        raise Refused(
            "Machines keep secrets at this address; no camera has it",
            where=f"{where}, {found.hostname}",
            mend="Give it an address of your network.",
        )
    return found


def with_access(source: str, device: str, user: str, password: str) -> str:
    """User and password put into the address of a stream of that device, where it has none."""
    found, chosen = urlsplit(source), urlsplit(device)
    if not user or found.username is not None or found.hostname != chosen.hostname:
        return source
    mark = f"{quote(user, safe='')}:{quote(password, safe='')}@{found.netloc}"
    return urlunsplit((found.scheme, mark, found.path, found.query, found.fragment))


def shown_source(source: str) -> str:
    """What may be seen of it: neither user, password nor what follows the question mark."""
    found = urlsplit(source)
    if found.scheme == "file":
        return f"file:{found.path.rsplit('/', 1)[-1]}"
    host = found.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = f":{found.port}" if found.port else ""
    return f"{found.scheme}://{host}{port}{found.path}"


def cone(
    position: Sequence[float], bearing: float, width_deg: float, reach_m: float
) -> list[list[float]]:
    """The field of view as a closed ring of [lon, lat]; a whole circle for 360 degrees."""
    lat, lon = position
    steps = max(2, round(width_deg / STEP_DEG))
    angles = [bearing - width_deg / 2 + width_deg * n / steps for n in range(steps + 1)]
    edge = [_away(lat, lon, angle, reach_m) for angle in angles]
    if width_deg >= 360:
        return [*edge[:-1], edge[0]]
    return [[lon, lat], *edge, [lon, lat]]


def _away(lat: float, lon: float, angle: float, metres: float) -> list[float]:
    north = metres * cos(radians(angle)) / METRES_PER_DEGREE
    east = metres * sin(radians(angle)) / (METRES_PER_DEGREE * max(0.01, cos(radians(lat))))
    return [round(lon + east, 7), round(lat + north, 7)]


def read_masks(given: object) -> list[list[list[float]]]:
    """Outlines as shares of the picture; a corner outside of it is brought to its edge."""
    if not isinstance(given, list) or len(given) > MOST_MASKS:
        raise Refused(f"There may be up to {MOST_MASKS} masks", where="masks")
    return [_mask(one, number) for number, one in enumerate(given, start=1)]


def _mask(corners: object, number: int) -> list[list[float]]:
    where = f"masks, outline {number}"
    if not isinstance(corners, list) or not 3 <= len(corners) <= MOST_CORNERS:
        raise Refused(f"A mask has 3 to {MOST_CORNERS} corners", where=where)
    try:
        points = [(float(x), float(y)) for x, y in corners]
    except (TypeError, ValueError) as error:
        mend = "Each corner is [x, y], from 0 to 1 of the picture."
        raise Refused("A corner cannot be read", where=where, mend=mend) from error
    if not all(isfinite(value) for point in points for value in point):
        raise Refused("A corner is not a number", where=where)
    return [[round(min(1.0, max(0.0, value)), 4) for value in point] for point in points]


def rule_name(text: str) -> str:
    name = text.strip()
    if not NAME.fullmatch(name) or len(name) > 40:
        mend = "Such as motion.begun, door.opened, or behaviour.* for all of a kind."
        raise Refused("This names no event", where="name", mend=mend)
    return name


def fits(rule: str, event: str) -> bool:
    if rule.endswith("*"):
        return event.startswith(rule[:-1])
    return rule == event


def read_plate(detail: object) -> dict[str, object] | None:
    """What the reader of a stream says of a plate, as far as it is believed; None for anything
    that is no plate."""
    if not isinstance(detail, dict):
        return None
    plate, sure, shots = (detail.get(one) for one in ("plate", "confidence", "agreeing_shots"))
    if not isinstance(plate, str) or not PLATE.fullmatch(plate):
        return None
    if not isinstance(sure, int | float) or not 0 <= sure <= 1 or not isinstance(shots, int):
        return None
    told: dict[str, object] = {"plate": plate, "confidence": float(sure), "shots": shots}
    return told if detail.get("whole") is True else {**told, "part": True}


def within(clock: time, begins: time | None, ends: time | None) -> bool:
    """Over midnight when it ends before it begins; always when it has no hours."""
    if begins is None or ends is None or begins == ends:
        return True
    if begins < ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends


def event_words(name: str, detail: dict[str, object]) -> str:
    """What a line of the list says."""
    known = {
        "motion.begun": "Motion begins",
        "motion.ended": "Motion ends",
        "door.opened": "Opened",
        "door.closed": "Closed",
        "source.lost": "The picture is lost",
        "source.back": "The picture is back",
        "line.crossed": "A line is crossed",
        "field.entered": "Something is in the field",
        "field.left": "The field is empty again",
        "tamper.begun": "The camera is tampered with",
        "tamper.ended": "The camera sees as before",
        "input.on": "Input on",
        "input.off": "Input off",
        "plate.read": "Number plate read",
        "faces.unable": "Faces are not compared",
        "plates.unable": "Number plates are not read",
        "rules.unfit": "The rules of behaviour do not fit the picture",
    }
    words = known.get(name) or name.replace(".", ": ").replace("_", " ").capitalize()
    said = detail.get("words") or detail.get("plate") or ""
    if detail.get("part"):
        said = f"{said}, a part of it"
    return f"{words}: {said}" if said else words

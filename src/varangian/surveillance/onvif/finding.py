"""WS-Discovery: one question into the local network, and who answers it.

Whoever answers may lie. What counts as the address of a device is the one that its answer came
from; of what it says itself only the port and the path are believed, and nothing is called before
a person has chosen it.
"""

import socket
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from . import soap

GROUP = ("239.255.255.250", 3702)
SECONDS, MOST_SECONDS = 3.0, 15.0
MOST_DATAGRAM, MOST_FOUND, MOST_HEARD = 16_384, 200, 2_000
DEFAULT_PATH = "/onvif/device_service"
PROBE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>
<a:MessageID>uuid:{mark}</a:MessageID>
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>
</s:Header><s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body>
</s:Envelope>"""


@dataclass(frozen=True)
class Found:
    address: str
    """Of its device service, to be chosen by a person."""
    host: str
    name: str = ""
    maker: str = ""
    hardware: str = ""
    place: str = ""


def find(
    seconds: float | None = None, *, group: tuple[str, int] | None = None, times: int = 2
) -> list[Found]:
    """Asked twice, since datagrams are lost. Raises OSError where there is no network."""
    wait = min(MOST_SECONDS, max(0.05, SECONDS if seconds is None else seconds))
    mark = str(uuid4())
    found: dict[str, Found] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        line.bind(("", 0))
        asked = time.monotonic()
        _ask(line, mark, group or GROUP)
        heard = 0
        while (left := asked + wait - time.monotonic()) > 0 and heard < MOST_HEARD:
            if times > 1 and left < wait * 0.7:
                times -= 1
                _ask(line, mark, group or GROUP)
            line.settimeout(min(left, 0.2))
            try:
                data, sender = line.recvfrom(MOST_DATAGRAM)
            except TimeoutError:
                continue
            heard += 1
            for one in matches(data, sender[0], mark):
                if len(found) < MOST_FOUND:
                    found.setdefault(one.address, one)
    return sorted(found.values(), key=lambda one: (one.host, one.address))


def _ask(line: socket.socket, mark: str, group: tuple[str, int]) -> None:
    line.sendto(PROBE.format(mark=mark).encode(), group)


def matches(data: bytes, sender: str, mark: str) -> list[Found]:
    """Of one datagram; nothing for what is no answer to our question."""
    try:
        root = soap.read(data)
    except soap.Unreadable:
        return []
    if not soap.text(root, "RelatesTo").lower().endswith(mark.lower()):
        return []
    return [_found(one, sender) for one in soap.each(root, "ProbeMatch")][:4]


def _found(match: soap.Element, sender: str) -> Found:
    scopes = _scopes(soap.text(match, "Scopes", most=4000))
    told = soap.text(match, "XAddrs", most=2000).split(" ")
    return Found(
        address=_address(told, sender),
        host=sender,
        name=scopes.get("name", ""),
        maker=scopes.get("mfr", "") or scopes.get("manufacturer", ""),
        hardware=scopes.get("hardware", ""),
        place=scopes.get("location", ""),
    )


def _scopes(told: str) -> dict[str, str]:
    """``onvif://www.onvif.org/name/Hall%20north`` and its like."""
    found: dict[str, str] = {}
    for one in told.split(" "):
        kind, _, value = one.partition("onvif.org/")[2].partition("/")
        if kind and value:
            found.setdefault(kind.lower(), soap.clean(unquote(value).rpartition("/")[2], 60))
    return found


def _address(told: list[str], sender: str) -> str:
    for one in told:
        try:
            parts = urlsplit(one)
            port = parts.port
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname == sender and port != 0:
            where = f"{sender}:{port}" if port else sender
            return f"{parts.scheme}://{where}{parts.path or DEFAULT_PATH}"
    return f"http://{sender}{DEFAULT_PATH}"

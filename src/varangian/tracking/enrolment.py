"""What somebody scans or types so that their tracker finds its way here."""

import base64
import json
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings

from .models import Device


@dataclass(frozen=True)
class Setup:
    """``code`` is what the picture says; ``steps`` are for the person with the phone."""

    url: str
    code: str
    steps: tuple[str, ...]
    paste: str = ""


def origin(host: str = "") -> str:
    """Where devices reach the live process, as this request reached the pages."""
    if settings.LIVE_ORIGIN:
        return settings.LIVE_ORIGIN.rstrip("/")
    name = urlsplit(f"//{host}").hostname or "127.0.0.1"
    return f"http://{name if ':' not in name else f'[{name}]'}:{settings.LIVE_PORT}"


def setup(device: Device, secret: str, host: str = "") -> Setup:
    url = f"{origin(host)}/ingest/{secret}"
    maker = MAKERS.get(Device.Kind(device.kind), _plain)
    return maker(device, url)


def _owntracks(device: Device, url: str) -> Setup:
    words = {
        "_type": "configuration",
        "mode": 3,
        "url": url,
        "auth": False,
        "deviceId": device.label[:20],
        "tid": device.label[:2],
        "monitoring": 2 if device.period_s <= 30 else 1,
        "moveModeLocatorInterval": device.period_s,
        "locatorInterval": device.period_s,
        "encryptionKey": "",
        "cmd": False,
        "remoteConfiguration": False,
    }
    inline = base64.b64encode(json.dumps(words).encode()).decode()
    steps = (
        "Install OwnTracks and allow it to know the place always.",
        "Scan the picture with the camera of the phone and open it in OwnTracks.",
        "Confirm the configuration; send a first position with the arrow button.",
    )
    return Setup(url, f"owntracks:///config?inline={quote(inline)}", steps)


def _traccar(device: Device, url: str) -> Setup:
    steps = (
        "In Traccar Client open the settings and set the server URL to the address below.",
        f"Set the interval to {device.period_s} seconds and the accuracy to high.",
        "Switch the service on. The device identifier does not matter.",
    )
    return Setup(url, url, steps)


def _osmand(device: Device, url: str) -> Setup:
    paste = (
        f"{url}?lat={{0}}&lon={{1}}&timestamp={{2}}&hdop={{3}}&altitude={{4}}"
        "&speed_mps={5}&bearing={6}&batt={11}"
    )
    steps = (
        "In OsmAnd switch on the plug-in Trip recording, then Online tracking.",
        "Paste the web address below.",
        f"Set the tracking interval to {device.period_s} seconds.",
    )
    return Setup(url, paste, steps, paste)


def _overland(device: Device, url: str) -> Setup:
    code = f"overland://setup?url={quote(url, safe='')}&device_id={quote(device.label)}"
    steps = (
        "Install Overland and allow it to know the place always.",
        "Scan the picture with the camera of the phone and open it in Overland.",
        "Start tracking, and set the sending interval.",
    )
    return Setup(url, code, steps)


def _gpslogger(device: Device, url: str) -> Setup:
    paste = (
        f"{url}?app=gpslogger&lat=%LAT&lon=%LON&time=%TIMESTAMP&acc=%ACC&alt=%ALT&spd=%SPD"
        "&dir=%DIR&batt=%BATT&act=%ACT"
    )
    steps = (
        "In GPSLogger choose Logging details, Log to custom URL.",
        "Paste the address below; leave the method on GET and the body empty.",
        f"Set the logging interval to {device.period_s} seconds and allow the discarded backlog.",
    )
    return Setup(url, paste, steps, paste)


def _meshtastic(_: Device, url: str) -> Setup:
    steps = (
        "This address is for the gateway: post each JSON message of the mesh to it.",
        "Enrol each node as a device of its own with its number, such as !a1b2c3d4.",
        "Set the position precision of the channel to full, or the places are coarse.",
    )
    return Setup(url, url, steps)


def _plain(_: Device, url: str) -> Setup:
    steps = ("Send positions to the address below, as query, form or JSON.",)
    return Setup(url, url, steps)


MAKERS = {
    Device.Kind.OWNTRACKS: _owntracks,
    Device.Kind.TRACCAR: _traccar,
    Device.Kind.OSMAND: _osmand,
    Device.Kind.OVERLAND: _overland,
    Device.Kind.GPSLOGGER: _gpslogger,
    Device.Kind.MESHTASTIC: _meshtastic,
}

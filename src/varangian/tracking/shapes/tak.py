"""TAK clients and packages as plain data."""

from typing import Any

from varangian.kernel.clock import now

from ..models import Beacon, Device, TakMission, TakPackage

HERE_SECONDS = 30


def state_of(device: Device) -> str:
    """connected, known, invited or out."""
    presence = getattr(device, "presence", None)
    if presence is not None and (now() - presence.seen_at).total_seconds() < HERE_SECONDS:
        return "connected"
    if getattr(device, "good", None):
        return "known"
    return "invited" if getattr(device, "asked", None) else "out"


def client_shape(device: Device) -> dict[str, Any]:
    presence = getattr(device, "presence", None)
    good = getattr(device, "good", [])
    return {
        "id": str(device.pk),
        "label": device.label,
        "person": str(device.person) if device.person else None,
        "state": state_of(device),
        "share": device.share,
        "callsign": presence.callsign if presence else "",
        "client": presence.client if presence else "",
        "uid": device.outside_id,
        "seen_at": presence.seen_at if presence else None,
        "certificate_until": good[0].expires_at if good else None,
    }


def package_shape(package: TakPackage) -> dict[str, Any]:
    return {
        "id": str(package.pk),
        "name": package.name,
        "digest": package.digest,
        "size": package.size,
        "from": str(package.device.person or package.device.label) if package.device else "",
        "tool": package.tool,
        "sent_at": package.sent_at,
    }


def mission_row(mission: TakMission) -> dict[str, Any]:
    """``files`` and ``listeners`` are counts, as ``queries.missions.counted`` gives them."""
    opener = mission.device
    return {
        "id": str(mission.pk),
        "name": mission.name,
        "description": mission.description,
        "files": mission.file_count,  # pyright: ignore
        "listeners": mission.listener_count,  # pyright: ignore
        "from": str(opener.person or opener.label) if opener else "",
        "made_at": mission.made_at,
    }


def beacon_shape(beacon: Beacon) -> dict[str, Any]:
    person = beacon.device.person
    return {
        "id": str(beacon.pk),
        "device": beacon.device.label,
        "person": str(person) if person else None,
        "kind": beacon.kind,
        "raised_at": beacon.raised_at,
        "lat": beacon.lat,
        "lon": beacon.lon,
    }

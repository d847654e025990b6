"""What the clients of an operation are told of a mission, as events of the stream. Pure."""

import re
from datetime import datetime
from typing import Any

from . import cot
from .cot import quoted, stamp

DESTINATIONS = re.compile(rb"<marti>.*</marti>")


def made(mission: Any, at: datetime) -> bytes:
    return _event("t-x-m-n", mission, "CREATE", mission.creator_uid, at)


def ended(mission: Any, uid: str, at: datetime) -> bytes:
    return _event("t-x-m-d", mission, "DELETE", uid, at)


def changed(mission: Any, change: Any, to: tuple[str, ...]) -> bytes:
    """To those who listen; to nobody when nobody does."""
    package = change.package
    resource = "".join(
        _element(name, value)
        for name, value in (
            ("hash", package.digest),
            ("name", package.name),
            ("size", str(package.size)),
            ("mimeType", package.media_type),
            ("creatorUid", package.creator_uid),
        )
    )
    told = (
        f"<contentResource>{resource}</contentResource>{_element('creatorUid', change.by)}"
        f"{_element('missionName', mission.name)}{_element('missionGuid', str(mission.pk))}"
        f"{_element('timestamp', stamp(change.at))}{_element('type', change.kind)}"
    )
    inside = f"<MissionChanges><MissionChange>{told}</MissionChange></MissionChanges>"
    dests = "".join(f"<dest uid={quoted(uid)}/>" for uid in to or ("nobody",))
    return _event("t-x-m-c", mission, "CHANGE", change.by, change.at, inside, dests)


def to_all(event: bytes) -> bytes:
    return DESTINATIONS.sub(b"", event)


def _event(
    kind: str, mission: Any, what: str, by: str, at: datetime, inside: str = "", dests: str = ""
) -> bytes:
    words = (
        f'<mission type="{what}" tool={quoted(mission.tool)} name={quoted(mission.name)} '
        f'guid="{mission.pk}" authorUid={quoted(by)}>{inside}</mission>'
    )
    marti = f"<marti>{dests}</marti>" if dests else ""
    return cot.write(kind, words + marti, at=at)


def _element(name: str, value: str) -> str:
    return f"<{name}>{quoted(value)[1:-1]}</{name}>"

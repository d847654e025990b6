"""The Marti routes on 8443, as far as clients need them to work together."""

import re
from functools import partial
from typing import Any

from django.conf import settings

from varangian import __version__
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.storage import services as storage

from ..models import Device, TakPackage
from ..queries import tak as queries
from ..services import tak as services
from . import missions
from .answers import wrapped
from .cot import Event, quoted, stamp
from .entrance import host_of
from .house import House
from .packages import form_file
from .web import Answer, Asked

NOT_SERVED = (
    "injectors",
    "repeater",
    "iconset",
    "export",
    "feeds",
    "plugins",
    "subscriptions",
    "locate",
    "query",
)
"""Families of the Marti API that a client may ask for; docs/reference/tak.md says so too."""


class Marti:
    """Behind a client certificate. Everything a client sees here is of its own operation."""

    def __init__(self, house: House, port: int) -> None:
        self.house, self.port = house, port

    async def __call__(self, asked: Asked) -> Answer:
        seat = await self.house.seat(asked.fingerprint) if asked.fingerprint else None
        if seat is None or seat.device is None:
            return Answer.text("this certificate is not known, or was withdrawn", 403)
        path = asked.path.rstrip("/")
        if (told := self._at_once(asked, path, seat.circle)) is not None:
            return told
        try:
            return await self.house.speak(seat.device, partial(self._files, asked, path))
        except Refused as refused:
            return Answer.text(str(refused), refused.status)

    def _at_once(self, asked: Asked, path: str, circle: Any) -> Answer | None:
        """What needs no database."""
        if asked.method not in ("GET", "HEAD"):
            return None
        group = self.house.stream.relay.group(circle)
        here = {member.uid for member in group.members}
        if path == "/Marti/api/version":
            return Answer.text(f"Varangian {__version__}")
        if path == "/Marti/api/version/config":
            told = {"version": __version__, "api": "3", "hostname": host_of(asked)}
            return wrapped("ServerConfig", told)
        if path == "/Marti/api/contacts/all":
            return Answer.json([_contact(event) for event in group.last.values()])
        if path == "/Marti/api/clientEndPoints":
            rows = [_endpoint(event, event.uid in here) for event in group.last.values()]
            return wrapped("com.bbn.marti.remote.ClientEndpoint", rows)
        if path == "/Marti/api/groups/groupCacheEnabled":
            return wrapped("java.lang.Boolean", False)
        if path == "/files/api/config":
            return Answer.json({"uploadSizeLimit": settings.MAX_UPLOAD_BYTES // 1024**2})
        if path == "/Marti/api/video":
            return Answer.json({"videoConnections": []})
        if path == "/Marti/vcm":
            return Answer(200, b"<videoConnections/>", "application/xml")
        if path == "/Marti/api/device/profile/connection":
            return Answer(204)
        if path.startswith("/Marti/api/cot/xml/"):
            event = group.last.get(path.rpartition("/")[2])
            if event is None:
                return Answer.text("nothing is known of it", 404)
            return Answer(200, event.raw, "application/xml; charset=utf-8")
        return None

    def _files(self, asked: Asked, path: str, device: Device, actor: Any) -> Answer:
        operation, query = device.operation, asked.query
        if missions.is_here(path):
            return missions.answer(asked, path, device, actor)
        if path in ("/Marti/api/groups/all", "/Marti/api/groups/active"):
            return wrapped("com.bbn.marti.remote.groups.Group", _groups(device))
        if path in ("/Marti/sync/missionupload", "/Marti/sync/upload"):
            return self._upload(asked, device, actor)
        if path in ("/Marti/sync/search", "/Marti/api/sync/search"):
            rows = [_resource(row) for row in queries.packages(actor, operation)[:200]]
            return Answer.json({"resultCount": len(rows), "results": rows})
        if path == "/Marti/sync/missionquery":
            package = queries.package(actor, operation, query.get("hash", ""))
            return Answer.text(self._address(asked, package))
        if path == "/Marti/sync/content":
            named = query.get("hash") or query.get("uid", "")
            return _content(queries.package(actor, operation, named))
        found = re.fullmatch(r"/Marti/api/sync/metadata/([0-9A-Fa-f]{64})/tool", path)
        if found is None:
            return _not_here(path)
        package = queries.package(actor, operation, found[1])
        if asked.method != "PUT":
            return _content(package)
        tool = asked.body.decode("utf-8", "replace").replace("\0", "")
        services.set_tool(actor=actor, package=package, tool=tool)
        return Answer.text(self._address(asked, package))

    def _upload(self, asked: Asked, device: Device, actor: Any) -> Answer:
        if asked.method not in ("POST", "PUT"):
            return Answer.text("send it", 405)
        kind = asked.headers.get("content-type", "application/octet-stream")
        named = form_file(kind, asked.body)
        query = {name.lower(): value for name, value in asked.query.items()}
        name, data = named or (query.get("name", ""), asked.body)
        name = query.get("filename") or name or "package.zip"
        if not data:
            raise Refused("There is no file in it")
        package = services.keep_package(
            actor=actor,
            device=device,
            data=data,
            name=name if "." in name else f"{name}.zip",
            media_type="application/x-zip-compressed" if named else kind,
            creator_uid=query.get("creatoruid", ""),
        )
        if asked.path.rstrip("/").endswith("missionupload"):
            return Answer.text(self._address(asked, package))
        return Answer.json(_resource(package))

    def _address(self, asked: Asked, package: TakPackage) -> str:
        return f"https://{host_of(asked)}:{self.port}/Marti/sync/content?hash={package.digest}"


def _not_here(path: str) -> Answer:
    family = re.match(r"/Marti/api/(\w+)", path)
    if family and family[1] in NOT_SERVED:
        return Answer.text(f"this house does not serve {family[1]}", 501)
    raise NotFound("There is no such address")


def _contact(event: Event) -> dict[str, Any]:
    return {
        "filterGroups": [],
        "notes": "",
        "callsign": event.callsign,
        "team": event.word("detail/__group", "name") or "Cyan",
        "role": event.word("detail/__group", "role") or "Team Member",
        "takv": " ".join(event.word("detail/takv", name) for name in ("platform", "version")),
        "uid": event.uid,
    }


def _endpoint(event: Event, here: bool) -> dict[str, Any]:
    return {
        "callsign": event.callsign,
        "uid": event.uid,
        "username": event.callsign,
        "lastEventTime": stamp(event.at or now()),
        "lastStatus": "Connected" if here else "Disconnected",
    }


def _groups(device: Device) -> list[dict[str, Any]]:
    """One group, the operation: nobody chooses what they need to know."""
    told = {
        "name": device.operation.slug,
        "created": f"{device.operation.created_at:%Y-%m-%d}",
        "type": "SYSTEM",
        "bitpos": 1,
        "active": True,
        "description": "",
    }
    return [told | {"direction": way} for way in ("IN", "OUT")]


def _resource(package: TakPackage) -> dict[str, Any]:
    sender = package.device
    return {
        "UID": package.digest,
        "Name": package.name,
        "Hash": package.digest,
        "PrimaryKey": str(package.pk),
        "CreatorUid": package.creator_uid,
        "SubmissionDateTime": stamp(package.sent_at),
        "SubmissionUser": str(sender.person or sender.label) if sender else "",
        "EXPIRATION": "-1",
        "Keywords": ["missionpackage"],
        "MIMEType": package.media_type,
        "Size": str(package.size),
        "Tool": package.tool,
    }


def _content(package: TakPackage) -> Answer:
    name = re.sub(r"[^\w .()-]", "_", package.name, flags=re.ASCII)
    return Answer(
        200,
        storage.read(package.file),
        package.media_type if re.fullmatch(r"[\w.+/-]+", package.media_type) else "application/zip",
        {"Content-Disposition": f"attachment; filename={quoted(name)}"},
    )

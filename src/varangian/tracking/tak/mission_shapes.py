"""A mission as clients read it."""

from typing import Any

from ..models import Device, TakMission, TakPackage, TakSubscription
from ..queries import missions as queries
from .cot import stamp

READS = ["MISSION_READ", "MISSION_WRITE"]
OWNS = [*READS, "MISSION_DELETE", "MISSION_SET_ROLE"]


def mission_shape(mission: TakMission) -> dict[str, Any]:
    return {
        "name": mission.name,
        "guid": str(mission.pk),
        "description": mission.description,
        "chatRoom": "",
        "tool": mission.tool,
        "keywords": mission.keywords,
        "creatorUid": mission.creator_uid,
        "createTime": stamp(mission.made_at),
        "groups": [mission.operation.slug],
        "externalData": [],
        "feeds": [],
        "mapLayers": [],
        "uids": [],
        "contents": [
            {
                "timestamp": stamp(row.added_at),
                "creatorUid": row.creator_uid,
                "data": file_shape(row.package),
            }
            for row in mission.held
        ],
        "inviteOnly": False,
        "passwordProtected": False,
        "expiration": -1,
        "defaultRole": {"type": "MISSION_SUBSCRIBER", "permissions": READS},
    }


def file_shape(package: TakPackage) -> dict[str, Any]:
    sender = package.device
    return {
        "hash": package.digest,
        "uid": package.digest,
        "name": package.name,
        "size": package.size,
        "mimeType": package.media_type,
        "creatorUid": package.creator_uid,
        "submitter": str(sender.person or sender.label) if sender else "",
        "submissionTime": stamp(package.sent_at),
        "keywords": [],
        "expiration": -1,
    }


def change_shape(mission: TakMission, change: queries.Change) -> dict[str, Any]:
    told = {
        "isFederatedChange": False,
        "type": change.kind,
        "missionName": mission.name,
        "missionGuid": str(mission.pk),
        "timestamp": stamp(change.at),
        "serverTime": stamp(change.at),
        "creatorUid": change.by,
    }
    if change.package is not None:
        told["contentResource"] = file_shape(change.package)
    return told


def subscription_shape(row: TakSubscription, mission: TakMission) -> dict[str, Any]:
    return {
        "clientUid": row.uid,
        "username": str(row.device.person or row.device.label),
        "createTime": stamp(row.since),
        "role": role_shape(mission, row.device),
    }


def role_shape(mission: TakMission, device: Device) -> dict[str, Any]:
    """Whoever opened it may end it; all others of the operation read and write."""
    own = mission.device_id == device.pk
    kind = "MISSION_OWNER" if own else "MISSION_SUBSCRIBER"
    return {"type": kind, "permissions": OWNS if own else READS}

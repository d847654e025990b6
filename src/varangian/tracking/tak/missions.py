"""Missions (Data Sync) at the Marti door: files by hash, who listens, what changed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ..models import Device, TakMission
from ..queries import missions as queries
from ..services import missions as services
from .answers import wrapped
from .cot import moment
from .mission_shapes import change_shape, mission_shape, role_shape, subscription_shape
from .web import Answer, Asked

ROOT = "/Marti/api/missions"
INVITATIONS = (f"{ROOT}/invitations", f"{ROOT}/all/invitations")
NAMED = re.compile(rf"{ROOT}/(?:guid/)?([^/]+)(?:/(.+))?")
FILES_ONLY = "this house keeps files in missions, and no markers: share a data package instead"


@dataclass(frozen=True)
class Talk:
    """A request about a mission that is there, and who makes it."""

    asked: Asked
    mission: TakMission
    device: Device
    actor: Actor


def is_here(path: str) -> bool:
    return path == ROOT or path.startswith(f"{ROOT}/")


def answer(asked: Asked, path: str, device: Device, actor: Actor) -> Answer:
    if path in INVITATIONS:
        return wrapped("MissionInvitation", [])
    if path == ROOT:
        return _root(asked, device, actor)
    found = NAMED.fullmatch(path)
    if found is None or found[1] == "logs":
        return Answer.text("this house does not serve that part of a mission", 501)
    name, tail = found[1], found[2] or ""
    if asked.method in ("POST", "PUT") and not tail:
        return _make(asked, name, device, actor)
    work = ROUTES.get((asked.method, tail))
    mission = queries.mission(actor, device.operation, name)
    if work is None:
        return Answer.text("this house does not serve that part of a mission", 501)
    return work(Talk(asked, mission, device, actor))


def _root(asked: Asked, device: Device, actor: Actor) -> Answer:
    if asked.method == "GET":
        found = queries.missions(actor, device.operation)
        return wrapped("Mission", [mission_shape(one) for one in found])
    if asked.method == "DELETE":
        mission = queries.mission(actor, device.operation, asked.query.get("guid", ""))
        return _end(Talk(asked, mission, device, actor))
    return Answer.text("name the mission", 405)


def _make(asked: Asked, name: str, device: Device, actor: Actor) -> Answer:
    query = asked.query
    if query.get("password") or query.get("inviteOnly", "").lower() == "true":
        raise Refused("A mission is for the whole operation: no password, no invitation")
    given = {field: query[field] for field in ("description", "tool") if field in query}
    given = {field: value[:1000] for field, value in given.items()}
    if "tool" in given:
        given["tool"] = given["tool"][:40] or "public"
    uid = query.get("creatorUid", "")
    mission, new = services.make(actor=actor, device=device, name=name, uid=uid, **given)
    again = queries.mission(actor, device.operation, str(mission.pk))
    told = mission_shape(again) | {"token": str(mission.pk)}
    return wrapped("Mission", [told], 201 if new else 200)


def _show(talk: Talk) -> Answer:
    told = mission_shape(talk.mission)
    if talk.asked.query.get("changes", "").lower() == "true":
        told["missionChanges"] = _changes_of(talk.asked, talk.mission, talk.actor)
    return wrapped("Mission", [told])


def _end(talk: Talk) -> Answer:
    services.end(actor=talk.actor, device=talk.device, mission=talk.mission, uid=_uid(talk.asked))
    return wrapped("Mission", [mission_shape(talk.mission)])


def _put_in(talk: Talk) -> Answer:
    told = _body(talk.asked, dict)
    digests = told.get("hashes") or []
    if told.get("uids") or told.get("paths"):
        return Answer.text(FILES_ONLY, 501)
    if not isinstance(digests, list) or not all(isinstance(one, str) for one in digests):
        raise Refused("The files are named by their SHA-256", mend='Send {"hashes": [...]}.')
    after = services.put_in(
        actor=talk.actor,
        device=talk.device,
        mission=talk.mission,
        digests=digests,
        uid=_uid(talk.asked),
    )
    return wrapped("Mission", [mission_shape(after)])


def _take_out(talk: Talk) -> Answer:
    if "hash" not in talk.asked.query:
        return Answer.text(FILES_ONLY, 501)
    after = services.take_out(
        actor=talk.actor,
        device=talk.device,
        mission=talk.mission,
        digest=talk.asked.query["hash"],
        uid=_uid(talk.asked),
    )
    return wrapped("Mission", [mission_shape(after)])


def _keywords(talk: Talk) -> Answer:
    words = [str(word)[:80] for word in _body(talk.asked, list)][:40]
    services.make(
        actor=talk.actor, device=talk.device, name=talk.mission.name, uid="", keywords=words
    )
    return wrapped(
        "Mission",
        [mission_shape(queries.mission(talk.actor, talk.device.operation, talk.mission.name))],
    )


def _changes(talk: Talk) -> Answer:
    return wrapped("MissionChange", _changes_of(talk.asked, talk.mission, talk.actor))


def _changes_of(asked: Asked, mission: TakMission, actor: Actor) -> list[dict[str, Any]]:
    since, until = (_moment(asked, name) for name in ("start", "end"))
    if (seconds := asked.query.get("secago", "")).isdecimal():
        since = now() - timedelta(seconds=min(int(seconds), 10**9))
    return [change_shape(mission, one) for one in queries.changes(actor, mission, since, until)]


def _moment(asked: Asked, name: str) -> datetime | None:
    given = asked.query.get(name, "")
    if not given:
        return None
    if (at := moment(given)) is None:
        raise Refused("This is no time", where=f"{name}={given[:40]}", mend="As ISO 8601.")
    return at


def _subscribe(talk: Talk) -> Answer:
    uid = _uid(talk.asked) or talk.device.outside_id
    row = services.subscribe(actor=talk.actor, device=talk.device, mission=talk.mission, uid=uid)
    told = subscription_shape(row, talk.mission) | {"token": str(talk.mission.pk)}
    return wrapped("com.bbn.marti.sync.model.MissionSubscription", told, 201)


def _unsubscribe(talk: Talk) -> Answer:
    services.unsubscribe(actor=talk.actor, device=talk.device, mission=talk.mission)
    return Answer(200)


def _own(talk: Talk) -> Answer:
    row = queries.subscriptions(talk.actor, talk.mission).filter(device=talk.device).first()
    if row is None:
        return Answer.text("not subscribed", 404)
    return wrapped(
        "com.bbn.marti.sync.model.MissionSubscription", subscription_shape(row, talk.mission)
    )


def _listeners(talk: Talk) -> Answer:
    rows = queries.subscriptions(talk.actor, talk.mission)
    return wrapped("MissionSubscription", [row.uid for row in rows])


def _roles(talk: Talk) -> Answer:
    rows = queries.subscriptions(talk.actor, talk.mission)
    return wrapped("MissionSubscription", [subscription_shape(row, talk.mission) for row in rows])


def _role_here(talk: Talk) -> Answer:
    return wrapped("MissionRole", role_shape(talk.mission, talk.device))


def _no_markers(_: Talk) -> Answer:
    return Answer(200, b"<events></events>", "application/xml; charset=utf-8")


def _no_layers(_: Talk) -> Answer:
    return wrapped("MissionLayer", [])


ROUTES: dict[tuple[str, str], Callable[[Talk], Answer]] = {
    ("GET", ""): _show,
    ("DELETE", ""): _end,
    ("PUT", "contents"): _put_in,
    ("DELETE", "contents"): _take_out,
    ("PUT", "keywords"): _keywords,
    ("GET", "changes"): _changes,
    ("GET", "subscription"): _own,
    ("PUT", "subscription"): _subscribe,
    ("DELETE", "subscription"): _unsubscribe,
    ("GET", "subscriptions"): _listeners,
    ("GET", "subscriptions/roles"): _roles,
    ("GET", "role"): _role_here,
    ("GET", "cot"): _no_markers,
    ("GET", "layers"): _no_layers,
}


def _uid(asked: Asked) -> str:
    return asked.query.get("creatorUid") or asked.query.get("uid", "")


def _body(asked: Asked, shape: type) -> Any:
    try:
        told = json.loads(asked.body or b"null")
    except ValueError as error:
        raise Refused("This is no JSON") from error
    if not isinstance(told, shape):
        raise Refused("Something else was expected", mend=f"A JSON {shape.__name__}.")
    return told

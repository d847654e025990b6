"""This house as a node: joined to a hub and left again."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, administrate, system_read
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys

from ..models import Parcel, Uplink
from ..queries.node_copy import HOLDS
from .node_copying import keep_copy, take_away

TIMEOUT = 30.0


def join(*, actor: Actor, url: str, token: str, plain: bool = False) -> Uplink:
    """Fetch the copy of the operation and keep the way to the hub. Called once a node."""
    administrate(actor)
    return keep_uplink(actor=actor, url=_checked(url, plain), token=token, copy=_fetch(url, token))


def _checked(url: str, plain: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Refused("This is no address of a hub", where=url, mend="Such as https://hub.example.")
    if parts.scheme == "http" and not plain:
        raise Refused(
            "The token and the copy would travel in the open",
            where=url,
            mend="Use https, or --plain inside a tunnel of your own.",
        )
    return url.rstrip("/")


def _fetch(url: str, token: str) -> dict[str, Any]:
    head = {"Authorization": f"Bearer {token}"}
    try:
        answer = httpx.get(f"{url.rstrip('/')}/node/copy", headers=head, timeout=TIMEOUT)
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Refused("The hub does not answer", where=url, mend=type(error).__name__) from error
    if answer.status_code != 200:
        raise Refused(found.get("title", "The hub refuses"), where=url, mend=found.get("mend", ""))
    return found


@transaction.atomic
@system_read("the way to the hub belongs to the house")
def keep_uplink(*, actor: Actor, url: str, token: str, copy: dict[str, Any]) -> Uplink:
    uplink = Uplink.objects.filter(pk=copy["node"]).first()
    if uplink is None:
        other = Uplink.objects.filter(operation=copy["operation"]).first()
        if other is not None and other.left_at is None:
            raise Refused("This operation has an uplink already", where=other.url)
        if other is not None:
            raise Refused(
                "This house was a node of this operation before",
                mend="Ask the hub for a new token for the same node.",
            )
        uplink = Uplink(pk=UUID(copy["node"]), key=keys.create(), operation_id=copy["operation"])
    uplink.url, uplink.token, uplink.label, uplink.left_at = url, token, copy["label"], None
    keep_copy(uplink, copy)
    uplink.contact_at = now()
    uplink.save()
    note(kind="joined a hub", record=uplink, actor=actor)
    return uplink


@transaction.atomic
@system_read("the way to the hub belongs to the house")
def leave(*, actor: Actor, uplink: Uplink, force: bool = False) -> Uplink:
    """What was taken along is destroyed; with ``force`` what waits to be sent is given up too."""
    administrate(actor)
    waiting = Parcel.objects.filter(uplink=uplink, state=Parcel.State.WAITING)
    if waiting.exists() and not force:
        raise Refused(
            f"{waiting.count()} acts have not been sent yet",
            where=uplink.label,
            mend="Wait for the link, or leave with --force and lose them.",
        )
    waiting.update(state=Parcel.State.STUCK, words="Given up when the node left")
    take_away(uplink)
    uplink.left_at, uplink.token = now(), ""
    uplink.save()
    note(kind="left a hub", record=uplink, actor=actor)
    return uplink


@system_read("the house looks whether what it took along still holds")
def expire_copies() -> int:
    """The tick: without the hub a copy shows for a few days, and not longer than its token."""
    present, done = now(), 0
    for uplink in Uplink.objects.exclude(copied="").filter(left_at=None):
        last = uplink.contact_at or uplink.joined_at
        if present > min(uplink.expires_at, last + HOLDS):
            take_away(uplink)
            done += 1
    return done


@system_read("an uplink is of the house; only those who run it see more than its state")
def uplink_of(operation_id: Any) -> Uplink | None:
    return Uplink.objects.filter(operation=operation_id, left_at=None).first()


def one_uplink(label: str = "") -> Uplink:
    """The only one, or the one of this name: for the console."""
    found = [one for one in uplinks() if not label or one.label == label]
    if len(found) != 1:
        raise NotFound("There is no such uplink" if not found else "There are several", where=label)
    return found[0]


@system_read("the console of the house sees its uplinks")
def uplinks() -> list[Uplink]:
    return list(Uplink.objects.select_related("operation").filter(left_at=None))

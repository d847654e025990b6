"""Contractor packs: made, opened by a stranger, read, revoked."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.news.services import announce
from varangian.platform.thread.services import Node, tie
from varangian.principals import queries as principals
from varangian.threats.services.common import locked

from .. import pack_rules as rules
from ..models import Pack, PackDoor, PackVisit

SECRET_BYTES = 24
"""192 bits: the address is the only key."""
QUIET = timedelta(minutes=1)
"""A page that is loaded anew within this time counts as opened once."""


@transaction.atomic
def make_pack(
    *,
    actor: Actor,
    operation: Any,
    recipient: str,
    kind: str = Pack.Kind.DRIVER,
    hours: int = 6,
    when: datetime | None = None,
    movement: Any = None,
    place: Any = None,
    post: Any = None,
    point: bool = False,
    name_principal: bool = False,
    **texts: Any,
) -> tuple[Pack, str]:
    """The pack, and the secret of its link: kept as a hash, so this is the one time it is known.

    ``texts``: meet, call_sign, phone, where, and ``do`` and ``dont`` as lines. A leg gives the
    time, a place where to be, a post the call sign and whom to meet, where these are left empty.
    """
    require(actor, "pack.change", operation.compartment_id)
    if operation.compartment.exercise:
        raise Refused("Nobody from outside is drawn into an exercise", mend="Say it by radio.")
    if kind not in Pack.Kind.values:
        raise Refused("There is no such kind of pack", kind, f"{', '.join(Pack.Kind.values)}.")
    _check_near(operation, movement, place, post)
    place = place or _place_of(movement, kind)
    recipient = rules.checked_recipient(recipient)
    content = _content(texts, movement, place, post, when, point)
    content["zone"] = operation.time_zone
    rules.check_useful(content)
    content["principal"] = _name(actor, operation) if name_principal else ""
    if not name_principal:
        rules.check_unnamed(content, recipient, _names(operation))
    pack = _save(actor, operation, recipient, kind, content, rules.checked_hours(hours))
    secret = _hang(pack)
    _tie(pack, movement, place, post)
    _tell(pack, "made", f"{pack.label} made for a {_whom(pack)}, valid {hours} h", actor)
    return pack, secret


def _check_near(operation: Any, movement: Any, place: Any, post: Any) -> None:
    for row, where in ((movement, "movement"), (post, "post")):
        if row is not None and row.operation_id != operation.pk:
            raise NotFound(f"There is no such {where} in this operation", where=where)
    if place is not None and place.compartment_id not in near(operation):
        raise NotFound("There is no such place in this operation", where="place")


def near(operation: Any) -> tuple[Any, Any]:
    """Circles whose places a pack may speak of."""
    return operation.compartment_id, operation.engagement.compartment_id


def _place_of(movement: Any, kind: str) -> Any:
    """A driver waits where the leg begins, a steward where it ends."""
    if movement is None:
        return None
    ends = (movement.origin, movement.destination)
    return next(filter(None, ends if kind == Pack.Kind.DRIVER else ends[::-1]), None)


def _content(
    texts: dict[str, Any], movement: Any, place: Any, post: Any, when: Any, point: bool
) -> dict[str, Any]:
    if strange := set(texts) - set(rules.LINES) - set(rules.LISTS):
        raise Refused("A pack has no such line", where=", ".join(sorted(strange)))
    content: dict[str, Any] = {
        name: rules.one_line(name, texts.get(name) or "") for name in rules.LINES
    }
    content |= {name: rules.points(name, texts.get(name) or "") for name in rules.LISTS}
    if place is not None and not content["where"]:
        content["where"] = rules.one_line("where", ", ".join(filter(None, _lines_of(place))))
    if post is not None:
        content["call_sign"] = content["call_sign"] or post.call_sign
        content["meet"] = content["meet"] or post.title
    at = when or (movement.starts if movement is not None else None)
    content["when"] = at.isoformat() if at else ""
    content["point"] = _point(place) if point else None
    return content


def _point(place: Any) -> list[float]:
    if place is None or not place.located:
        raise Refused("There is no point to show", where="point", mend="Choose a located place.")
    return list(place.position)


def _lines_of(place: Any) -> tuple[str, str]:
    return place.name, place.address


@system_read("the page is checked against names that its author may not read")
def _names(operation: Any) -> tuple[str, str]:
    who = operation.principal
    return who.name or "", who.code_name


def _name(actor: Actor, operation: Any) -> str:
    return principals.name_for(actor, operation.principal)


def _save(
    actor: Actor, operation: Any, recipient: str, kind: str, content: dict[str, Any], hours: int
) -> Pack:
    held = locked(actor, operation)
    return Pack.objects.create(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        operation=held,
        serial=(held.packs.aggregate(last=Max("serial"))["last"] or 0) + 1,
        kind=kind,
        recipient=recipient,
        content=content,
        made_by_id=actor.pk,
        expires_at=now() + timedelta(hours=hours),
    )


def _hang(pack: Pack) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    PackDoor.objects.create(
        key_id=pack.key_id,
        compartment_id=pack.compartment_id,
        pack=pack,
        digest=digest(secret),
        content={**pack.content, "recipient": pack.recipient, "label": pack.label},
        expires_at=pack.expires_at,
    )
    return secret


def _tie(pack: Pack, movement: Any, place: Any, post: Any) -> None:
    node: Node = ("pack", pack.pk)
    for kind, row in (("movement", movement), ("place", place), ("post", post)):
        if row is not None:
            where = pack.compartment_id
            tie(left=(kind, row.pk), right=node, relation="told outside", compartment_id=where)


@transaction.atomic
def renew_link(*, actor: Actor, pack: Pack) -> str:
    """Another link to the same page, until the same time; the one before opens nothing."""
    require(actor, "pack.change", pack.compartment_id)
    pack = _locked(actor, pack)
    if not pack.live:
        raise Refused("This pack is over", where=pack.label, mend="Make another one.")
    PackDoor.objects.visible_to(actor).filter(pack=pack).delete()
    secret = _hang(pack)
    _tell(pack, "renewed", f"{pack.label}: new link, the one before is closed", actor)
    return secret


@transaction.atomic
def revoke_pack(*, actor: Actor, pack: Pack) -> Pack:
    """The link opens nothing from now; what was told and who read it stays on record."""
    require(actor, "pack.change", pack.compartment_id)
    pack = _locked(actor, pack)
    if pack.revoked_at:
        raise Refused("This pack has been revoked already", where=pack.label)
    PackDoor.objects.visible_to(actor).filter(pack=pack).delete()
    pack.revoked_at, pack.revoked_by_id = now(), actor.pk  # pyright: ignore
    pack.save(update_fields=["revoked_at", "revoked_by"])
    _tell(pack, "revoked", f"{pack.label} for a {_whom(pack)} revoked", actor)
    return pack


def _locked(actor: Actor, pack: Pack) -> Pack:
    return Pack.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=pack.pk)


@system_read("whoever holds the link has no account; the row tells nothing but its own page")
def door_of(secret: str) -> PackDoor | None:
    """Revoked, expired, never made: all the same nothing."""
    found = PackDoor.objects.filter(digest=digest(secret), expires_at__gt=now()).first()
    return found if found is not None and found.content else None


@system_read("a stranger's visit is noted by the house")
def note_opened(door: PackDoor) -> None:
    """Once a minute at most; the first opening is told to the team."""
    visits = PackVisit.objects.filter(pack_id=door.pack_id, kind=PackVisit.Kind.OPENED)
    if not visits.filter(at__gt=now() - QUIET).exists():
        _visit(door, PackVisit.Kind.OPENED, "", tell=not visits.exists())


@transaction.atomic
@system_read("a stranger's receipt is taken by the house")
def give_receipt(*, door: PackDoor, name: str) -> PackVisit:
    """Somebody says under a name of their own choice that they have read the page."""
    clean = " ".join(name.replace("\x00", "").split())[:80]
    if len(clean) < 2:
        raise Refused("Type your name", where="name")
    receipts = PackVisit.objects.filter(pack_id=door.pack_id, kind=PackVisit.Kind.READ)
    if receipts.count() >= rules.MOST_RECEIPTS:
        raise Refused("This page has been confirmed too often", mend="Ring your contact.")
    return _visit(door, PackVisit.Kind.READ, clean, tell=True)


@system_read("the last receipt stands on the page it was given for")
def last_receipt(door: PackDoor) -> PackVisit | None:
    receipts = PackVisit.objects.filter(pack_id=door.pack_id, kind=PackVisit.Kind.READ)
    return receipts.order_by("-at").first()


def _visit(door: PackDoor, kind: str, name: str, *, tell: bool) -> PackVisit:
    from ..jobs import tell_of_visit

    made = PackVisit(
        key_id=door.key_id,
        compartment_id=door.compartment_id,
        pack_id=door.pack_id,
        kind=kind,
        name=name,
    )
    made.save(force_insert=True)
    if tell:
        tell_of_visit.defer(visit=str(made.pk))
    return made


@system_read("a stranger's request cannot write the team's log; the worker does it for them")
def record_visit(visit_id: str) -> None:
    visit = PackVisit.objects.select_related("pack").get(pk=visit_id)
    words = f"read by {visit.name}" if visit.kind == PackVisit.Kind.READ else "opened"
    text = f"{visit.pack.label} for a {_whom(visit.pack)} {words}"
    _tell(visit.pack, visit.kind, text, None)


@system_read("the clock closes doors, no person does")
def shut_expired() -> int:
    """The sealed copies of pages that have run out are not kept."""
    gone, _ = PackDoor.objects.filter(expires_at__lte=now()).delete()
    return gone


@system_read("an operation that ends takes its pages along; who ended it may not see packs")
def shut_with(operation: Any, **_: Any) -> None:
    if operation.state in ("closed", "cancelled"):
        PackDoor.objects.filter(pack__operation=operation).delete()
        open_ = Pack.objects.filter(operation=operation, revoked_at=None, expires_at__gt=now())
        open_.update(revoked_at=now())


def choices(actor: Actor, operation: Any) -> dict[str, list[Any]]:
    """Legs, places and posts that a pack may be made of."""
    return {
        "movement": list(operations.movements(actor, operation)),
        "place": list(places.places(actor).filter(compartment_id__in=near(operation))),
        "post": list(operations.posts(actor, operation)),
    }


def _whom(pack: Pack) -> str:
    """Officers read the log: it names the pack by its number, never by its content."""
    return {"other": "contractor"}.get(pack.kind, pack.get_kind_display().lower())  # pyright: ignore


def _tell(pack: Pack, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="packs",
        event=event,
        text=text,
        compartment_id=pack.compartment_id,
        operation_id=pack.operation_id,
        record=("pack", pack.pk),
        actor=actor,
    )

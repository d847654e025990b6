"""Calls for help and check calls over the API."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from varangian.kernel.ids import new_id
from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from ..models import Via
from ..queries import checks as check_queries
from ..queries import duress as queries
from ..services import cancelling, checks, duress, keys, pins
from ..shapes.duress import call_shape, check_shape, key_shape, line_shape, rule_shape, whole_shape

router = Router(tags=["duress"])


class Pressed(Schema):
    key: str = Field("", max_length=200)
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    words: str = Field("", max_length=200)


class VouchWords(Schema):
    words: str


class EndReason(Schema):
    reason: str


class Pin(Schema):
    pin: str = Field(max_length=20)


class Pins(Schema):
    own: str = Field(max_length=20)
    forced: str = Field(max_length=20)


class NewKey(Schema):
    label: str = Field(max_length=80)
    kind: Literal["phone", "button"] = "button"
    alive_every_s: int | None = None


class NewPlaceKey(Schema):
    label: str = Field(max_length=80)
    alive_every_s: int | None = None


class CheckIn(Schema):
    pin: str = Field("", max_length=20)


class Rule(Schema):
    minutes: int | None = None
    post: UUID | None = None
    phase: str = Field("", max_length=20)


@router.get("/duress")
def list_calls(
    request: HttpRequest, paging: PageOf, view: Literal["running", "past", "all"] = "running"
):
    """The caller's own running calls are never among them."""
    return page(queries.calls(request.user, view=view), paging, call_shape)


@router.post("/duress/press")
def press(request: HttpRequest, given: Pressed):
    """I call for help. The same ``key`` is the same press."""
    heard = duress.Heard(
        key=given.key or str(new_id()),
        via=Via.API,
        lat=given.lat,
        lon=given.lon,
        accuracy=given.accuracy,
        words=given.words,
    )
    duress.press(person=request.user, heard=heard)
    return {"ok": True}


@router.post("/duress/pin")
def give_pin(request: HttpRequest, given: Pin):
    """The real PIN counts towards a cancel, the duress PIN confirms; both are answered alike."""
    return {"taken": cancelling.give_pin(person=request.user, pin=given.pin)}


@router.put("/duress/pins")
def set_pins(request: HttpRequest, given: Pins):
    prove(request)
    pins.set_pins(actor=request.user, own=given.own, forced=given.forced)
    return {"set": True}


@router.get("/duress/keys")
def list_keys(request: HttpRequest):
    return [key_shape(key) for key in queries.keys_of(request.user)]


@router.post("/duress/keys")
def new_key(request: HttpRequest, given: NewKey):
    """For a phone or a button of one's own; ``path`` holds the secret and is shown once."""
    key, secret = keys.issue_key(
        actor=request.user, label=given.label, kind=given.kind, alive_every_s=given.alive_every_s
    )
    return key_shape(key, secret)


@router.delete("/duress/keys/{key}")
def revoke_key(request: HttpRequest, key: UUID):
    keys.revoke_key(actor=request.user, pk=key)
    return {"revoked": True}


@router.get("/duress/{pk}")
def show_call(request: HttpRequest, pk: UUID):
    return whole_shape(request.user, queries.call(request.user, pk))


@router.post("/duress/{pk}/vouch")
@idempotent
def vouch(request: HttpRequest, pk: UUID, given: VouchWords):
    call = queries.call(request.user, pk)
    return call_shape(cancelling.vouch(actor=request.user, call=call, words=given.words))


@router.post("/duress/{pk}/end")
@idempotent
def end(request: HttpRequest, pk: UUID, given: EndReason):
    call = queries.call(request.user, pk)
    return call_shape(cancelling.end(actor=request.user, call=call, reason=given.reason))


@router.post("/operations/{slug}/duress-buttons")
def new_place_key(request: HttpRequest, slug: str, given: NewPlaceKey):
    """A button fixed in a place of the operation."""
    operation = operations.operation(request.user, slug)
    key, secret = keys.issue_place_key(
        actor=request.user,
        operation=operation,
        label=given.label,
        alive_every_s=given.alive_every_s,
    )
    return key_shape(key, secret)


@router.post("/check")
def check(request: HttpRequest, given: CheckIn):
    """I am well: a check call of the person who asks. A wrong PIN makes none."""
    if not checks.proves(person=request.user, pin=given.pin):
        return {"taken": False, **check_shape(None)}
    return {"taken": True, **check_shape(checks.check_call(person=request.user, via="api"))}


@router.get("/operations/{slug}/checks")
def list_checks(request: HttpRequest, slug: str):
    operation = operations.operation(request.user, slug)
    require(request.user, "check.view", operation.compartment_id)
    rows = check_queries.lines(request.user, operation)
    rules = check_queries.rules(request.user, operation)
    return {"on_duty": [line_shape(row) for row in rows], "rules": [rule_shape(r) for r in rules]}


@router.post("/operations/{slug}/checks/{duty}")
@idempotent
def record(request: HttpRequest, slug: str, duty: UUID):
    """Somebody was heard by radio or seen."""
    operation = operations.operation(request.user, slug)
    require(request.user, "check.record", operation.compartment_id)
    found = operations.on_duty(request.user, operation).filter(pk=duty).first()
    if found is None:
        raise NotFound("This person is not on duty", where=str(duty))
    return check_shape(checks.record_check(actor=request.user, duty=found))


@router.put("/operations/{slug}/check-rules")
def set_rule(request: HttpRequest, slug: str, given: Rule):
    """How often; 0 for never, null takes the rule away."""
    operation = operations.operation(request.user, slug)
    post = operations.post(request.user, given.post) if given.post else None
    checks.set_rule(
        actor=request.user,
        operation=operation,
        minutes=given.minutes,
        post=post,
        phase=given.phase,
    )
    return [rule_shape(row) for row in check_queries.rules(request.user, operation)]

"""Sensors: registered with a token, and heard."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from varangian.alerts.services import raise_alert
from varangian.kernel.clock import now
from varangian.kernel.geometry import valid_lat_lon
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require, system_read
from varangian.platform.access.services import digest as digest_of
from varangian.platform.news.services import announce

from ..models import Camera, Sensor
from ..rules import read_recorder
from ..sensors.told import Told
from .events import hear_sensor

KEY_DIGITS = (32, 48, 64)


@transaction.atomic
def add_sensor(
    *,
    actor: Actor,
    operation: Any,
    name: str,
    kind: str,
    outside_id: str = "",
    position: list[float] | None = None,
    legal_basis: str = "",
    retention_days: int = 3,
    period_s: int = 0,
    panel_key: str = "",
    address: str = "",
    access_token: str = "",
) -> tuple[Sensor, str]:
    """Returns the sensor and its token, which is shown this once."""
    require(actor, "sensor.change", operation.compartment_id)
    name, outside = name.strip(), outside_id.strip()
    if kind not in Sensor.Kind.values:
        raise Refused("There is no such sensor", where="kind", mend=", ".join(Sensor.Kind.values))
    if not name or len(name) > 80:
        raise Refused("A sensor has a name of 1 to 80 characters", where="name")
    if kind == Sensor.Kind.PLATES and not legal_basis.strip():
        raise Refused(
            "A number-plate reader needs its legal basis on record",
            where="legal_basis",
            mend="On what ground may plates be read at this place?",
        )
    if kind == Sensor.Kind.PANEL and not outside:
        raise Refused(
            "An alarm panel has an account number", where="outside_id", mend="As set in the panel."
        )
    if position and (len(position) != 2 or not valid_lat_lon(*position)):
        raise Refused("This is no place on earth", where="position", mend="Give [lat, lon].")
    if not 1 <= retention_days <= 90 or not 0 <= period_s <= 86_400:
        raise Refused("Days are 1 to 90, a period 0 to 86400 s", where="retention_days, period_s")
    asked = _asked(kind, address, access_token)
    secret = secrets.token_urlsafe(24)
    try:
        with transaction.atomic():
            sensor = Sensor.objects.create(
                compartment_id=operation.compartment_id,
                key_id=operation.key_id,
                operation=operation,
                name=name,
                kind=kind,
                outside_id=outside[:60],
                digest=digest_of(secret),
                position=position or [],
                legal_basis=legal_basis.strip()[:400],
                retention_days=retention_days,
                period_s=period_s,
                panel_key=_key(panel_key),
                **asked,
            )
    except IntegrityError as error:
        raise Conflict("A sensor with this name or account is there", where=outside) from error
    _tell(sensor, "added", f"Sensor registered: {sensor.name}", actor)
    return sensor, secret


def _asked(kind: str, address: str, access: str) -> dict[str, Any]:
    """A recorder with an address is asked from now on; what it saw before is not fetched."""
    if not address.strip():
        return {}
    if kind != Sensor.Kind.RECORDER:
        raise Refused("Only a recorder is asked", where="address", mend="Others speak themselves.")
    token = access.strip()
    if len(token) > 2000 or any(not 32 < ord(sign) < 127 for sign in token):
        raise Refused("This is no token", where="access_token")
    present = now()
    begun = {"ask_at": present, "asked_to": present.timestamp()}
    return {"address": read_recorder(address), "access": token, **begun}


def _key(text: str) -> str:
    digits = text.strip().replace(" ", "")
    if not digits:
        return ""
    try:
        bytes.fromhex(digits)
    except ValueError:
        digits = ""
    if len(digits) not in KEY_DIGITS:
        raise Refused(
            "A key has 32, 48 or 64 hexadecimal digits", where="panel_key", mend="As in the panel."
        )
    return digits


@transaction.atomic
def renew_token(*, actor: Actor, sensor: Sensor) -> str:
    require(actor, "sensor.change", sensor.compartment_id)
    secret = secrets.token_urlsafe(24)
    sensor.digest = digest_of(secret)
    sensor.save(update_fields=["digest"])
    _tell(sensor, "renewed", f"New address for sensor: {sensor.name}", actor)
    return secret


@transaction.atomic
def remove_sensor(*, actor: Actor, sensor: Sensor) -> None:
    require(actor, "sensor.change", sensor.compartment_id)
    if sensor.removed_at is None:
        sensor.removed_at, sensor.digest, sensor.panel_key = now(), None, ""
        sensor.address, sensor.access, sensor.ask_at = "", "", None
        sensor.save()
        _tell(sensor, "removed", f"Sensor taken away: {sensor.name}", actor)


@transaction.atomic
@system_read("a sensor is looked up by its token before anybody is known")
def hear_token(*, digest: str, told: list[Told]) -> int | None:
    """How many events are new; None when no sensor has this token."""
    sensor = _live().filter(digest=digest).first()
    return None if sensor is None else hear_all(sensor=sensor, told=told)


@transaction.atomic
@system_read("what a sensor says is kept by the house")
def hear_all(*, sensor: Sensor, told: list[Told]) -> int:
    kept = 0
    for one in told:
        camera = _camera(sensor, one.camera) if one.camera else None
        event = hear_sensor(
            sensor=sensor, name=one.name, detail=one.detail, at=one.at, key=one.key, camera=camera
        )
        kept += event is not None
    return kept


@transaction.atomic
@system_read("what a panel says is kept by the house")
def hear_panel(*, panel: Sensor, told: Told, panic: bool) -> None:
    """Panic and hold-up ask for a person at once, whatever the rules say."""
    event = hear_sensor(sensor=panel, name=told.name, detail=told.detail, at=told.at, key=told.key)
    if event is not None and panic:
        raise_alert(
            operation=panel.operation,
            title=f"{panel.name}: {told.detail['words']}"[:200],
            source="surveillance",
            dedupe=f"panic:{panel.pk}:{event.pk}",
            urgency="now",
            place=panel.name,
            body="Somebody pressed for help at an alarm panel.",
            action="Send the nearest officer; do not ring the panel's telephone first.",
            position=list(panel.position) if panel.position else None,
        )


@system_read("things over MQTT are found by what they call themselves")
def sensor_called(*, operation_id: Any, outside_id: str) -> Sensor | None:
    return _live().filter(operation_id=operation_id, outside_id=outside_id).first()


@system_read("panels are found by their account")
def panel(account: str) -> Sensor | None:
    return _live().filter(kind=Sensor.Kind.PANEL, outside_id__iexact=account).first()


@system_read("sensors that may speak")
def _live():
    return Sensor.objects.select_related("operation").filter(removed_at=None)


@system_read("a source names the camera that it looked through")
def _camera(sensor: Sensor, name: str) -> Camera | None:
    found = Camera.objects.filter(operation_id=sensor.operation_id, retired_at=None)
    return found.filter(name__iexact=name).first()


def _tell(sensor: Sensor, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="sensors",
        event=event,
        text=text,
        compartment_id=sensor.compartment_id,
        operation_id=sensor.operation_id,
        record=None,
        actor=actor,
    )

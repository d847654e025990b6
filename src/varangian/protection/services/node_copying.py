"""The copy of the hub, laid down at the node and taken away again.

The hub's word holds as soon as it has heard everything that waits here; until then the copy is
left alone, so that nothing which was done offline is overwritten by what was true before.
"""

import os
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations.models import Duty
from varangian.platform.access.models import Compartment, Membership, User
from varangian.platform.access.scope import system_read
from varangian.platform.crypto import keys
from varangian.platform.crypto.models import SubjectKey
from varangian.platform.crypto.providers import provider
from varangian.platform.live.services import publish

from ..models import Parcel, Uplink
from ..node_crates import CRATES, FORM, GO, Crate, sealed

Row = dict[str, Any]
Laid = dict[str, list[str]]
BY_LABEL = {crate.label: crate for crate in CRATES}


@transaction.atomic
@system_read("the house lays down what its hub gave it")
def lay_down(copy: dict[str, Any], *, generation: int, before: Laid) -> Laid:
    """Returns what is here of the hub now; ``before`` is what it returned the last time."""
    if copy.get("form") != FORM:
        raise Refused("The hub speaks another form of this", mend="Bring both to the same version.")
    _people(copy["people"])
    for circle in copy["circles"]:
        _circle(circle)
    keys_here = {pk: _make_key(pk, generation) for pk in copy["keys"]}
    for crate in CRATES:
        for row in copy["rows"][crate.label]:
            _write(crate, row | ({"key_id": keys_here[row["key_id"]]} if "key_id" in row else {}))
    laid = {
        crate.label: [_name(crate, row) for row in copy["rows"][crate.label]] for crate in CRATES
    }
    for label in GO:
        _drop(BY_LABEL[label], set(before.get(label, ())) - set(laid[label]))
    _end_duties(copy)
    for circle in copy["circles"]:
        publish(topic="operations", compartment_id=UUID(circle["id"]))
    return laid


def _name(crate: Crate, row: Row) -> str:
    return str(row[crate.model._meta.pk.attname])


@system_read("what the hub no longer has goes here too")
def _drop(crate: Crate, gone: set[str]) -> None:
    """What something of this house hangs on stays; it has ended at the hub all the same."""
    model: Any = crate.model
    for pk in gone:
        with suppress(ProtectedError, IntegrityError), transaction.atomic():
            model._default_manager.filter(pk=pk).delete()


@system_read("people keep the identity that they have at the hub")
def _people(people: list[Row]) -> None:
    for row in people:
        other = User.objects.filter(email=row["email"]).exclude(pk=row["id"]).first()
        if other is not None:
            raise Refused(
                "This house has an account of its own for the same person",
                where=row["email"],
                mend="Join with a house that has no accounts yet but its administrator.",
            )
        user, fresh = User.objects.get_or_create(pk=row["id"], defaults={"email": row["email"]})
        for name in ("email", "name", "call_sign", "is_active"):
            setattr(user, name, row[name])
        if fresh:
            user.set_unusable_password()
        user.save()


@system_read("who belongs to the operation is what the hub says")
def _circle(row: Row) -> None:
    told = {name: row[name] for name in ("label", "exercise", "parent_id")}
    circle, _ = Compartment.objects.update_or_create(pk=row["id"], defaults=told)
    seated = [seat[0] for seat in row["seats"]]
    Membership.objects.filter(compartment=circle).exclude(user_id__in=seated).delete()
    for user, role, until in row["seats"]:
        ends = datetime.fromisoformat(until) if until else None
        Membership.objects.update_or_create(
            compartment=circle, user_id=user, defaults={"role": role, "until": ends}
        )


@system_read("each house has keys of its own for the same subjects")
def _make_key(theirs: str, generation: int) -> UUID:
    """Ours for a subject of the hub. One that was destroyed is followed by another."""
    pk = uuid5(UUID(theirs), str(generation))
    if not SubjectKey.objects.filter(pk=pk).exists():
        SubjectKey.objects.create(pk=pk, wrapped=provider().wrap(os.urandom(32), pk.bytes))
    return pk


@system_read("the house lays down what its hub gave it")
def _write(crate: Crate, row: Row) -> None:
    model: Any = crate.model
    if crate.label == "operations.Duty":
        row = _same_duty(row)
    pk = row[model._meta.pk.attname]
    known = model._default_manager.filter(pk=pk).first()
    record = known or model()
    for field in crate.fields():
        if field.attname in row:
            value = row[field.attname]
            setattr(record, field.attname, value if sealed(field) else field.to_python(value))
    record.save(force_insert=known is None)


@system_read("a duty that was taken up here is the one that the hub made of it")
def _same_duty(row: Row) -> Row:
    own = Duty.objects.filter(
        operation_id=row["operation_id"], person_id=row["person_id"], ended_at=None
    )
    found = own.exclude(pk=row["id"]).first()
    return row if found is None else row | {"id": str(found.pk)}


@system_read("whom the hub no longer has on duty is off duty here")
def _end_duties(copy: dict[str, Any]) -> None:
    running = {row["person_id"] for row in copy["rows"]["operations.Duty"]}
    found = Duty.objects.filter(operation_id=copy["operation"], ended_at=None)
    found.exclude(person_id__in=running).update(ended_at=now())


@transaction.atomic
@system_read("the house lays down what its hub gave it, once the hub has heard everything")
def renew(uplink: Uplink, copy: dict[str, Any]) -> bool:
    """Returns whether it was laid down: while something waits, what is here is newer."""
    if Parcel.objects.filter(uplink=uplink, state=Parcel.State.WAITING).exists():
        return False
    keep_copy(uplink, copy)
    Uplink.objects.filter(pk=uplink.pk).update(
        copied=uplink.copied,
        copied_at=uplink.copied_at,
        expires_at=uplink.expires_at,
        laid=uplink.laid,
    )
    return True


def keep_copy(uplink: Uplink, copy: dict[str, Any]) -> None:
    uplink.laid = lay_down(copy, generation=uplink.generation, before=uplink.laid)
    uplink.copied, uplink.copied_at = copy["digest"], now()
    uplink.expires_at = datetime.fromisoformat(copy["expires"])


@transaction.atomic
@system_read("a node that has left or was out of touch for too long shows nothing any more")
def take_away(uplink: Uplink) -> None:
    """Nobody belongs any more, and the keys of what was taken along are destroyed."""
    operation = uplink.operation
    above = operation.engagement.compartment
    Membership.objects.filter(
        Q(compartment=operation.compartment_id) | Q(compartment=above.pk)
    ).delete()
    held = {operation.key_id, operation.engagement.key_id, operation.principal.key_id}
    for crate in CRATES:
        if any(f.name == "key" for f in crate.model._meta.concrete_fields):
            model: Any = crate.model
            rows = model._default_manager.filter(
                compartment__in=[operation.compartment_id, above.pk]
            )
            held |= set(rows.values_list("key_id", flat=True))
    SubjectKey.objects.filter(pk__in=held).update(wrapped=None, destroyed_at=now())
    keys.forget_open_keys()
    uplink.copied, uplink.generation = "", uplink.generation + 1
    uplink.save(update_fields=["copied", "generation"])

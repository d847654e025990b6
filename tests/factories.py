"""Invented people and records for tests; small functions, no magic."""

from datetime import timedelta
from io import BytesIO
from itertools import count

from allauth.account.internal.flows.login import record_authentication
from django.test import Client
from PIL import Image

from varangian.kernel.clock import now
from varangian.operations.services import open_engagement, open_operation
from varangian.places.library import form_for
from varangian.places.services import add_photo, add_place, answer_many
from varangian.planning.services.deciding import decide
from varangian.platform.access.models import Membership, User
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.platform.crypto import keys
from varangian.principals.models import Principal

_numbers = count(1)


def person(name: str = "", **fields) -> User:
    number = next(_numbers)
    name = name or f"Officer {number}"
    return User.objects.create_user(f"person{number}@example.org", None, name=name, **fields)


def engagement(leader: User | None = None, slug: str = ""):
    return open_engagement(
        actor=leader or SYSTEM, slug=slug or f"contract-{next(_numbers)}", title="Invented client"
    )


def principal(engagement, slug: str = "", **fields) -> Principal:
    number = next(_numbers)
    return Principal.objects.create(
        key=keys.create(),
        compartment=engagement.compartment,
        slug=slug or f"heron-{number}",
        code_name=f"HERON {number}",
        **{"name": "Astrid Invented", **fields},
    )


def operation(leader: User | None = None, **fields):
    """An operation with its engagement and principal, led by ``leader``."""
    contract = fields.pop("engagement", None) or engagement(leader)
    who = fields.pop("principal", None) or principal(contract)
    return open_operation(
        actor=leader or SYSTEM,
        engagement=contract,
        principal=who,
        **{"title": "Two days in Helsinki", "time_zone": "Europe/Helsinki", **fields},
    )


def member(record, role: Role, user: User | None = None) -> User:
    """A person with a role in the compartment of a record."""
    user = user or person()
    Membership.objects.update_or_create(
        compartment_id=record.compartment_id, user=user, defaults={"role": role.value}
    )
    user.__dict__.pop("_reach", None)
    return user


def signed_in(user: User, *, fresh: bool = False) -> Client:
    """A browser of this person; ``fresh`` has proved again who they are."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if fresh:
        session = client.session
        request = type("Request", (), {"session": session})()
        record_authentication(request, user, method="password", reauthenticated=True)
        session.save()
    return client


def place(record, actor=SYSTEM, **fields):
    """A place of the team that a record belongs to, sealed with the key of that record."""
    given = {"name": f"Hotel {next(_numbers)}", "kind": "hotel", **fields}
    return add_place(
        actor=actor, compartment_id=record.compartment_id, key_id=record.key_id, **given
    )


def picture(size: tuple[int, int] = (64, 40), colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def surveyed(place, person, *, days_ago: float = 1, skip: tuple[str, ...] = ()) -> None:
    """Every question answered by one person so many days ago, and every picture taken."""
    form = form_for(place.kind)
    at = now() - timedelta(days=days_ago)
    answers = [
        {"item": rule.id, "value": example(rule), "seen_at": at}
        for rule in form.facts()
        if rule.id not in skip
    ]
    report = answer_many(actor=person, place=place, answers=answers)
    assert all(row["taken"] for row in report), report
    for rule in form.photos():
        if rule.id not in skip:
            add_photo(actor=person, place=place, item=rule.id, data=picture(), taken_at=at)


def example(rule):
    """An answer that fits a question."""
    if rule.type in ("choice", "several"):
        return next(iter(rule.options))
    return {"text": "As it was", "yes_no": True, "number": 4, "phone": "+358 00 000"}[rule.type]


def may_start(leader: User, operation) -> None:
    """Without a signed go an operation starts only for a recorded reason."""
    decide(actor=leader, operation=operation, kind="override", reason="Invented day")

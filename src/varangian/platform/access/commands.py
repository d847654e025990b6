"""``varangian user ...``, ``varangian member ...`` and ``varangian token ...``"""

from datetime import UTC, datetime
from typing import Annotated

import typer
from django.conf import settings
from django.urls import reverse

from varangian.kernel.results import NotFound, Refused
from varangian.platform.ui import console

from . import queries, services
from .models import User
from .roles import Role
from .shapes import member_shape, person_shape, token_shape

user = typer.Typer(help="People with an account.", no_args_is_help=True)
member = typer.Typer(help="Who belongs to an engagement or operation.", no_args_is_help=True)
token = typer.Typer(help="Keys of a person for the API; use --as.", no_args_is_help=True)
groups = {"user": user, "member": member, "token": token}

PERSON_COLUMNS = ("email", "name", "call_sign", "active", "administrator", "auditor")
Until = Annotated[datetime | None, typer.Option(help="UTC; empty means until removed")]


@user.command("list")
def list_people(as_json: console.AsJson = False) -> None:
    """List accounts."""
    with console.unit() as actor:
        rows = [person_shape(row) for row in queries.people(actor)]
    console.emit(rows, as_json, PERSON_COLUMNS)


@user.command("create")
def create(
    email: str,
    name: str,
    call_sign: str = "",
    administrator: bool = False,
    auditor: bool = False,
    as_json: console.AsJson = False,
) -> None:
    """Invite a person; prints their first sign-in link once."""
    with console.unit("invite a person") as actor:
        person, secret = services.invite(
            actor=actor,
            email=email,
            name=name,
            call_sign=call_sign,
            administrator=administrator,
            auditor=auditor,
        )
        row = {**person_shape(person), "link": enter_url(secret)}
    console.emit(row, as_json)


@user.command()
def link(email: str, as_json: console.AsJson = False) -> None:
    """Print a one-time sign-in link, good for half an hour."""
    with console.unit("issue a sign-in link") as actor:
        secret = services.link_for(actor=actor, user=queries.someone(actor, email))
    console.emit({"email": email, "link": enter_url(secret)}, as_json)


@user.command()
def deactivate(email: str, as_json: console.AsJson = False) -> None:
    """Shut a person out at once."""
    with console.unit("deactivate a person") as actor:
        person = queries.someone(actor, email)
        services.deactivate(actor=actor, user=person)
        row = person_shape(person)
    console.emit(row, as_json, PERSON_COLUMNS)


@member.command("list")
def list_members(name: str, as_json: console.AsJson = False) -> None:
    """List the members of an engagement or operation."""
    with console.unit() as actor:
        circle = queries.compartment_named(actor, name)
        rows = [member_shape(row) for row in queries.members(actor, circle.pk)]
    console.emit(rows, as_json, ("email", "name", "role", "until"))


@member.command("add")
def add_member(
    name: str, email: str, role: Role, until: Until = None, as_json: console.AsJson = False
) -> None:
    """Let a person into an engagement or operation, or change their role."""
    with console.unit("add a member") as actor:
        row = services.add_member(
            actor=actor,
            compartment_id=queries.compartment_named(actor, name).pk,
            user=_person(email),
            role=role,
            until=until and until.replace(tzinfo=until.tzinfo or UTC),
        )
        shown = member_shape(row)
    console.emit(shown, as_json)


@member.command("remove")
def remove_member(name: str, email: str) -> None:
    """Take a person out."""
    with console.unit("remove a member") as actor:
        circle = queries.compartment_named(actor, name)
        services.remove_member(actor=actor, compartment_id=circle.pk, user=_person(email))
    console.say(f"{email} is no longer a member of {name}")


@token.command("create")
def create_token(
    label: str,
    write: Annotated[bool, typer.Option("--write", help="may change things")] = False,
    days: int = 30,
    as_json: console.AsJson = False,
) -> None:
    """Issue a token; its secret is printed once."""
    with console.unit("issue a token") as actor:
        found, secret = services.issue_token(
            user=_named(actor), label=label, writes=write, days=days
        )
        row = {**token_shape(found), "secret": secret}
    console.emit(row, as_json)


@token.command("list")
def list_tokens(as_json: console.AsJson = False) -> None:
    """List the live tokens of the person named by --as."""
    with console.unit() as actor:
        rows = [token_shape(row) for row in queries.tokens_of(_named(actor))]
    console.emit(rows, as_json, ("id", "label", "writes", "expires_at", "last_used_at"))


def enter_url(secret: str) -> str:
    host = settings.CSRF_TRUSTED_ORIGINS[0] if settings.CSRF_TRUSTED_ORIGINS else ""
    return (host or f"http://127.0.0.1:{settings.PORT}") + reverse("access:enter", args=[secret])


def _person(email: str) -> User:
    found = queries.user_by_email(email)
    if found is None:
        raise NotFound("There is no such person", where=email, mend="See varangian user list.")
    return found


def _named(actor: object) -> User:
    if not isinstance(actor, User):
        raise Refused("A token belongs to a person", mend="Use --as with a person's e-mail.")
    return actor

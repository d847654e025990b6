"""``varangian duty ...`` and ``varangian phone ...``"""

from uuid import UUID

import typer

from varangian.kernel.results import NotFound
from varangian.operations import queries as operations
from varangian.operations.models import Duty
from varangian.operations.people import member_by_email
from varangian.operations.services import end_duty, set_status, start_duty
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from ..queries import on_duty as duties
from ..services import phones
from ..shapes.field import phone_shape, report_shape

duty = typer.Typer(
    help="Who is on duty, from taking it up to being relieved.", no_args_is_help=True
)
phone = typer.Typer(help="Phones that keep something for the field.", no_args_is_help=True)
groups = {"duty": duty, "phone": phone}


@duty.command("list")
def list_on_duty(operation: str, as_json: console.AsJson = False) -> None:
    """Who is on duty now in an operation."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [duties.duty_shape(row) for row in operations.on_duty(actor, found)]
    console.emit(rows, as_json, ("id", "call_sign", "person", "post", "status_words", "started_at"))


@duty.command("start")
def start(operation: str, post: str = "", as_json: console.AsJson = False) -> None:
    """Take up duty, on a post (its id) or in reserve; needs --as with your e-mail."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        chosen = operations.post(actor, UUID(post)) if post else None
        row = duties.duty_shape(start_duty(actor=actor, operation=found, post=chosen))
    console.emit(row, as_json)


@duty.command("status")
def status(status: str, as_json: console.AsJson = False) -> None:
    """Report: on_post, moving, with_principal or rest."""
    with console.unit() as actor:
        row = duties.duty_shape(set_status(actor=actor, duty=_own(actor), status=status))
    console.emit(row, as_json)


@duty.command("end")
def end(relieved_by: str = "", as_json: console.AsJson = False) -> None:
    """Stand down; --relieved-by with the e-mail of who takes over."""
    with console.unit() as actor:
        own = _own(actor)
        relief = member_by_email(actor, own.operation, relieved_by) if relieved_by else None
        row = duties.duty_shape(end_duty(actor=actor, duty=own, relieved_by=relief))
    console.emit(row, as_json)


@duty.command("reports")
def reports(operation: str, as_json: console.AsJson = False) -> None:
    """Notes and sightings that came from the field."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        rows = [report_shape(row) for row in duties.field_reports(actor, found)]
    console.emit(rows, as_json, ("entry", "at", "kind", "person", "text"))


@phone.command("list")
def list_phones(as_json: console.AsJson = False) -> None:
    """Your phones, or all of them at the console of the house."""
    with console.unit() as actor:
        rows = [phone_shape(row) for row in phones.phones(actor)]
    console.emit(rows, as_json, ("id", "person", "label", "keeps", "seen_at", "wiped_at"))


@phone.command("wipe")
def wipe(phone: str, as_json: console.AsJson = False) -> None:
    """Take the key back, end the session, and let the phone empty itself."""
    with console.unit("phone wiped") as actor:
        row = phone_shape(phones.wipe(actor=actor, phone=phones.phone(actor, UUID(phone))))
    console.emit(row, as_json)


def _own(actor: Actor) -> Duty:
    found = operations.own_duty(actor)
    if found is None:
        raise NotFound("You are not on duty", mend="Start duty first.")
    return found

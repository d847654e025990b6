"""``varangian principal ...``"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.platform.access.queries import compartment_named
from varangian.platform.ui import console

from .. import queries, services
from ..rules import MASKED
from ..shapes import contact_shape, row_shape, shape

principal = typer.Typer(help="Who is protected.", no_args_is_help=True)
groups = {"principal": principal}

Reason = Annotated[str, typer.Option(help="why this is needed; recorded, at least 8 characters")]
Given = Annotated[
    Path | None,
    typer.Option("--file", help="JSON with the texts; - reads standard input", dir_okay=False),
]


@principal.command("list")
def list_principals(as_json: console.AsJson = False, state: str = "") -> None:
    """List principals."""
    with console.unit() as actor:
        rows = [row_shape(actor, row) for row in queries.principals(actor, state=state)]
    console.emit(rows, as_json, ("slug", "state", "code_name", "review_due"))


@principal.command()
def show(
    slug: str,
    unmask: Annotated[list[str] | None, typer.Option(help="a masked section to open")] = None,
    reason: Reason = "",
    as_json: console.AsJson = False,
) -> None:
    """Show a file. Masked sections open only by --unmask SECTION --reason "..."."""
    with console.unit(reason) as actor:
        found = queries.principal(actor, slug)
        services.looked_at(actor=actor, principal=found)
        opened = {
            section: services.unmask(actor=actor, principal=found, section=section, purpose=reason)
            for section in unmask or []
        }
        row = shape(actor, found, opened)
    console.emit(row, as_json)


@principal.command()
def create(
    code_name: str,
    engagement: Annotated[str, typer.Option(help="short name of the engagement")],
    slug: str = "",
    name: str = "",
    file: Given = None,
    as_json: console.AsJson = False,
) -> None:
    """Open a file. Give the texts in a JSON file, so that they stay out of the shell's history."""
    texts = _texts(file) | ({"name": name} if name else {})
    with console.unit("open a principal's file") as actor:
        circle = compartment_named(actor, engagement)
        made = services.create_principal(
            actor=actor, compartment_id=circle.pk, code_name=code_name, slug=slug, **texts
        )
        row = row_shape(actor, made)
    console.emit(row, as_json)


@principal.command()
def medical(
    slug: str,
    file: Given = None,
    reason: Reason = "",
    as_json: console.AsJson = False,
) -> None:
    """Change the lines that the file names, or read the card with --reason "..."."""
    with console.unit(reason or "medical card") as actor:
        found = queries.principal(actor, slug)
        if file is not None:
            services.set_medical(actor=actor, principal=found, **_texts(file))
            row: dict[str, Any] = {"slug": slug, "medical": MASKED}
        else:
            row = services.unmask(actor=actor, principal=found, section="medical", purpose=reason)
    console.emit(row, as_json)


@principal.command()
def contact(
    slug: str,
    role: str = "",
    name: str = "",
    phone: str = "",
    email: str = "",
    notes: str = "",
    emergency: bool = False,
    as_json: console.AsJson = False,
) -> None:
    """Add a contact; without --role and --name, list them."""
    with console.unit("contacts") as actor:
        found = queries.principal(actor, slug)
        if role or name:
            services.add_contact(
                actor=actor,
                principal=found,
                role=role,
                name=name,
                phone=phone,
                email=email,
                notes=notes,
                emergency=emergency,
            )
        rows = [contact_shape(row) for row in queries.contacts(actor, found)]
    console.emit(rows, as_json, ("role", "name", "phone", "email", "emergency"))


@principal.command()
def verify(slug: str, as_json: console.AsJson = False) -> None:
    """Say that you have checked the file; needs --as."""
    with console.unit("verify a file") as actor:
        found = services.verify_principal(actor=actor, principal=queries.principal(actor, slug))
        row = row_shape(actor, found)
    console.emit(row, as_json)


@principal.command()
def erase(
    slug: str,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask again")] = False,
    as_json: console.AsJson = False,
) -> None:
    """Destroy the key of a principal: nothing about them can ever be read again. Needs --as."""
    if not (yes or typer.confirm(f"Erase {slug} for good?", err=True)):
        raise Refused("Nothing was erased")
    with console.unit("erase a principal") as actor:
        found = queries.principal(actor, slug)
        row = row_shape(actor, services.erase(actor=actor, principal=found, reason=reason))
    console.emit(row, as_json)


def _texts(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    raw = sys.stdin.read() if str(path) == "-" else console.read_file(path, 1_000_000).decode()
    try:
        given = json.loads(raw)
    except ValueError as error:
        raise Refused("This is no JSON", where=str(path)) from error
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise Refused("A JSON object of texts is needed", where=str(path))
    return given

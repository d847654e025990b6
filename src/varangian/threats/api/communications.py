"""Communications of concern over the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.paging import PageOf, idempotent, page
from varangian.platform.access.reauth import prove
from varangian.platform.access.scope import require

from ..queries import communications as queries
from ..services import communications as services
from ..services.letters_files import on_disk
from ..shapes.communications import (
    import_shape,
    line_shape,
    row_shape,
    tie_shape,
    triage_shape,
    whole_shape,
    writer_row,
    writer_shape,
)
from ..taking_out import as_file

router = Router(tags=["communications"])
Channel = Literal["letter", "mail", "call", "gift", "visit", "post"]
Direction = Literal["in", "out"]
LineKind = Literal["", "odd", "unread", "same"]


class NewCommunication(Schema):
    channel: Channel
    direction: Direction = "in"
    at: datetime | None = None
    about: bool = False
    """About this time, not exactly."""
    subject: str = ""
    text: str = ""
    writer_name: str = ""
    writer_address: str = ""


class LetterTriage(Schema):
    answers: dict[str, str | list[str]]
    """By question: writer, tone, requests, approach, target, specific."""
    words: str = ""


class OriginalWanted(Schema):
    purpose: str


class WriterTied(Schema):
    other: UUID
    """Another writer of the same principal."""
    joined: bool
    words: str


@router.get("/principals/{slug}/communications")
def list_communications(
    request: HttpRequest,
    slug: str,
    paging: PageOf,
    writer: str = "",
    channel: str = "",
    sign: str = "",
    triaged: Literal["", "yes", "no"] = "",
):
    principal = queries.principal_with_letters(request.user, slug)
    wanted = queries.Filter(writer=writer, channel=channel, sign=sign, triaged=triaged)
    return page(queries.communications(request.user, principal, wanted), paging, row_shape)


@router.post("/principals/{slug}/communications", response={201: dict})
@idempotent
def record_communication(request: HttpRequest, slug: str, new: NewCommunication):
    principal = queries.principal_with_letters(request.user, slug)
    made = services.record_communication(actor=request.user, principal=principal, **new.dict())
    return 201, row_shape(queries.communication(request.user, made.pk))


@router.post("/principals/{slug}/letter-scans", response={201: dict})
def add_letter_scan(
    request: HttpRequest,
    slug: str,
    file: File[UploadedFile],
    channel: Form[str] = "letter",
    subject: Form[str] = "",
    text: Form[str] = "",
    writer_name: Form[str] = "",
    writer_address: Form[str] = "",
):
    """A picture, PDF or voice note of what came; its time is not known until somebody says it."""
    principal = queries.principal_with_letters(request.user, slug)
    require(request.user, "letter.add", principal.compartment_id)
    made = services.record_communication(
        actor=request.user,
        principal=principal,
        channel=channel,
        subject=subject,
        text=text,
        writer_name=writer_name,
        writer_address=writer_address,
        scan=file.read(),
        scan_name=file.name or "",
    )
    return 201, row_shape(queries.communication(request.user, made.pk))


@router.get("/communications/{pk}")
def show_communication(request: HttpRequest, pk: UUID):
    row = queries.communication(request.user, pk)
    services.looked(actor=request.user, record=row, how="read over the API")
    return whole_shape(row, list(queries.triages(request.user, row)))


@router.post("/communications/{pk}/triage", response={201: dict})
@idempotent
def triage_communication(request: HttpRequest, pk: UUID, given: LetterTriage):
    row = queries.communication(request.user, pk)
    made = services.triage(actor=request.user, communication=row, **given.dict())
    return 201, triage_shape(made)


@router.post("/communications/{pk}/original")
def take_original(request: HttpRequest, pk: UUID, wanted: OriginalWanted):
    """The bytes as they came, as a file; the purpose stays in the audit."""
    row = queries.communication(request.user, pk)
    prove(request)
    data, name = services.give_original(
        actor=request.user, communication=row, purpose=wanted.purpose
    )
    return as_file(data, row.label, name)


@router.get("/principals/{slug}/communication-imports")
def list_letter_imports(request: HttpRequest, slug: str, paging: PageOf):
    principal = queries.principal_with_letters(request.user, slug)
    return page(queries.imports(request.user, principal), paging, import_shape)


@router.post("/principals/{slug}/communication-imports", response={202: dict})
def begin_letter_import(request: HttpRequest, slug: str, file: File[UploadedFile]):
    """Read by a worker; ask for the import until its state is done."""
    principal = queries.principal_with_letters(request.user, slug)
    require(request.user, "letter.change", principal.compartment_id)
    with on_disk(file) as path:
        batch = services.ask_import(
            actor=request.user, principal=principal, path=path, name=file.name or "upload"
        )
    if batch.state == batch.State.QUEUED:
        services.import_later(batch)
    return 202, import_shape(batch)


@router.get("/communication-imports/{pk}")
def show_letter_import(request: HttpRequest, pk: UUID):
    return import_shape(queries.letter_import(request.user, pk))


@router.get("/communication-imports/{pk}/lines")
def list_letter_import_lines(request: HttpRequest, pk: UUID, paging: PageOf, kind: LineKind = ""):
    """What was odd, unread or there already, mail by mail."""
    batch = queries.letter_import(request.user, pk)
    return page(queries.import_lines(request.user, batch, kind), paging, line_shape)


@router.post("/communication-imports/{pk}/stop")
@idempotent
def stop_letter_import(request: HttpRequest, pk: UUID):
    batch = queries.letter_import(request.user, pk)
    services.stop_import(actor=request.user, row=batch)
    return import_shape(queries.letter_import(request.user, pk))


@router.post("/communication-imports/{pk}/go-on")
@idempotent
def go_on_with_letter_import(request: HttpRequest, pk: UUID):
    batch = queries.letter_import(request.user, pk)
    services.import_later(services.go_on(actor=request.user, batch=batch))
    return import_shape(queries.letter_import(request.user, pk))


@router.get("/principals/{slug}/letter-writers")
def list_letter_writers(request: HttpRequest, slug: str, paging: PageOf):
    principal = queries.principal_with_letters(request.user, slug)
    return page(queries.writers(request.user, principal), paging, writer_row)


@router.get("/letter-writers/{pk}")
def show_letter_writer(request: HttpRequest, pk: UUID):
    """The record of a writer with its signals. There is no number about the person."""
    one = queries.writer(request.user, pk)
    services.looked(actor=request.user, record=one, how="record of a writer read over the API")
    return _record(request, one)


@router.post("/letter-writers/{pk}/ties", response={201: dict})
@idempotent
def tie_letter_writers(request: HttpRequest, pk: UUID, given: WriterTied):
    one = queries.writer(request.user, pk)
    require(request.user, "letter.change", one.compartment_id)
    try:
        other = queries.writer(request.user, given.other)
    except NotFound as error:
        raise Refused("There is no such writer", where="other") from error
    made = services.tie_writers(
        actor=request.user, one=one, other=other, joined=given.joined, words=given.words
    )
    return 201, tie_shape(made)


@router.post("/letter-ties/{pk}/undo")
@idempotent
def undo_letter_tie(request: HttpRequest, pk: UUID):
    said = queries.tie(request.user, pk)
    return tie_shape(services.untie_writers(actor=request.user, tie=said))


def _record(request: HttpRequest, one: Any) -> dict[str, Any]:
    group = queries.group_of(request.user, one)
    return writer_shape(
        one,
        group,
        list(queries.contacts(request.user, group)),
        list(queries.ties(request.user, group)),
        queries.proposals(request.user, group),
    )

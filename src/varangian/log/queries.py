"""Reads of the log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.chain import START, Break, first_break
from varangian.kernel.results import NotFound
from varangian.operations import queries as spine
from varangian.platform.access.scope import SYSTEM, Actor, system_read
from varangian.platform.access.unseen import kept_from

from .models import LogEntry
from .rules import content

if TYPE_CHECKING:
    from varangian.operations.models import Operation

WINDOW = 500


@dataclass(frozen=True)
class ChainState:
    """Result of a walk: ``broken`` is None when whole; ``all`` when it began at the first entry."""

    serial: int
    head: str
    broken: Break | None
    all: bool


def entries(actor: Actor, operation: "Operation | None" = None) -> QuerySet[LogEntry]:
    """Newest first, of one operation or of all that the person can see."""
    found = LogEntry.objects.visible_to(actor).select_related("operation")
    if kept := kept_from(actor):
        found = found.exclude(about__in=kept)
    if operation is not None:
        return found.filter(operation=operation).order_by("-serial")
    return found.order_by("-recorded_at", "-serial")


def unbroken(actor: Actor, operation: "Operation") -> QuerySet[LogEntry]:
    """In their order, for an export: up to the first that is kept from this person, so that the
    chain has no gap that tells of it."""
    found = entries(actor, operation).order_by("serial")
    kept = LogEntry.objects.visible_to(actor).filter(
        operation=operation, about__in=kept_from(actor)
    )
    first = kept.order_by("serial").values_list("serial", flat=True).first()
    return found if first is None else found.filter(serial__lt=first)


def entry(actor: Actor, operation: "Operation", serial: int) -> LogEntry:
    found = entries(actor, operation).filter(serial=serial).first()
    if found is None:
        raise NotFound("There is no such entry, or it is not yours to see", where=str(serial))
    return found


def filtered(
    found: QuerySet[LogEntry], *, kind: str = "", topic: str = "", text: str = ""
) -> QuerySet[LogEntry] | list[LogEntry]:
    """Words are sealed, so a text is looked for in the newest entries, in memory."""
    if kind:
        found = found.filter(kind=kind)
    if topic:
        found = found.filter(topic=topic)
    if not text:
        return found
    wanted = text.casefold()
    return [row for row in found[:WINDOW] if wanted in " ".join(_words(row)).casefold()]


def _words(row: LogEntry) -> list[str]:
    return [row.author, *(str(v) for k, v in row.body.items() if k != "salt")]


def corrections(actor: Actor, rows: Iterable[LogEntry]) -> dict[tuple[UUID, int], int]:
    """For rows that were corrected: the serial of the entry that did it, newest wins."""
    rows = list(rows)
    found = LogEntry.objects.visible_to(actor).filter(
        operation_id__in={row.operation_id for row in rows},
        corrects__in={row.serial for row in rows},
    )
    pairs = found.order_by("serial").values_list("operation_id", "corrects", "serial")
    return {(operation, corrected): serial for operation, corrected, serial in pairs}


def links(rows: Iterable[LogEntry]) -> Iterator[dict[str, Any]]:
    """Rows as the chain and the bundle know them."""
    for row in rows:
        yield {
            "serial": row.serial,
            "previous": row.previous,
            "hash": row.hash,
            "content": content(row),
        }


def chain_state(actor: Actor, operation: "Operation", newest: int | None = WINDOW) -> ChainState:
    """Walk the newest entries (all with None); the words need not be opened for it."""
    found = LogEntry.objects.visible_to(actor).filter(operation=operation).defer("body")
    rows = list(found.order_by("-serial")[:newest])[::-1]
    return walked(rows)


def walked(rows: list[LogEntry]) -> ChainState:
    if not rows:
        return ChainState(0, START, None, True)
    first = rows[0]
    start = START if first.serial == 1 else first.previous
    return ChainState(
        rows[-1].serial, rows[-1].hash, first_break(links(rows), start), first.serial == 1
    )


@system_read("the verifier of the house walks every chain; it shows no words")
def house_chains() -> Iterator[tuple[str, ChainState]]:
    for operation in (
        spine.operations(SYSTEM).select_related(None).order_by("slug").only("pk", "slug")
    ):
        rows = list(LogEntry.objects.filter(operation=operation).defer("body").order_by("serial"))
        state = walked(rows)
        if rows and not state.all:
            missing = Break(1, "the entries before it are missing")
            state = ChainState(state.serial, state.head, missing, False)
        yield operation.slug, state


@system_read("an automatic entry is made for whoever acted, seen or not; it only takes the key")
def operation_of_news(pk: UUID) -> "Operation | None":
    found = spine.operations(SYSTEM).select_related(None).filter(pk=pk)
    return found.only("pk", "key_id", "compartment_id", "slug").first()

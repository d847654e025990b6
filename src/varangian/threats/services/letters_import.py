"""A mailbox becomes communications: read in chunks, each kept whole, so that it can go on later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.engines.communications import Bookmark, Found, read
from varangian.engines.communications.duplicates import Near
from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.platform.jobs.long_work import LongWork, Tell
from varangian.platform.live.services import publish

from ..models import LetterImport
from ..queries import communications as queries
from .letters_common import TOPIC, Prints, clean, held, next_serial, tell
from .letters_files import laid_out, pack
from .letters_keep import Keeper, prepared

CHUNK = 250
LIKELIEST = 12
"""Earlier letters that one is compared with for nearly the same words."""
PURPOSE = "read communications"


class Cancelled(Exception):
    """Somebody wants it stopped."""


@transaction.atomic
def ask_import(*, actor: Actor, principal: Any, path: Path, name: str = "") -> LetterImport:
    """The originals are kept here; ``import_later`` or ``import_now`` reads them.

    The same file again is the same import: it goes on where it stopped, or has been read already.
    """
    require(actor, "letter.change", principal.compartment_id)
    name = clean(name or path.name)[:200]
    Prints(principal.key_id)
    parts, files, size = pack(path, principal.key_id, name)
    principal = held(actor, principal)
    mark = Prints(principal.key_id).of("import", ",".join([*parts, *(f["key"] for f in files)]))
    known = queries.imports(actor, principal).filter(print=mark).first()
    if known is not None:
        return _anew(actor, known) if known.state in ("failed", "stopped") else known
    made = LetterImport.objects.create(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        serial=next_serial(LetterImport, actor, principal),
        name=name,
        print=mark,
        parts=parts,
        files=files,
        size=size,
        asked_by_id=actor.pk,
    )
    tell(principal, "asked", f"import {made.label} of communications begun", actor)
    return made


@transaction.atomic
def go_on(*, actor: Actor, batch: LetterImport) -> LetterImport:
    """What was stopped or failed is read on from where it got to."""
    require(actor, "letter.change", batch.compartment_id)
    return _anew(actor, batch)


def _anew(actor: Actor, batch: LetterImport) -> LetterImport:
    rows = LetterImport.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.get(pk=batch.pk)
    if found.state not in ("failed", "stopped"):
        raise Refused("It need not go on", where=found.get_state_display())
    found.state, found.stop, found.words = LetterImport.State.QUEUED, False, ""
    found.step, found.ended_at, found.asked_by_id = {}, None, actor.pk
    found.save()
    return found


@dataclass(frozen=True)
class _Wanted:
    actor: Actor
    batch: LetterImport
    keeper: Keeper


def _wanted(actor: Actor, batch: LetterImport) -> _Wanted:
    require(actor, "letter.change", batch.compartment_id)
    prints = Prints(batch.key_id)  # pyright: ignore
    return _Wanted(actor, batch, Keeper(prints, Near(most=LIKELIEST)))


def _read(wanted: _Wanted, told: Tell) -> None:
    """Chunk by chunk, each in a transaction of its own with the bookmark behind it."""
    batch = wanted.batch
    after = Bookmark.from_dict(batch.bookmark) if batch.bookmark else None
    share = [0.0]

    def at(done: int, total: int) -> None:
        share[0] = done / max(total, 1)

    with laid_out(batch) as (path, keys):
        mails = batch.mails
        for chunk in _chunks(read(path, after=after, tell=at)):
            ready = [prepared(one.message, wanted.keeper.prints) for one in chunk]
            with acting(wanted.actor, purpose=PURPOSE):
                row = _locked(wanted.actor, batch.pk, mails)
                wanted.keeper.keep(wanted.actor, row, ready, keys)
                row.bookmark = chunk[-1].bookmark.as_dict()
                row.save()
                mails = row.mails
            told(f"{plural(mails, 'mail')} read", min(share[0], 0.98))


def _chunks(found: Iterable[Found]) -> Iterator[list[Found]]:
    rows = iter(found)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _locked(actor: Actor, pk: UUID, mails: int) -> LetterImport:
    """Of two that read the same import only one goes on."""
    rows = LetterImport.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.get(pk=pk)
    if row.stop or not row.under_way:
        raise Cancelled
    if row.mails != mails:
        raise Conflict("This import is being read by another process", where=row.label)
    row.principal = held(actor, row.principal)
    return row


def _kept(actor: Actor, batch: LetterImport, _wanted: _Wanted, _none: None) -> None:
    words = f"import {batch.label}: {plural(batch.kept, 'communication')} kept"
    tell(batch.principal, "imported", words, actor)


def _publish(batch: LetterImport) -> None:
    publish(topic=TOPIC, kind="import", record=batch.pk, compartment_id=batch.compartment_id)


READING = LongWork[LetterImport](
    model=LetterImport, task="threats.letters", lock=lambda row: f"letters-{row.principal_id}",
    purpose=PURPOSE, action="letter.change", want=_wanted, make=_read, keep=_kept,
    publish=_publish, cancelled=Cancelled, over="This import is not being read any more",
    stopped="Stopped. What was read so far is kept; it goes on from there.",
)  # fmt: skip
import_later, import_now, stop_import = READING.later, READING.now, READING.stop


def import_here(batch: LetterImport, told: Tell) -> LetterImport:
    """At the console: reads now, and gives the import as it stands after."""
    if batch.under_way:
        import_now(batch.pk, told)
    with acting(SYSTEM, purpose=PURPOSE):
        batch.refresh_from_db()
    return batch

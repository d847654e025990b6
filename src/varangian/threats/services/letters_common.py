"""What the writers of communications share."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Max

from varangian.engines.communications import Message
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.crypto.keys import data_key
from varangian.platform.news.services import announce
from varangian.principals import queries as principals

from ..models import Communication, Writer

TOPIC = "letters"
APART = timedelta(days=1).total_seconds()
LEAST_PURPOSE = 10


class Prints:
    """Marks of what is equal, keyed by the principal: of two principals they never match."""

    def __init__(self, key_id: UUID) -> None:
        secret = data_key(key_id)
        if secret is None:
            raise Refused(
                "This principal was erased and takes no new content",
                mend="Open a new file for the person.",
            )
        self._secret = secret

    def of(self, kind: str, words: str) -> str:
        said = f"{kind}\0{words}".encode("utf-8", "replace")
        return hmac.new(self._secret, said, sha256).hexdigest()


def held(actor: Actor, principal: Any) -> Any:
    """The principal, locked, so that two writers cannot take the same serial."""
    rows = principals.principals(actor)
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=principal.pk).first()
    if found is None or found.state == "erased":
        raise Refused("This principal takes no communications", mend="See the principal's file.")
    return found


def next_serial(model: Any, actor: Actor, principal: Any) -> int:
    rows = model.objects.visible_to(actor).filter(principal=principal)
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1


def tell(principal: Any, event: str, words: str, actor: Actor) -> None:
    """By numbers and the code name, never by content: many read the log."""
    announce(
        topic=TOPIC,
        event=event,
        text=f"Principal {principal.code_name}: {words}",
        compartment_id=principal.compartment_id,
        record=("principal", principal.pk),
        actor=actor,
    )


def checked_purpose(purpose: str) -> str:
    words = " ".join(purpose.split())[:400]
    if len(words) < LEAST_PURPOSE:
        raise Refused(
            f"A reason has at least {LEAST_PURPOSE} characters",
            where="purpose",
            mend="Say what it is needed for, without personal detail: the reason stays readable.",
        )
    return words


def time_of(message: Message) -> tuple[datetime | None, str]:
    """When, and what is doubtful about it."""
    dates, doubt = message.dates, Communication.Doubt
    at = dates.at
    if at is None:
        return None, doubt.UNKNOWN
    if at > now() + timedelta(days=1):
        return at, doubt.FUTURE
    if dates.received is not None:
        apart = dates.apart_s is not None and abs(dates.apart_s) > APART
        return at, doubt.APART if apart else doubt.NONE
    return at, doubt.CLAIMED if dates.written is not None else doubt.FILED


def clean(value: Any) -> Any:
    """Plain data that JSON and PostgreSQL take: no halves of letters, no NUL."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "")
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        return {name: clean(one) for name, one in value.items()}
    return value


def writer_named(
    actor: Actor, principal: Any, *, name: str = "", address: str = ""
) -> Writer | None:
    """The writer of this address, or of this name when there is none; a new one where needed.

    ``principal`` is locked.
    """
    name, address = clean(" ".join(name.split()))[:200], clean(address.strip().lower())[:320]
    if not name and not address:
        return None
    mark = writer_print(Prints(principal.key_id), name, address)
    known = Writer.objects.visible_to(actor).filter(principal=principal, print=mark).first()
    if known is not None:
        return known
    made = new_writer(principal, next_serial(Writer, actor, principal), mark, name, address)
    made.save(force_insert=True)
    return made


def writer_print(prints: Prints, name: str, address: str) -> str:
    return prints.of("address", address) if address else prints.of("name", name.casefold())


def new_writer(principal: Any, serial: int, mark: str, name: str, address: str) -> Writer:
    made = Writer(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        serial=serial,
        print=mark,
        name=name,
        address=address,
    )
    made.group = made.pk
    return made

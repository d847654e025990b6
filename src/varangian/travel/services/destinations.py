"""The only writers of destinations: where to, what was found out, what is stated, who approves."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Movement, Operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed, forget, settle, tie, untie

from ..dossier.library import SERVICES
from ..dossier.score import level_words
from ..dossier.statement import KEYS
from ..models import (
    Destination,
    DossierApproval,
    DossierFact,
    DossierSnapshot,
    NumberCheck,
)
from ..queries import destinations as queries
from ..queries.dossiers import CURATED, Dossier, dossier
from .advisories import require_feeds

LONGEST = timedelta(days=90)
LONGEST_TEXT = 8000
SECTIONS = tuple(row[0] for row in CURATED)


@transaction.atomic
def add_destination(
    *,
    actor: Actor,
    operation: Operation,
    country: str,
    starts: datetime | None = None,
    ends: datetime | None = None,
    place: Any = None,
    movement: Movement | None = None,
) -> Destination:
    """A dossier for a country, better for a place in it. Without dates those of the operation."""
    require(actor, "dossier.change", operation.compartment_id)
    code = queries.country_named(country)
    place = place or (movement.destination if movement else None)
    if starts is None:
        starts = (movement.starts if movement else None) or operation.starts
        ends = ends or (movement.ends if movement else operation.ends)
    _check(operation, starts, ends, place)
    last = Destination.objects.visible_to(actor).filter(operation=operation)
    made = Destination.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        operation=operation,
        serial=(last.aggregate(last=Max("serial"))["last"] or 0) + 1,
        country=code,
        place=place,
        movement=movement,
        starts=starts,
        ends=ends,
        frame={},
    )
    _tie(actor, made)
    _tell(actor, made, "added", f"Destination {made.label} added: {code}")
    return made


def _check(
    operation: Operation, starts: datetime | None, ends: datetime | None, place: Any
) -> None:
    if operation.state in (Operation.State.CLOSED, Operation.State.CANCELLED):
        raise Refused(f"This operation is {operation.state}", where=operation.slug)
    if starts is None:
        raise Refused("It is not known when the trip begins", "starts", "Give a date.")
    if ends is not None and ends < starts:
        raise Refused("It ends before it starts", "ends", "Correct one of the two.")
    circles = (operation.compartment_id, operation.engagement.compartment_id)
    if place is not None and place.compartment_id not in circles:
        raise Refused("This place belongs to another team", where="place")


def _tie(actor: Actor, made: Destination) -> None:
    """It hears of its advisories, of its place and of the legs that lead there."""
    node, circle = ("destination", made.pk), made.compartment_id
    for row in queries.advisories(actor, made.country):
        tie(left=("advisory", row.pk), right=node, relation="warns", compartment_id=circle)
    if made.place_id:
        tie(left=("place", made.place_id), right=node, relation="where", compartment_id=circle)
    for leg in queries.legs_of(actor, made):
        tie(left=("movement", leg.pk), right=node, relation="leads to", compartment_id=circle)


@transaction.atomic
def change_destination(
    *, actor: Actor, destination: Destination, expected_version: int | None = None, **fields: Any
) -> Destination:
    """Country, place or dates. Whoever approved it approved something else."""
    row = _open(actor, destination, "dossier.change", expected_version)
    if unknown := set(fields) - {"country", "place", "starts", "ends"}:
        raise Refused("These fields cannot be changed", where=", ".join(sorted(unknown)))
    if "country" in fields:
        fields["country"] = queries.country_named(fields["country"])
    starts, ends = fields.get("starts", row.starts), fields.get("ends", row.ends)
    _check(row.operation, starts, ends, fields.get("place", row.place))
    differing = [name for name, value in fields.items() if getattr(row, name) != value]
    if not differing:
        return row
    for name in differing:
        setattr(row, name, fields[name])
    untie(right=("destination", row.pk), left_kinds=("advisory", "movement", "place"))
    _tie(actor, row)
    _moved_on(row, differing)
    _tell(actor, row, "changed", f"Destination {row.label} changed: {', '.join(differing)}")
    return row


@transaction.atomic
def write_statement(
    *,
    actor: Actor,
    destination: Destination,
    texts: Mapping[str, str],
    expected_version: int | None = None,
) -> Destination:
    """The texts of the statement by name; those left out stay as they are."""
    row = _open(actor, destination, "dossier.change", expected_version)
    if unknown := set(texts) - set(KEYS):
        raise Refused(
            "There is no such part", ", ".join(sorted(unknown)), f"Known: {', '.join(KEYS)}."
        )
    clean = {name: str(text).replace("\r\n", "\n").strip() for name, text in texts.items()}
    if long := [name for name, text in clean.items() if len(text) > LONGEST_TEXT]:
        raise Refused(f"A text has at most {LONGEST_TEXT} letters", where=", ".join(long))
    frame = {**row.frame, **clean}
    differing = sorted(name for name in clean if row.frame.get(name, "") != clean[name])
    if not differing:
        return row
    row.frame = frame
    _moved_on(row, ["frame"])
    _tell(actor, row, "written", f"Destination {row.label}: {', '.join(differing)} written")
    return row


def _moved_on(row: Destination, names: list[str]) -> None:
    row.version += 1
    row.updated_at = now()
    row.save(update_fields=[*names, "version", "updated_at"])
    changed(node=("destination", row.pk), reason=f"Destination {row.label} changed")


@transaction.atomic
def drop_destination(*, actor: Actor, destination: Destination) -> None:
    """Off the list, and no longer waited for; what was signed stays on record."""
    row = _open(actor, destination, "dossier.change", None)
    row.dropped_at = now()
    row.save(update_fields=["dropped_at"])
    forget(kind="destination", records=[row.pk], note="The destination was dropped")
    _tell(actor, row, "dropped", f"Destination {row.label} dropped")


@transaction.atomic
def add_fact(
    *,
    actor: Actor,
    destination: Destination,
    section: str,
    title: str,
    text: str,
    source: str = "",
    verified_on: date | None = None,
) -> DossierFact:
    """What was found out. The same title again corrects it; an empty text takes it off."""
    row = _open(actor, destination, "dossier.change", None)
    if section not in SECTIONS:
        raise Refused("There is no such section", section[:40], f"One of: {', '.join(SECTIONS)}.")
    title = " ".join(title.split())
    if not 2 <= len(title) <= 120:
        raise Refused("A fact needs a title of 2 to 120 letters", where="title")
    if verified_on and verified_on > now().date():
        raise Refused("It cannot have been verified in the future", where="verified on")
    if verified_on and not source.strip():
        raise Refused("Say where it was verified", "source", "A page, a person, a document.")
    fact = DossierFact.objects.create(
        key_id=row.key_id,
        compartment_id=row.compartment_id,
        destination=row,
        section=section,
        title=title,
        text=text.strip()[:LONGEST_TEXT],
        source=source.strip()[:400],
        verified_on=verified_on,
        by_id=actor.pk,
    )
    row.version += 1
    row.updated_at = now()
    row.save(update_fields=["version", "updated_at"])
    _tell(actor, row, "fact", f"Destination {row.label}: a fact on {section} written")
    return fact


@transaction.atomic
def approve_destination(
    *,
    actor: Actor,
    destination: Destination,
    until: datetime | None = None,
    note: str = "",
    expected_version: int | None = None,
) -> DossierApproval:
    """A named person says yes to what is left, until a time. What stands now is kept with it.

    Whoever signs has looked: the stale marks of this dossier are settled by it.
    """
    row = _open(actor, destination, "dossier.approve", expected_version)
    _named(actor, "approve a dossier")
    found = dossier(actor, row)
    until = until or _usual_end(row)
    _check_approval(row, found, until, note)
    at = now()
    snapshot = _snapshot(actor, found)
    made = _act(
        actor, row, DossierApproval.Act.APPROVED, note,
        snapshot=snapshot, level=found.score.level, until=until, at=at,
    )  # fmt: skip
    settle(actor=actor, kind="destination", records=[row.pk], before=at, note="Approved anew")
    text = f"Destination {row.label} approved until {until:%d %b %Y %H:%M} UTC"
    _tell(actor, row, "approved", text)
    return made


def _usual_end(row: Destination) -> datetime:
    """The day after the trip; a month when nobody knows its end."""
    over = (row.ends or row.starts + timedelta(days=30)) + timedelta(days=1)
    return min(max(over, now() + timedelta(days=1)), now() + LONGEST)


def _check_approval(row: Destination, found: Dossier, until: datetime, note: str) -> None:
    if found.gaps:
        raise Refused(
            f"The dossier is not whole: {'; '.join(found.gaps)}",
            where=row.label,
            mend="Write what is missing under Statement; every plan has an owner.",
        )
    if until <= now():
        raise Refused("This is already over", where="until", mend="Give a later time.")
    if until > now() + LONGEST:
        raise Refused("An approval holds at most 90 days", "until", "Give an earlier time.")
    if found.score.level is None and not note.strip():
        raise Refused(
            "No recent government advisory is on file",
            where="note",
            mend="Import one, or write why you approve without.",
        )
    if max(found.score.level or 0, found.score.part or 0) >= 4 and not note.strip():
        raise Refused(
            f"A government says: {level_words(4)}", "note", "Write why you approve all the same."
        )


@transaction.atomic
def withdraw_approval(*, actor: Actor, destination: Destination, note: str) -> DossierApproval:
    row = _open(actor, destination, "dossier.approve", None)
    _named(actor, "withdraw an approval")
    if not queries.standing(actor, row).approval:
        raise Conflict("Nobody has approved this dossier", where=row.label)
    if not note.strip():
        raise Refused("Say why it is withdrawn", where="note")
    made = _act(actor, row, DossierApproval.Act.WITHDRAWN, note)
    changed(node=("destination", row.pk), reason=f"Approval of {row.label} withdrawn")
    _tell(actor, row, "withdrawn", f"Approval of destination {row.label} withdrawn")
    return made


def _act(actor: Actor, row: Destination, act: str, note: str, **more: Any) -> DossierApproval:
    return DossierApproval.objects.create(
        key_id=row.key_id,
        compartment_id=row.compartment_id,
        destination=row,
        act=act,
        version=row.version,
        note=note.strip()[:2000],
        by=actor,
        name=str(actor)[:120],
        **more,
    )


@transaction.atomic
def keep_snapshot(*, actor: Actor, destination: Destination) -> DossierSnapshot:
    """As it stands now, to be compared with later."""
    row = _open(actor, destination, "dossier.change", None)
    return _snapshot(actor, dossier(actor, row))


def _snapshot(actor: Actor, found: Dossier) -> DossierSnapshot:
    row = found.destination
    return DossierSnapshot.objects.create(
        key_id=row.key_id,
        compartment_id=row.compartment_id,
        destination=row,
        country=row.country,
        content=found.shape(),
        by_id=actor.pk,
    )


@transaction.atomic
def check_number(
    *, actor: Actor, country: str, service: str, number: str, source: str
) -> NumberCheck:
    """A person puts their name to one emergency number. The second name makes it verified."""
    require_feeds(actor)
    _named(actor, "sign for a number")
    code = queries.country_named(country)
    if service not in SERVICES:
        raise Refused("There is no such service", service[:40], f"One of: {', '.join(SERVICES)}.")
    number = " ".join(number.split())
    if not (2 <= len(number) <= 20 and set(number) <= set("0123456789+*# ")):
        raise Refused("This is no telephone number", where=number[:20], mend="Digits only.")
    if len(source.strip()) < 5:
        raise Refused("Say where you saw it", "source", "An official page, or whom you rang.")
    own = {(c.service, c.number, c.person) for c in queries.number_checks(actor, code)}
    if (service, number, str(actor)) in own:
        raise Conflict("You have signed for it already", number, "The second name is another's.")
    return NumberCheck.objects.create(
        country=code, service=service, number=number, source=source.strip()[:300], by=actor
    )


def _open(
    actor: Actor, destination: Destination, action: str, expected_version: int | None
) -> Destination:
    """The row locked, and refused when somebody wrote while this page was open."""
    require(actor, action, destination.compartment_id)
    found = queries.destinations(actor).select_for_update(of=("self",))
    row = found.filter(pk=destination.pk).first()
    if row is None:
        raise Conflict("This destination was dropped", where=destination.label)
    if expected_version is not None and row.version != expected_version:
        raise Conflict(
            "Somebody changed this dossier while you were looking at it",
            where=row.label,
            mend="Load it again; what you typed is kept as a draft.",
        )
    return row


def _named(actor: Actor, what: str) -> None:
    if actor.is_system:
        raise Refused(f"Only a named person can {what}", mend="Use --as with a person's e-mail.")


def _tell(actor: Actor, row: Destination, event: str, text: str) -> None:
    announce(
        topic="destinations",
        event=event,
        text=text,
        compartment_id=row.compartment_id,
        operation_id=row.operation_id,
        record=("destination", row.pk),
        actor=actor,
    )

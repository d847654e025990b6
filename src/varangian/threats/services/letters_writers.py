"""Which addresses are one writer's: a person says so, or that they are not, and can undo it."""

from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require

from ..models import Writer, WriterTie
from .common import named
from .letters_common import clean, held, tell


@transaction.atomic
def tie_writers(*, actor: Actor, one: Writer, other: Writer, joined: bool, words: str) -> WriterTie:
    """One writer, or not; with the reason. An earlier word on the same two is undone by it."""
    require(actor, "letter.change", one.compartment_id)
    named(actor, "say whose addresses these are")
    words = clean(words.strip())[:1000]
    if not words:
        raise Refused("Say what tells it", where="words")
    if one.principal_id != other.principal_id:  # pyright: ignore
        raise Refused("They wrote to two principals", mend="Each principal's record stays its own.")
    if one.pk == other.pk:
        raise Refused("That is the same address", where=one.label)
    held(actor, one.principal)
    first, second = sorted((one, other), key=lambda row: row.serial)
    known = _standing(actor, first, second)
    if known is not None:
        if known.joined == joined:
            raise Conflict("That was said already", where=f"{first.label}, {second.label}")
        _undo(actor, known)
    made = WriterTie.objects.create(
        key_id=first.key_id,  # pyright: ignore
        compartment_id=first.compartment_id,
        one=first,
        other=second,
        joined=joined,
        by=actor,
        words=words,
    )
    _regroup(actor, first, second)
    said = "are one writer" if joined else "are not one writer"
    tell(one.principal, "writers", f"{first.label} and {second.label} {said}", actor)
    return made


@transaction.atomic
def untie_writers(*, actor: Actor, tie: WriterTie) -> WriterTie:
    require(actor, "letter.change", tie.compartment_id)
    named(actor, "say whose addresses these are")
    held(actor, tie.one.principal)
    if tie.undone_at is not None:
        raise Conflict("That was undone already", where=f"{tie.one.label}, {tie.other.label}")
    _undo(actor, tie)
    _regroup(actor, tie.one, tie.other)
    words = f"{tie.one.label} and {tie.other.label}: an earlier word on them is undone"
    tell(tie.one.principal, "writers", words, actor)
    return tie


def _standing(actor: Actor, first: Writer, second: Writer) -> WriterTie | None:
    rows = WriterTie.objects.visible_to(actor).filter(undone_at=None)
    return rows.filter(one=first, other=second).first()


def _undo(actor: Actor, tie: WriterTie) -> None:
    tie.undone_by, tie.undone_at = actor, now()
    tie.save(update_fields=["undone_by", "undone_at"])


def _regroup(actor: Actor, *touched: Writer) -> None:
    """Groups are what the standing ties join; each is named by its first address."""
    rows = Writer.objects.visible_to(actor)
    groups = rows.filter(pk__in=[one.pk for one in touched]).values_list("group", flat=True)
    members = {row.pk: row for row in rows.filter(group__in=list(groups))}
    ties = WriterTie.objects.visible_to(actor).filter(undone_at=None, joined=True)
    ties = ties.filter(one__in=members, other__in=members)
    parent: dict[UUID, UUID] = {pk: pk for pk in members}

    def root(pk: UUID) -> UUID:
        while parent[pk] != pk:
            pk = parent[pk]
        return pk

    for one, other in ties.values_list("one_id", "other_id"):
        first, second = sorted((root(one), root(other)), key=lambda pk: members[pk].serial)
        parent[second] = first
    for row in members.values():
        row.group = root(row.pk)
    rows.bulk_update(members.values(), ["group"])

"""Reads of communications of concern."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from varangian.engines.communications.lexicon import KINDS
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.principals import queries as principals

from ..models import Communication, ImportLine, LetterImport, Triage, Writer, WriterTie, WriterTrait

TOO_COMMON = 20
"""A thing that more writers share tells nobody from others."""
SIGNS = tuple(kind for kind in KINDS if kind not in ("time", "place", "polite"))
"""Kinds of words by which a list can be narrowed."""


@dataclass(frozen=True)
class Filter:
    """Empty means all."""

    writer: str = ""
    channel: str = ""
    sign: str = ""
    triaged: str = ""
    """``no``, ``yes``."""
    doubt: str = ""
    """``yes``: only those whose time is doubtful."""

    def refuse(self) -> None:
        known = {
            "channel": Communication.Channel.values,
            "sign": SIGNS,
            "triaged": ("no", "yes"),
            "doubt": ("yes",),
        }
        for name, values in known.items():
            value = getattr(self, name)
            if value and value not in values:
                raise Refused(f"There is no such {name}", where=value, mend=", ".join(values))


@dataclass
class Proposal:
    """Two groups of addresses may be one writer's, with all that they share."""

    other: Writer
    shared: list[tuple[str, str]] = field(default_factory=list)


def principal_with_letters(actor: Actor, slug: str) -> Any:
    """The principal, for those who may see what reached them."""
    found = principals.principal(actor, slug)
    require(actor, "letter.view", found.compartment_id)
    return found


def principals_with_letters(actor: Actor) -> Any:
    """Whose communications this person may see, with how many wait."""
    mine = Q(communications__direction="in")
    return (
        principals.principals(actor, action="letter.view")
        .exclude(state="erased")
        .annotate(
            letters=Count("communications"),
            waiting=Count("communications", filter=mine & Q(communications__triaged_at=None)),
            last_letter=Max("communications__at"),
        )
    )


def communications(
    actor: Actor, principal: Any = None, wanted: Filter | None = None
) -> QuerySet[Communication]:
    """The newest first."""
    found = Communication.objects.visible_to(actor)
    if principal is not None:
        found = found.filter(principal=principal)
    if wanted is not None:
        found = _narrowed(actor, found, wanted)
    return found.select_related("principal", "writer", "triaged_by").order_by("-serial", "pk")


def _narrowed(actor: Actor, found: Any, wanted: Filter) -> Any:
    wanted.refuse()
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.sign:
        found = found.filter(kinds__contains=[wanted.sign])
    if wanted.triaged:
        found = found.filter(triaged_at__isnull=wanted.triaged == "no")
    if wanted.doubt:
        found = found.exclude(doubt="")
    if wanted.writer:
        groups = Writer.objects.visible_to(actor).filter(pk=_uuid(wanted.writer))
        found = found.filter(writer__group__in=groups.values("group"))
    return found


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Refused("This names no writer", where=words) from error


def communication(actor: Actor, pk: UUID) -> Communication:
    rows = Communication.objects.visible_to(actor).filter(pk=pk)
    near = ("principal", "writer", "near", "brought_by", "original", "triaged_by", "entered_by")
    return _one(rows.select_related(*near), "communication", pk)


def communication_numbered(actor: Actor, principal: Any, serial: int) -> Communication:
    rows = communications(actor, principal).filter(serial=serial)
    return _one(rows.select_related("brought_by", "original"), "communication", f"C{serial}")


def waiting(actor: Actor, principal: Any) -> QuerySet[Communication]:
    """Not looked at by anybody yet, the oldest first; what a machine sent comes last."""
    found = Communication.objects.visible_to(actor).filter(principal=principal, triaged_at=None)
    return found.filter(direction="in").order_by("by_machine", "serial")


def next_waiting(actor: Actor, principal: Any, after: Communication | None) -> Any:
    """The one that follows ``after``, or the first again when all later ones are done."""
    found = waiting(actor, principal)
    if after is None:
        return found.first()
    machine, serial = after.by_machine, after.serial
    later = Q(by_machine=machine, serial__gt=serial)
    if not machine:
        later |= Q(by_machine=True)
    return found.filter(later).first() or found.exclude(pk=after.pk).first()


def triages(actor: Actor, communication: Communication) -> QuerySet[Triage]:
    """The newest first."""
    rows = Triage.objects.visible_to(actor).filter(communication=communication)
    return rows.select_related("by").order_by("-at")


def imports(actor: Actor, principal: Any = None) -> QuerySet[LetterImport]:
    found = LetterImport.objects.visible_to(actor).select_related("principal", "asked_by")
    return found.filter(principal=principal) if principal is not None else found


def letter_import(actor: Actor, pk: UUID) -> LetterImport:
    return _one(imports(actor).filter(pk=pk), "import", pk)


def import_lines(actor: Actor, batch: LetterImport, kind: str = "") -> QuerySet[ImportLine]:
    found = ImportLine.objects.visible_to(actor).filter(brought_by=batch)
    found = found.filter(kind=kind) if kind else found
    return found.select_related("communication").order_by("file", "number", "pk")


def writers(actor: Actor, principal: Any) -> QuerySet[Writer]:
    """With what each sent; who sent most comes first."""
    sent = Q(communications__direction="in", communications__by_machine=False)
    return (
        Writer.objects.visible_to(actor)
        .filter(principal=principal)
        .annotate(
            sent=Count("communications", filter=sent),
            first=Min("communications__at", filter=sent),
            last=Max("communications__at", filter=sent),
        )
        .order_by("-sent", "serial")
    )


def writer(actor: Actor, pk: UUID) -> Writer:
    rows = Writer.objects.visible_to(actor).select_related("principal")
    return _one(rows.filter(pk=pk), "writer", pk)


def writer_numbered(actor: Actor, principal: Any, serial: int) -> Writer:
    rows = Writer.objects.visible_to(actor).select_related("principal")
    return _one(rows.filter(principal=principal, serial=serial), "writer", f"W{serial}")


def group_of(actor: Actor, writer: Writer) -> list[Writer]:
    """All addresses that a person said are this one writer's."""
    rows = Writer.objects.visible_to(actor).filter(group=writer.group)
    return list(rows.order_by("serial"))


def contacts(actor: Actor, group: Iterable[Writer]) -> QuerySet[Communication]:
    """What this writer sent, the oldest first; what a machine sent in their name is left out."""
    rows = Communication.objects.visible_to(actor).filter(writer__in=list(group), direction="in")
    return rows.filter(by_machine=False).select_related("writer").order_by("at", "serial")


def ties(actor: Actor, group: Iterable[Writer]) -> QuerySet[WriterTie]:
    """Everything that was said about these addresses, the newest first."""
    mine = list(group)
    rows = WriterTie.objects.visible_to(actor).filter(Q(one__in=mine) | Q(other__in=mine))
    return rows.select_related("one__principal", "other", "by", "undone_by")


def tie(actor: Actor, pk: UUID) -> WriterTie:
    rows = WriterTie.objects.visible_to(actor).select_related("one__principal", "other")
    return _one(rows.filter(pk=pk), "word on two writers", pk)


def proposals(actor: Actor, group: list[Writer]) -> list[Proposal]:
    """Other addresses that share something with these; never those a person told apart."""
    mine = {one.pk: one for one in group}
    apart = _told_apart(actor, mine)
    found: dict[UUID, Proposal] = {}
    for other, reason, shown in [*_by_traits(actor, group), *_by_words(actor, group)]:
        if other.pk in mine or other.group in apart:
            continue
        held = found.setdefault(other.pk, Proposal(other))
        if (reason, shown) not in held.shared:
            held.shared.append((reason, shown))
    return sorted(found.values(), key=lambda one: (-len(one.shared), one.other.serial))


def _told_apart(actor: Actor, mine: dict[UUID, Writer]) -> set[UUID]:
    rows = ties(actor, mine.values()).filter(joined=False, undone_at=None)
    return {(row.other if row.one_id in mine else row.one).group for row in rows}  # pyright: ignore


def _by_traits(actor: Actor, group: list[Writer]) -> list[tuple[Writer, str, str]]:
    traits = WriterTrait.objects.visible_to(actor)
    own = list(traits.filter(writer__in=group))
    keys = {(one.reason, one.print): one.shown for one in own}
    if not keys:
        return []
    same = traits.filter(print__in=[mark for _, mark in keys], writer__principal=group[0].principal)
    by: dict[tuple[str, str], list[Writer]] = {}
    for one in same.select_related("writer"):
        if (one.reason, one.print) in keys:
            by.setdefault((one.reason, one.print), []).append(one.writer)
    return [
        (other, reason, keys[reason, mark])
        for (reason, mark), others in by.items()
        if len(others) <= TOO_COMMON
        for other in others
    ]


def _by_words(actor: Actor, group: list[Writer]) -> list[tuple[Writer, str, str]]:
    rows = Communication.objects.visible_to(actor).exclude(near=None)
    rows = rows.filter(Q(writer__in=group) | Q(near__writer__in=group))
    found = []
    for row in rows.select_related("writer", "near__writer").only(
        "serial", "writer", "near__serial", "near__writer"
    )[:200]:
        near: Any = row.near
        for other in (row.writer, near.writer):
            if other is not None:
                shown = f"{row.label} and {near.label}"
                found.append((other, "near-same text", shown))
    return found


def find(actor: Actor, text: str, most: int) -> list[Communication]:
    """By number and subject, which is sealed: the newest are opened one by one."""
    wanted = text.casefold()
    rows = communications(actor)[:most]
    return [row for row in rows if wanted in f"{row.label} {row.subject}".casefold()]


def _one(found: Any, words: str, name: Any) -> Any:
    row = found.first()
    if row is None:
        raise NotFound(f"There is no such {words}, or it is not yours to see", where=str(name))
    return row

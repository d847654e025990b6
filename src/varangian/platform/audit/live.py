"""Verify the living house: the audit chain, its checkpoints, and every chain of the features."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from varangian.kernel.chain import START, Break, first_break
from varangian.platform.access.scope import system_read

from .chains import walks
from .models import AuditEntry, AuditSeal, Checkpoint, Watermark
from .services import content
from .signing import public_key
from .verify import checkpoint_message, genuine


@dataclass(frozen=True)
class Finding:
    """One chain: how far it goes, and where it first breaks (serial and why), if it does."""

    chain: str
    entries: int
    head: str
    serial: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return not self.reason


def verify_house() -> list[Finding]:
    """All chains, from their first entries. Needs a role that sees every log."""
    found = [verify_audit()]
    for kind, walk in walks().items():
        for name, state in walk():
            broken = state.broken
            place = (broken.serial, broken.reason) if broken else (None, "")
            found.append(Finding(f"{kind} {name}", state.serial, state.head, *place))
    return found


@system_read("the verifier walks the audit; it shows no content")
def verify_audit(newest: int | None = None) -> Finding:
    """The chain and its signed checkpoints; with ``newest`` only that many entries."""
    top = AuditSeal.objects.order_by("-serial").first()
    last, head = (top.serial, top.hash) if top else (0, START)
    begin = max(1, last - newest + 1) if newest else 1
    before = AuditSeal.objects.filter(serial=begin - 1).first() if begin > 1 else None
    walk = _Ends(_links(begin))
    broken = first_break(walk, before.hash if before else START)
    if last and walk.first != begin:
        broken = Break(begin, "it is missing")
    elif broken is None and walk.last < last:
        broken = Break(walk.last + 1, "it is missing")
    broken = broken or _checkpoint_break(begin, last) or (None if newest else _left_out(last))
    place = (broken.serial, broken.reason) if broken else (None, "")
    return Finding("audit", last, head, *place)


class _Ends:
    """Remembers the first and the last serial while the chain is walked."""

    def __init__(self, links: Iterator[dict[str, Any]]) -> None:
        self.links, self.first, self.last = links, 0, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for entry in self.links:
            self.first = self.first or entry["serial"]
            self.last = entry["serial"]
            yield entry


def _links(begin: int) -> Iterator[dict[str, Any]]:
    rows = AuditSeal.objects.filter(serial__gte=begin).select_related("entry").order_by("serial")
    for seal in rows.iterator(2000):
        yield {
            "serial": seal.serial,
            "previous": seal.previous,
            "hash": seal.hash,
            "content": content(seal.entry),
        }


def _checkpoint_break(begin: int, last: int) -> Break | None:
    """Signatures hold what the chain alone cannot: that its end was not cut off and rewritten."""
    ours = public_key()
    points = Checkpoint.objects.filter(serial__gte=begin).order_by("serial", "pk")
    hashes = dict(
        AuditSeal.objects.filter(serial__in=points.values("serial")).values_list("serial", "hash")
    )
    for point in points.iterator(2000):
        message = checkpoint_message(point.at.isoformat(), point.serial, point.hash)
        if point.public_key != ours or not genuine(message, point.signature, point.public_key):
            return Break(point.serial, "its checkpoint is not signed with the key of this house")
        if point.serial > last:
            return Break(last + 1, f"entries up to the signed head {point.serial} are missing")
        if hashes.get(point.serial) != point.hash:
            return Break(point.serial, "the chain does not pass through the signed head")
    return None


def _left_out(last: int) -> Break | None:
    """What the sealer has passed and never sealed."""
    skipped = AuditEntry.objects.filter(pk__lte=_below(), seal=None).order_by("pk").first()
    reason = f"entry number {skipped.pk} was never sealed" if skipped else ""
    return Break(last + 1, reason) if skipped else None


@system_read("how much waits for the sealer")
def unsealed() -> int:
    return AuditEntry.objects.filter(pk__gt=_below(), seal=None).count()


def _below() -> int:
    return Watermark.objects.values_list("below", flat=True).first() or 0

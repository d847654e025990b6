"""What an attached archive holds, by its own list of contents. Nothing is unpacked."""

import tarfile
from typing import BinaryIO

from varangian.kernel import zips
from varangian.kernel.results import Refused

from .model import Limits, Member, Remark

NOT_LISTED = {"rar", "7z", "gzip", "bzip2", "xz", "cab"}
LOCKED = 0x1
MOST_SCANNED = 20_000
"""Entries of a tar that are walked over to count them."""


def members_of(
    source: BinaryIO, found: str, place: str, limits: Limits
) -> tuple[tuple[Member, ...] | None, int, list[Remark]]:
    """(the first members, how many in all, notes); None when it is not listed."""
    where = f"part {place}"
    if found in NOT_LISTED:
        told = f"An archive of the kind {found} is not looked into."
        return None, 0, [Remark(where, told, "Open it on a machine that holds nothing else.")]
    try:
        return _zip(source, where, limits) if found == "zip" else _tar(source, where, limits)
    except Refused as refused:
        return None, 0, [Remark(where, f"{refused.what}.", refused.mend)]


def _zip(
    source: BinaryIO, where: str, limits: Limits
) -> tuple[tuple[Member, ...], int, list[Remark]]:
    infos = zips.listed(source)
    kept = tuple(
        Member(info.filename[:200], info.file_size, bool(info.flag_bits & LOCKED))
        for info in infos[: limits.members]
    )
    notes = []
    bursting = [info.filename[:60] for info in infos if zips.would_burst(info)]
    if bursting:
        told = f"{len(bursting)} of its files would unpack to far more than they are: {bursting[0]}"
        notes.append(Remark(where, f"{told}.", "It may be meant to do harm; do not unpack it."))
    locked = sum(bool(info.flag_bits & LOCKED) for info in infos)
    if locked:
        told = f"{locked} of its files are locked by a password."
        notes.append(Remark(where, told, "Programs that search for harm cannot look into it."))
    return kept, len(infos), [*notes, *_cut(len(infos), where, limits)]


def _tar(
    source: BinaryIO, where: str, limits: Limits
) -> tuple[tuple[Member, ...], int, list[Remark]]:
    kept: list[Member] = []
    count, notes = 0, []
    try:
        with tarfile.open(fileobj=source, mode="r:") as archive:
            while count < MOST_SCANNED and (info := archive.next()) is not None:
                count += 1
                archive.members = []  # it would keep them all
                if len(kept) < limits.members:
                    kept.append(Member(info.name[:200], info.size))
    except Exception as error:  # a tar is one long chain of heads; any may be broken
        told = f"The list of contents ends in a fault ({type(error).__name__})."
        notes.append(Remark(where, told, "Ask for it again."))
    return tuple(kept), count, [*notes, *_cut(count, where, limits)]


def _cut(count: int, where: str, limits: Limits) -> list[Remark]:
    if count <= limits.members:
        return []
    return [Remark(where, f"It holds {count} files; the first {limits.members} are named.")]

"""Compound files as Outlook writes its mails (.msg) into them, made from nothing for tests."""

import struct
from collections.abc import Iterable

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ROOT, STORAGE, STREAM = 5, 1, 2
type Streams = dict[tuple[str, ...], bytes]


def _padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (-len(data) % size)


def compound(streams: Streams) -> bytes:
    """``streams``: {("__attach...", "__substg1.0_..."): bytes}."""
    small, small_fat, sectors, fat = b"", [], b"", []
    starts: dict[tuple[str, ...], int] = {}
    for path, data in streams.items():
        if len(data) < CUTOFF:
            starts[path] = len(small_fat) if data else END
            count = -(-len(data) // SMALL)
            small_fat += [*range(len(small_fat) + 1, len(small_fat) + count), END][:count]
            small += _padded(data, SMALL)
        else:
            starts[path], sectors, fat = _put(data, sectors, fat)
    at_small, sectors, fat = _put(small, sectors, fat)
    table = b"".join(struct.pack("<I", one) for one in small_fat)
    at_table, sectors, fat = _put(_padded(table, SECTOR), sectors, fat)
    folder = _folder(streams, starts, at_small, len(small))
    at_folder, sectors, fat = _put(folder, sectors, fat)
    count = 1
    while count * 128 < len(fat) + count:
        count += 1
    first = len(fat)
    fat += [FAT] * count
    fat += [FREE] * (count * 128 - len(fat))
    sectors += b"".join(struct.pack("<I", one) for one in fat)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIII", 0, count, at_folder, 0, CUTOFF, at_table)
    head += struct.pack("<III", -(-len(table) // SECTOR), END, 0)
    places = [*range(first, first + count)]
    head += b"".join(struct.pack("<I", one) for one in [*places, *[FREE] * (109 - count)])
    return head + sectors


def _put(data: bytes, sectors: bytes, fat: list[int]) -> tuple[int, bytes, list[int]]:
    if not data:
        return END, sectors, fat
    start, count = len(fat), -(-len(data) // SECTOR)
    return (
        start,
        sectors + _padded(data, SECTOR),
        [*fat, *range(start + 1, start + count), END],
    )


def _folder(
    streams: Streams, starts: dict[tuple[str, ...], int], at_small: int, small: int
) -> bytes:
    """Entries of the root, the storages and the streams; siblings as one chain to the right."""
    paths: list[tuple[str, ...]] = [()]
    for path in streams:
        for depth in range(1, len(path) + 1):
            if path[:depth] not in paths:
                paths.append(path[:depth])
    number = {path: at for at, path in enumerate(paths)}
    children: dict[tuple[str, ...], list[int]] = {}
    for path in paths[1:]:
        children.setdefault(path[:-1], []).append(number[path])
    right = {
        one: after
        for row in children.values()
        for one, after in zip(row, [*row[1:], FREE], strict=True)
    }
    out = b""
    for path in paths:
        name = (path[-1] if path else "Root Entry").encode("utf-16-le") + b"\0\0"
        kind = ROOT if not path else STREAM if path in streams else STORAGE
        child = children.get(path, [FREE])[0]
        start = at_small if not path else starts.get(path, 0)
        size = small if not path else len(streams.get(path, b""))
        out += name.ljust(64, b"\0") + struct.pack("<HBB", len(name), kind, 1)
        out += struct.pack("<III", FREE, right.get(number[path], FREE), child)
        out += bytes(16) + struct.pack("<I16xIQ", 0, start, size)
    blank = bytes(68) + struct.pack("<III", FREE, FREE, FREE) + bytes(48)
    return out + blank * (-len(paths) % 4)


def outlook(
    texts: dict[str, str],
    *,
    html: bytes = b"",
    attachments: Iterable[dict[str, bytes | str]] = (),
    inner: Streams | None = None,
) -> bytes:
    """A mail of Outlook. ``texts``: property ("0037") to words; an attachment likewise."""
    streams = _message(texts, html, 32)
    rows = list(attachments)
    for number, row in enumerate(rows):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[folder, "__properties_version1.0"] = bytes(8)
        for tag, value in row.items():
            kind = "001F" if isinstance(value, str) else "0102"
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            streams[folder, f"__substg1.0_{tag}{kind}"] = data
    if inner is not None:
        folder = f"__attach_version1.0_#{len(rows):08X}"
        streams[folder, "__properties_version1.0"] = bytes(8)
        for path, data in inner.items():
            streams[(folder, "__substg1.0_3701000D", *path)] = data
    return compound(streams)


def message_streams(texts: dict[str, str]) -> Streams:
    return _message(texts, b"", 24)


def _message(texts: dict[str, str], html: bytes, skip: int) -> Streams:
    ticks = 134_087_616_000_000_000  # 23 November 2025
    properties = bytes(skip) + struct.pack("<HHIQ", 0x40, 0x0039, 6, ticks)
    streams: Streams = {("__properties_version1.0",): properties}
    for tag, words in texts.items():
        streams[(f"__substg1.0_{tag}001F",)] = words.encode("utf-16-le")
    if html:
        streams[("__substg1.0_10130102",)] = html
    return streams

"""Zip files from strangers: what lies in one, and one member of it, never more than agreed."""

import struct
import zipfile
from io import BytesIO
from typing import BinaryIO

from varangian.kernel.results import Refused

MOST_MEMBERS = 500
MOST_LIST = 4 * 1024**2
"""Bytes of the list of contents: it is read whole."""
MOST_RATIO = 200
RATIO_FROM = 100_000
END = b"PK\x05\x06"


def listed(source: BinaryIO) -> list[zipfile.ZipInfo]:
    """All that the list of contents names; nothing is unpacked.

    Raises Refused for a zip that is broken or whose list alone would fill the memory.
    """
    _refuse_long_list(source)
    try:
        with zipfile.ZipFile(source) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise Refused("This zip file is broken", mend="Ask for it again.") from error


def _refuse_long_list(source: BinaryIO) -> None:
    size = source.seek(0, 2)
    source.seek(max(0, size - 66_000))
    tail = source.read(66_000)
    source.seek(0)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 16:
        return
    long = struct.unpack_from("<I", tail, at + 12)[0]
    if long > MOST_LIST:
        raise Refused(f"The list of contents has {long / 1024**2:.0f} MB; it was not read")


def members(data: bytes) -> dict[str, zipfile.ZipInfo]:
    """What lies in the zip. Raises Refused for one that is broken, or made to burst."""
    found = listed(BytesIO(data))
    if len(found) > MOST_MEMBERS:
        raise Refused(
            f"The zip file holds more than {MOST_MEMBERS} files", mend="Send it unpacked."
        )
    return {info.filename: info for info in found}


def would_burst(info: zipfile.ZipInfo) -> bool:
    ratio = info.file_size / max(info.compress_size, 1)
    return info.file_size > RATIO_FROM and ratio > MOST_RATIO


def unpacked(data: bytes, info: zipfile.ZipInfo, most: int) -> bytes:
    """One member, and never more than ``most`` bytes of it whatever its head says."""
    if info.file_size > most or would_burst(info):
        size = info.file_size / 1024**2
        raise Refused(
            f"{info.filename[:60]} would unpack to {size:.0f} MB; it was not opened",
            mend="Such a file is broken or meant to do harm.",
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(info) as handle:
            found = handle.read(most + 1)
    except Exception as error:  # encrypted, damaged, an unknown method: all the same here
        raise Refused(
            f"{info.filename[:60]} cannot be unpacked", mend="Ask for it again."
        ) from error
    if len(found) > most:
        raise Refused(f"{info.filename[:60]} is larger than it says; it was not read")
    return found

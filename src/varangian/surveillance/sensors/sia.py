"""Messages of alarm panels after ANSI/SIA DC-09: read, checked, opened and answered. Pure."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MOST = 1024
AHEAD_S, BEHIND_S = 20, 40
"""How far the clock of a message may be from ours (DC-09, 5.5.1.9)."""
FRAME = re.compile(
    rb'\n?([0-9A-Fa-f]{4})0([0-9A-Fa-f]{3})("(\*?)([A-Z0-9-]{2,12})"(\d{4})'
    rb"(R[0-9A-Fa-f]{1,6})?(L[0-9A-Fa-f]{1,6})#([0-9A-Za-z]{3,16})\[(.*?))\r?\Z",
    re.DOTALL,
)
STAMP = re.compile(r"_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})$")
SIA = re.compile(r"(?:/|^)(?!ri|id|pi|ti)([A-Z]{2})(\d{0,5})")
CONTACT = re.compile(r"([136])(\d{3}) ([0-9A-F]{2}) ([0-9A-F]{3})")
CODES = {
    "BA": "Burglary alarm", "BR": "Burglary alarm over", "FA": "Fire alarm",
    "FR": "Fire alarm over", "PA": "Panic alarm", "HA": "Hold-up alarm", "TA": "Tamper",
    "MA": "Medical alarm", "OP": "Opened", "CL": "Closed", "RP": "Test", "AT": "Mains lost",
    "AR": "Mains back", "YT": "Battery low", "YR": "Battery good", "PR": "Panic alarm over",
}  # fmt: skip
CONTACTS = {
    "100": "MA", "110": "FA", "120": "PA", "121": "HA", "122": "PA", "123": "PA", "130": "BA",
    "131": "BA", "132": "BA", "137": "TA", "301": "AT", "302": "YT", "401": "OP", "602": "RP",
}  # fmt: skip
OVER = {"BA": "BR", "FA": "FR", "PA": "PR", "HA": "PR", "AT": "AR", "YT": "YR", "OP": "CL"}
PANIC = frozenset({"PA", "HA"})


class Garbled(Exception):
    """Not a message, or its sum is wrong: no answer, so that it is sent again."""


class Stale(Exception):
    """The clock of the panel is outside of the window: answered with our time."""


class Unusable(Exception):
    """Well formed, and nothing can be done with it."""


@dataclass(frozen=True)
class Message:
    kind: str
    sequence: str
    receiver: str
    line: str
    account: str
    encrypted: bool
    body: str
    """After the bracket; hexadecimal digits when it is encrypted."""
    crc: str


@dataclass(frozen=True)
class Happened:
    """``code`` is empty for a sign of life."""

    code: str = ""
    zone: str = ""
    at: datetime | None = None

    @property
    def words(self) -> str:
        words = CODES.get(self.code, f"Code {self.code}")
        return f"{words}, zone {self.zone}" if self.zone else words


def crc16(data: bytes) -> int:
    """CRC-16/ARC, as DC-09 asks."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def read(frame: bytes) -> Message:
    """Raises Garbled."""
    found = FRAME.match(frame[: MOST + 1]) if len(frame) <= MOST else None
    if found is None:
        raise Garbled("no message")
    crc, length, whole, star, kind, sequence, receiver, line, account, body = found.groups()
    if int(length, 16) != len(whole) or int(crc, 16) != crc16(whole):
        raise Garbled("the sum is wrong")
    return Message(
        kind.decode(), sequence.decode(), (receiver or b"R0").decode(), line.decode(),
        account.decode(), bool(star), body.decode("latin-1"), crc.decode().upper(),
    )  # fmt: skip


def happened(message: Message, key: str, now: datetime) -> Happened:
    """Opened with ``key`` (hexadecimal) where the panel has one. Raises Stale or Unusable."""
    if message.encrypted != bool(key):
        raise Unusable("the panel encrypts and has no key here, or the other way round")
    text = _open(message.body, key) if message.encrypted else message.body
    data, _, rest = text.partition("]")
    at = _stamp(rest)
    if at is None and message.encrypted:
        raise Unusable("an encrypted message has a time")
    if at is not None and not -BEHIND_S <= (at - now).total_seconds() <= AHEAD_S:
        raise Stale
    if message.kind == "NULL":
        return Happened(at=at)
    return _meaning(message, data.partition("|")[2] or data, at)


def _open(body: str, key: str) -> str:
    try:
        sealed = bytes.fromhex(body)
        opener = Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(bytes(16))).decryptor()
        plain = (opener.update(sealed) + opener.finalize()).decode("latin-1")
    except ValueError as error:
        raise Unusable("it cannot be opened") from error
    inner = plain.partition("|")[2]
    if "]" not in inner:
        raise Unusable("it was sealed with another key")
    return inner


def _stamp(rest: str) -> datetime | None:
    found = STAMP.search(rest)
    if not found:
        return None
    try:
        return datetime.strptime(found[1], "%H:%M:%S,%m-%d-%Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _meaning(message: Message, data: str, at: datetime | None) -> Happened:
    if message.kind == "ADM-CID":
        found = CONTACT.search(data)
        if found is None:
            raise Unusable("no event of Contact ID")
        code = CONTACTS.get(found[2], found[2])
        code = OVER.get(code, f"{code}R") if found[1] == "3" else code
        return Happened(code, found[4].lstrip("0"), at)
    if message.kind != "SIA-DCS":
        raise Unusable("a kind of message that is not known here")
    found = SIA.search(data.lstrip("NO"))
    if found is None:
        raise Unusable("no event of SIA")
    return Happened(found[1], found[2].lstrip("0"), at)


def acknowledge(message: Message, key: str, now: datetime) -> bytes:
    head = f"{message.sequence}{message.receiver}{message.line}#{message.account}["
    if not message.encrypted:
        return frame(f'"ACK"{head}]')
    text = f"|]{now:_%H:%M:%S,%m-%d-%Y}"
    padded = os.urandom(-len(text) % 16).hex()[: -len(text) % 16] + text
    sealer = Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(bytes(16))).encryptor()
    sealed = sealer.update(padded.encode()) + sealer.finalize()
    return frame(f'"*ACK"{head}{sealed.hex().upper()}')


def refuse(now: datetime) -> bytes:
    """NAK, with our time."""
    return frame(f'"NAK"0000R0L0A0[]{now:_%H:%M:%S,%m-%d-%Y}')


def unable(message: Message) -> bytes:
    """DUH: heard, and of no use here."""
    return frame(f'"DUH"{message.sequence}{message.receiver}{message.line}#{message.account}[]')


def frame(text: str) -> bytes:
    data = text.encode("latin-1")
    return b"\n" + f"{crc16(data):04X}0{len(data):03X}".encode() + data + b"\r"

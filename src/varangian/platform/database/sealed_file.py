"""One encrypted file of any length, written and read in chunks.

Layout: the line ``VARANGIAN SEALED FILE 1``, one line of JSON with the parameters, then chunks of
``chunk`` plain bytes, each AES-256-GCM with a tag of 16 bytes. The key is scrypt(passphrase, salt),
64 bytes: the first half encrypts, the SHA-256 of the second half is ``check`` and tells a wrong
passphrase from damage. The nonce of a chunk is 7 random bytes of the file, its number (4 bytes) and
1 for the last chunk, else 0, so that chunks cannot be swapped, left out or cut off; both lines are
bound in as associated data.
"""

import hashlib
import json
import os
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from varangian.kernel.results import Refused

MAGIC = b"VARANGIAN SEALED FILE 1\n"
CHUNK = 1024 * 1024
TAG = 16
COST = {"n": 2**17, "r": 8, "p": 1}
MOST_COST = {"n": 2**20, "r": 16, "p": 4}
MOST_CHUNK = 16 * 1024 * 1024
SHORTEST = 12


def _keys(passphrase: str, salt: bytes, cost: dict[str, int]) -> tuple[AESGCM, str]:
    secret = Scrypt(salt=salt, length=64, **cost).derive(passphrase.encode())
    return AESGCM(secret[:32]), hashlib.sha256(secret[32:]).hexdigest()


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


class SealedWriter:
    """``write`` as often as needed, ``close`` once: without it the file counts as cut off."""

    def __init__(self, out: BinaryIO, passphrase: str, kind: str = "backup") -> None:
        if len(passphrase) < SHORTEST:
            raise Refused(f"A passphrase of a {kind} has at least {SHORTEST} signs")
        salt, self.prefix = os.urandom(16), os.urandom(7)
        self.cipher, check = _keys(passphrase, salt, COST)
        given = {
            **COST,
            "kdf": "scrypt",
            "salt": salt.hex(),
            "check": check,
            "cipher": "AES-256-GCM",
            "chunk": CHUNK,
            "nonce": self.prefix.hex(),
        }
        self.head = MAGIC + json.dumps(given).encode() + b"\n"
        self.out, self.number, self.waiting = out, 0, bytearray()
        out.write(self.head)

    def write(self, data: bytes) -> int:
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._chunk(bytes(self.waiting[:CHUNK]), last=False)
            del self.waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._chunk(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _chunk(self, plain: bytes, last: bool) -> None:
        nonce = _nonce(self.prefix, self.number, last)
        self.out.write(self.cipher.encrypt(nonce, plain, self.head))
        self.number += 1


class SealedReader:
    """``read`` gives authentic bytes only; the end comes after the last chunk was proved last."""

    def __init__(
        self, source: BinaryIO, passphrase: str, name: str = "", kind: str = "backup"
    ) -> None:
        self.source, self.name, self.kind = source, name, kind
        self.number, self.plain, self.ended = 0, b"", False
        given = self._head()
        self.cipher, check = _keys(
            passphrase, bytes.fromhex(given["salt"]), {k: given[k] for k in COST}
        )
        if check != given["check"]:
            raise Refused(f"The passphrase does not fit this {kind}", where=name)
        self.prefix, self.size = bytes.fromhex(given["nonce"]), given["chunk"] + TAG
        self.ahead = source.read(self.size)

    def _head(self) -> dict[str, Any]:
        magic = self.source.readline(len(MAGIC))
        line = self.source.readline(2048)
        self.head, given = magic + line, {}
        try:
            given = json.loads(line)
            fits = (
                magic == MAGIC
                and (given["kdf"], given["cipher"]) == ("scrypt", "AES-256-GCM")
                and all(1 <= given[name] <= most for name, most in MOST_COST.items())
                and given["n"] & (given["n"] - 1) == 0
                and 1 <= given["chunk"] <= MOST_CHUNK
                and len(bytes.fromhex(given["nonce"])) == 7
                and len(bytes.fromhex(given["salt"])) == 16
                and len(bytes.fromhex(given["check"])) == 32
            )
        except (ValueError, KeyError, TypeError):
            fits = False
        if not fits:
            raise Refused(f"This is no {self.kind} of Varangian", where=self.name)
        return given

    def read(self, size: int = -1) -> bytes:
        while not self.ended and (size < 0 or len(self.plain) < size):
            self.plain += self._next()
        if size < 0:
            size = len(self.plain)
        given, self.plain = self.plain[:size], self.plain[size:]
        return given

    def _next(self) -> bytes:
        sealed, self.ahead = self.ahead, self.source.read(self.size)
        last = not self.ahead
        try:
            nonce = _nonce(self.prefix, self.number, last)
            plain = self.cipher.decrypt(nonce, sealed, self.head)
        except InvalidTag as error:
            raise Refused(
                f"The {self.kind} is damaged or cut off in part {self.number + 1}",
                where=self.name,
                mend="Take another copy of it.",
            ) from error
        self.number += 1
        self.ended = last
        return plain

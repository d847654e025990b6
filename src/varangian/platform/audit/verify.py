"""Verify an exported bundle with nothing but the file: no database, no settings, no network.

The bundle comes from a stranger: sizes, lines and depths are bounded while it is read.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from varangian.kernel.chain import START, canonical, digest, link

FORMAT = 1
NAMES = {"manifest.json", "entries.jsonl"}
KINDS = {
    "log": "operations log",
    "audit": "audit",
    "face": "evidence of a face of",
    "event": "evidence of an event of",
}
MOST_MANIFEST = 4 * 1024 * 1024
MOST_LINE = 1024 * 1024
MOST_ENTRIES = 20 * 1024**3
MOST_FILES, MOST_FILE = 500, 64 * 1024**2
FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,60}(/[a-z0-9][a-z0-9-]{0,60})?\.[a-z0-9]{1,5}")
HASH = re.compile(r"[0-9a-f]{64}")
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    RecursionError,
    zipfile.BadZipFile,
    zlib.error,
)


class Broken(Exception):
    """What is wrong; ``serial`` names the first broken entry when it is one entry's fault."""

    def __init__(self, reason: str, serial: int | None = None) -> None:
        self.reason, self.serial = reason, serial
        super().__init__(f"entry {serial}: {reason}" if serial is not None else reason)


@dataclass(frozen=True)
class Verified:
    """A whole bundle. ``pinned`` says that its key is the one the reader expected."""

    kind: str
    what: dict[str, str]
    count: int
    serial: int
    head: str
    erased: int
    public_key: str
    pinned: bool
    files: int = 0

    def words(self) -> str:
        name = self.what.get("operation", "") or self.what.get("house", "")
        parts = [f"The {KINDS[self.kind]} {name} is whole: {self.count} entries".replace("  ", " ")]
        parts.append(f"head {self.serial} {self.head}.")
        if self.files:
            parts.append(f"Its {self.files} files are those that were signed.")
        if self.erased:
            parts.append(f"The words of {self.erased} entries were erased; their digests stand.")
        if self.pinned:
            parts.append("Signed with the key you named.")
        else:
            parts.append(
                f"Signed with key {self.public_key}, which was taken from the bundle itself: "
                "compare it with the key of the house, or name it with --key."
            )
        return ", ".join(parts[:2]) + "".join(f" {part}" for part in parts[2:])


def genuine(message: bytes, signature: str, public_key: str) -> bool:
    """Is this Ed25519 signature (hex) by this key (hex)?"""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def signed_part(manifest: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest.items() if name != "signature"}


def checkpoint_message(at: str, serial: int, head: str) -> bytes:
    return canonical({"at": at, "serial": serial, "hash": head})


def verify_bundle(path: Path, key: str = "") -> Verified:
    """Raises Broken with the first thing that is wrong. ``key`` pins the public key (hex)."""
    try:
        with zipfile.ZipFile(path) as bundle:
            return _verify(bundle, key.strip().lower())
    except UNREADABLE as error:
        raise Broken(f"this is no readable bundle ({type(error).__name__}: {error})") from error


def _verify(bundle: zipfile.ZipFile, key: str) -> Verified:
    names = [info.filename for info in bundle.infolist()]
    if not set(names) >= NAMES or len(set(names)) != len(names):
        raise Broken(f"a bundle holds manifest.json and entries.jsonl, this one: {names[:5]}")
    manifest = _manifest(bundle)
    files = manifest.get("files", {})
    if more := set(names) ^ (NAMES | set(files)):
        raise Broken(f"the zip and its manifest name other files: {sorted(more)[:5]}")
    seen = _Walk(manifest)
    for raw in _lines(bundle):
        seen.take(raw)
    seen.end()
    for name, told in files.items():
        _file(bundle, name, told)
    _signed(manifest, key)
    for point in manifest["checkpoints"]:
        _checkpoint(point, manifest["public_key"])
    return Verified(
        kind=manifest["kind"],
        what=manifest["what"],
        count=seen.count,
        serial=seen.serial,
        head=seen.previous,
        erased=seen.erased,
        public_key=manifest["public_key"],
        pinned=bool(key),
        files=len(files),
    )


def _manifest(bundle: zipfile.ZipFile) -> dict[str, Any]:
    with bundle.open("manifest.json") as source:
        raw = source.read(MOST_MANIFEST + 1)
    if len(raw) > MOST_MANIFEST:
        raise Broken("the manifest is too large")
    manifest = json.loads(raw)
    if not isinstance(manifest, dict):
        raise Broken("the manifest is no JSON object")
    if manifest.get("format") != FORMAT:
        raise Broken(
            f"format {manifest.get('format')!r} is not known; this verifier reads {FORMAT}"
        )
    head = manifest.get("head")
    fits = (
        manifest.get("kind") in KINDS
        and isinstance(manifest.get("what"), dict)
        and all(isinstance(word, str) for word in manifest["what"].values())
        and _whole(manifest.get("count"))
        and isinstance(head, dict)
        and _whole(head.get("serial"))
        and _hash(head.get("hash"))
        and _hash(manifest.get("entries_sha256"))
        and isinstance(manifest.get("checkpoints"), list)
        and isinstance(manifest.get("public_key"), str)
        and isinstance(manifest.get("signature"), str)
        and _named_files(manifest.get("files", {}))
    )
    if not fits:
        raise Broken("the manifest lacks a field or holds one of the wrong kind")
    return manifest


def _named_files(files: Any) -> bool:
    return (
        isinstance(files, dict)
        and len(files) <= MOST_FILES
        and all(
            FILE.fullmatch(name)
            and name not in NAMES
            and isinstance(told, dict)
            and _whole(told.get("size"))
            and told["size"] <= MOST_FILE
            and _hash(told.get("sha256"))
            for name, told in files.items()
        )
    )


def _file(bundle: zipfile.ZipFile, name: str, told: dict[str, Any]) -> None:
    with bundle.open(name) as source:
        data = source.read(told["size"] + 1)
    if len(data) != told["size"] or hashlib.sha256(data).hexdigest() != told["sha256"]:
        raise Broken(f"{name} is not the file that was signed")


def _lines(bundle: zipfile.ZipFile) -> Iterator[bytes]:
    read = 0
    with bundle.open("entries.jsonl") as source:
        while raw := source.readline(MOST_LINE + 1):
            read += len(raw)
            if len(raw) > MOST_LINE or read > MOST_ENTRIES:
                raise Broken("an entry or the whole bundle is larger than any real one")
            yield raw


class _Walk:
    """Follows the chain from its first entry and remembers where it is."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        self.manifest = manifest
        self.count = self.serial = self.erased = 0
        self.previous = START
        self.total = hashlib.sha256()

    def take(self, raw: bytes) -> None:
        self.total.update(raw)
        entry = self._parsed(raw)
        serial, content = entry["serial"], entry["content"]
        if serial != self.serial + 1:
            raise Broken(f"serial {self.serial + 1} is missing or out of order", serial)
        if entry["previous"] != self.previous:
            raise Broken("it does not follow the entry before it", serial)
        if link(self.previous, content) != entry["hash"]:
            raise Broken("its content was changed after it was written", serial)
        if self.manifest["kind"] == "log":
            self._log_entry(serial, content, entry.get("body"))
        self.count, self.serial, self.previous = self.count + 1, serial, entry["hash"]

    def _parsed(self, raw: bytes) -> dict[str, Any]:
        try:
            entry = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Broken(f"the line after it is no JSON ({error})", self.serial) from error
        if not (
            isinstance(entry, dict)
            and _whole(entry.get("serial"))
            and _hash(entry.get("previous"))
            and _hash(entry.get("hash"))
            and isinstance(entry.get("content"), dict)
        ):
            raise Broken("the line after it is no entry", self.serial)
        return entry

    def _log_entry(self, serial: int, content: dict[str, Any], body: Any) -> None:
        if content.get("serial") != serial:
            raise Broken("its content bears another serial", serial)
        if content.get("operation") != self.manifest["what"].get("id"):
            raise Broken("it belongs to another operation", serial)
        if body is None:
            self.erased += 1
        elif digest(body) != content.get("body_digest"):
            raise Broken("its words were changed after they were written", serial)

    def end(self) -> None:
        head = self.manifest["head"]
        if self.serial < head["serial"]:
            raise Broken("the entries from here to the head are missing", self.serial + 1)
        if (self.serial, self.previous) != (head["serial"], head["hash"]):
            raise Broken("the entries go beyond the signed head", head["serial"] + 1)
        if self.count != self.manifest["count"]:
            raise Broken("the manifest counts other entries")
        if self.total.hexdigest() != self.manifest["entries_sha256"]:
            raise Broken("entries.jsonl is not the file that was signed")


def _signed(manifest: dict[str, Any], key: str) -> None:
    if key and manifest["public_key"].lower() != key:
        raise Broken("it is signed with another key than the one you named")
    message = canonical(signed_part(manifest))
    if not genuine(message, manifest["signature"], manifest["public_key"]):
        raise Broken("the signature does not fit the manifest and its head")


def _checkpoint(point: Any, public_key: str) -> None:
    fits = isinstance(point, dict) and all(
        isinstance(point.get(name), kind)
        for name, kind in (("at", str), ("serial", int), ("hash", str), ("signature", str))
    )
    if not fits:
        raise Broken("a checkpoint lacks a field")
    message = checkpoint_message(point["at"], point["serial"], point["hash"])
    if not genuine(message, point["signature"], point.get("public_key", public_key)):
        raise Broken("the signature of a checkpoint does not fit", point["serial"])


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _hash(value: Any) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None

"""Bundles: a zip with ``manifest.json`` and ``entries.jsonl`` that a stranger can verify offline.

``entries.jsonl`` holds one entry a line: ``serial``, ``previous``, ``hash``, ``content`` and, where
the words belong to the bundle, ``body`` (with its salt; null once erased). ``manifest.json`` holds
``format``, ``kind``, ``what``, ``made_at``, ``count``, ``first``, ``head`` (serial, hash),
``entries_sha256``, ``checkpoints``, ``public_key`` and ``signature``: Ed25519 over the canonical
JSON of all the rest. Where pictures or papers belong to it, ``files`` names each with its size and
SHA-256, and the zip holds these and no others.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from varangian.kernel.chain import START, canonical
from varangian.kernel.clock import now

from .signing import public_key, sign
from .verify import FORMAT, signed_part


def write_bundle(
    out: Path | BinaryIO,
    *,
    kind: str,
    what: Mapping[str, str],
    entries: Iterable[Mapping[str, Any]],
    checkpoints: Iterable[Mapping[str, Any]] = (),
    files: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """Write the zip entry by entry, then sign; returns the manifest."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        count, first, head, total = 0, 0, {"serial": 0, "hash": START}, hashlib.sha256()
        with bundle.open("entries.jsonl", "w", force_zip64=True) as lines:
            for entry in entries:
                line = canonical(entry) + b"\n"
                lines.write(line)
                total.update(line)
                count, first = count + 1, first or entry["serial"]
                head = {"serial": entry["serial"], "hash": entry["hash"]}
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "kind": kind,
            "what": dict(what),
            "made_at": now().isoformat(),
            "count": count,
            "first": first,
            "head": head,
            "entries_sha256": total.hexdigest(),
            "checkpoints": [dict(c) for c in checkpoints],
        }
        if files:
            manifest["files"] = {name: fingerprint(data) for name, data in files.items()}
            for name, data in files.items():
                bundle.writestr(name, data)
        manifest["public_key"] = public_key()
        manifest["signature"], _ = sign(canonical(signed_part(manifest)))
        bundle.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    return manifest


def fingerprint(data: bytes) -> dict[str, Any]:
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

"""A stranger checks a bundle with nothing but the file."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from varangian.kernel.chain import START, digest, link
from varangian.platform.audit.bundle import write_bundle
from varangian.platform.audit.signing import public_key
from varangian.platform.audit.verify import Broken, verify_bundle

OPERATION = "0190c0de-0000-7000-8000-000000000001"
Edit = Callable[[list[dict[str, Any]], dict[str, Any]], None]


def chained(count: int) -> list[dict[str, Any]]:
    previous, found = START, []
    for serial in range(1, count + 1):
        body = {
            "salt": f"{serial:032d}",
            "from": "",
            "to": "",
            "event": f"e {serial}",
            "action": "",
        }
        content = {"operation": OPERATION, "serial": serial, "body_digest": digest(body)}
        hash_ = link(previous, content)
        found.append(
            {
                "serial": serial,
                "previous": previous,
                "hash": hash_,
                "content": content,
                "body": body,
            }
        )
        previous = hash_
    return found


@pytest.fixture
def bundle(tmp_path) -> Path:
    path = tmp_path / "log.zip"
    write_bundle(path, kind="log", what={"operation": "x", "id": OPERATION}, entries=chained(6))
    return path


def edited(path: Path, edit: Edit) -> Path:
    with zipfile.ZipFile(path) as old:
        manifest = json.loads(old.read("manifest.json"))
        entries = [json.loads(line) for line in old.read("entries.jsonl").splitlines()]
    edit(entries, manifest)
    return packed(path.with_name("edited.zip"), entries, manifest)


def packed(path: Path, entries: list[Any], manifest: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("entries.jsonl", "".join(json.dumps(e) + "\n" for e in entries))
        new.writestr("manifest.json", json.dumps(manifest))
    return path


def broken(path: Path, **kwargs: Any) -> Broken:
    with pytest.raises(Broken) as caught:
        verify_bundle(path, **kwargs)
    return caught.value


def rechain(entries: list[dict[str, Any]]) -> None:
    previous = START
    for entry in entries:
        entry["previous"], entry["hash"] = previous, link(previous, entry["content"])
        previous = entry["hash"]


def test_whole_bundle_says_whose_key_it_trusted(bundle):
    found = verify_bundle(bundle)
    assert (found.count, found.serial, found.pinned) == (6, 6, False)
    assert "taken from the bundle itself" in found.words()
    assert "key you named" in verify_bundle(bundle, public_key()).words()


def test_another_key_than_the_pinned_one(bundle):
    assert "another key" in broken(bundle, key="00" * 32).reason


@pytest.mark.parametrize(
    ("edit", "serial", "words"),
    [
        (lambda e, m: e[2]["content"].update(author="Mallory"), 3, "content was changed"),
        (lambda e, m: e[2]["body"].update(event="nothing"), 3, "words were changed"),
        (lambda e, m: e.pop(2), 4, "serial 3 is missing"),
        (lambda e, m: e.pop(0), 2, "serial 1 is missing"),
        (lambda e, m: e.pop(), 6, "missing"),
        (lambda e, m: e.insert(1, e.pop(3)), 4, "out of order"),
        (lambda e, m: e.append(e[-1]), 6, "out of order"),
        (lambda e, m: e[3].update(previous="ab" * 32), 4, "does not follow"),
        (lambda e, m: e[1].update(serial=True), 1, "no entry"),
        (lambda e, m: e[1].update(hash="zz"), 1, "no entry"),
    ],
)
def test_the_first_broken_entry_is_named(bundle, edit, serial, words):
    found = broken(edited(bundle, edit))
    assert (found.serial, words in found.reason) == (serial, True), found


def test_a_chain_rewritten_whole_fails_at_the_signed_head(bundle):
    def rewrite(entries, manifest):
        entries[1]["content"]["author"] = "Mallory"
        rechain(entries)

    assert broken(edited(bundle, rewrite)).serial == 7

    def rewrite_with_head(entries, manifest):
        rewrite(entries, manifest)
        manifest["head"]["hash"] = entries[-1]["hash"]

    found = broken(edited(bundle, rewrite_with_head))
    assert "not the file that was signed" in found.reason


def test_signature_covers_the_whole_manifest(bundle):
    for name, value in (("made_at", "2001"), ("what", {"operation": "y", "id": OPERATION})):
        found = broken(edited(bundle, lambda e, m, n=name, v=value: m.update({n: v})))
        assert "signature" in found.reason or "not the file" in found.reason


def test_entries_of_another_operation(bundle):
    found = broken(edited(bundle, lambda e, m: m["what"].update(id="other")))
    assert (found.serial, "another operation" in found.reason) == (1, True)


def test_erased_words_are_counted_and_stand(tmp_path):
    entries = chained(3)
    entries[1]["body"] = None
    path = tmp_path / "log.zip"
    write_bundle(path, kind="log", what={"operation": "x", "id": OPERATION}, entries=entries)
    assert verify_bundle(path).erased == 1


def test_an_empty_log_is_whole(tmp_path):
    write_bundle(tmp_path / "e.zip", kind="log", what={"id": OPERATION}, entries=[])
    assert verify_bundle(tmp_path / "e.zip").count == 0


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        [],
        {},
        {"format": 2},
        {"format": 1, "kind": "log"},
        {"format": 1, "kind": "log", "what": {}, "count": -1, "head": {}},
    ],
)
def test_manifests_that_are_none(tmp_path, manifest):
    broken(packed(tmp_path / "m.zip", [], manifest))


def test_files_that_are_no_bundle(tmp_path, bundle):
    path = tmp_path / "x.zip"
    for content in (b"", b"PK\x03\x04", b"not a zip", bundle.read_bytes()[:-40]):
        path.write_bytes(content)
        assert "no readable bundle" in broken(path).reason
    broken(tmp_path / "absent.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_other_or_doubled_names(bundle):
    with zipfile.ZipFile(bundle, "a") as more:
        more.writestr("../evil", "x")
    assert "name other files: ['../evil']" in broken(bundle).reason
    with zipfile.ZipFile(bundle, "a") as more:
        more.writestr("../evil", "y")
    assert "a bundle holds" in broken(bundle).reason


def test_bombs_stop_early(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("entries.jsonl", b"")
        bomb.writestr("manifest.json", b" " * 50_000_000)
    assert "manifest is too large" in broken(path).reason
    good = {
        "format": 1,
        "kind": "audit",
        "what": {},
        "count": 1,
        "head": {"serial": 1, "hash": START},
        "entries_sha256": START,
        "checkpoints": [],
        "public_key": "",
        "signature": "",
    }
    for content in (b"0" * 60_000_000, b"[" * 900_000, b'{"serial":' + b"9" * 9000 + b"}"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("entries.jsonl", content)
            bomb.writestr("manifest.json", json.dumps(good))
        broken(path)


def test_bundle_to_a_stream():
    out = io.BytesIO()
    manifest = write_bundle(out, kind="log", what={"id": OPERATION}, entries=chained(2))
    assert manifest["head"]["serial"] == 2 and out.getvalue().startswith(b"PK")

"""Whatever is done to a bundle, the verifier answers: whole, or Broken. Never anything else."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.platform.audit.test_verify import OPERATION, chained

from varangian.platform.audit.bundle import write_bundle
from varangian.platform.audit.verify import Broken, verify_bundle

LENIENT = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("bundle") / "log.zip"
    write_bundle(path, kind="log", what={"operation": "x", "id": OPERATION}, entries=chained(4))
    return path.read_bytes()


def answer(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    try:
        verify_bundle(path)
    except Broken:
        return False
    return True


@LENIENT
@given(at=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_flipped_bytes_of_the_zip(tmp_path, sound, at, value):
    place = int(at * len(sound))
    answer(tmp_path / "b.zip", sound[:place] + bytes([value]) + sound[place + 1 :])


@LENIENT
@given(end=st.floats(0, 1, exclude_max=True))
def test_cut_anywhere(tmp_path, sound, end):
    assert not answer(tmp_path / "b.zip", sound[: int(end * len(sound))])


@LENIENT
@given(
    name=st.sampled_from(["manifest.json", "entries.jsonl"]),
    at=st.floats(0, 1, exclude_max=True),
    value=st.integers(0, 255),
)
def test_one_changed_byte_inside_is_found(tmp_path, sound, name, at, value):
    """Every byte of the entries counts; in the manifest only its spaces do not."""
    path = tmp_path / "b.zip"
    path.write_bytes(sound)
    with zipfile.ZipFile(path) as old:
        parts = {info: old.read(info) for info in old.namelist()}
    place = int(at * len(parts[name]))
    before = parts[name][place]
    parts[name] = parts[name][:place] + bytes([value]) + parts[name][place + 1 :]
    with zipfile.ZipFile(path, "w") as new:
        for info, content in parts.items():
            new.writestr(info, content)
    whole = answer(path, path.read_bytes())
    if value == before:
        assert whole
    elif name == "entries.jsonl":
        assert not whole


@LENIENT
@given(manifest=st.binary(max_size=300), entries=st.binary(max_size=300))
def test_noise(tmp_path, manifest, entries):
    path = tmp_path / "n.zip"
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("manifest.json", manifest)
        new.writestr("entries.jsonl", entries)
    assert not answer(path, path.read_bytes())

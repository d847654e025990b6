"""The reader of a stream with templates: people of a true recording, pretended faces, one match."""

import asyncio
import base64
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("av")
pytest.importorskip("cv2")

from varangian.engines.vision.catalogue import models  # noqa: E402
from varangian.surveillance.streams.keeper import Keeper  # noqa: E402

CLIP = "one-by-one-person-detection.mp4"
PRETENDED = Path(__file__).parent.parent.parent / "pretended"


def order(folder: Path, values) -> dict:
    text = base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()
    faces = {
        "stamp": "1",
        "model": "dlib-resnet",
        "sha256": models()["dlib-resnet"].sha256,
        "threshold": 0.5,
        "templates": [["wanted", text]],
        "not_this": [],
    }
    return {
        "source": f"file:///{CLIP}",
        "files": str(folder),
        "masks": [],
        "watched": False,
        "still": False,
        "behaviours": "",
        "faces": faces,
    }


def heard_of(order: dict, seconds: float) -> list[dict]:
    """All that the child says until it tells of a match, or for so long."""
    told: list[dict] = []

    async def read() -> None:
        met = asyncio.Event()

        async def heard(head, body):
            told.append(head | {"body": body})
            if head["say"] == "match":
                met.set()

        keeper = Keeper(heard)
        child = asyncio.create_task(keeper.run(order))
        waiting = asyncio.create_task(met.wait())
        await asyncio.wait({child, waiting}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        await keeper.stop()
        await child

    asyncio.run(read())
    return told


@pytest.fixture
def folder(shared_data, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PRETENDED))
    if not (shared_data / "vision" / CLIP).is_file():
        pytest.skip("there is no such recording")
    return shared_data / "vision"


def test_a_walker_is_told_of_once_with_sealed_pieces_only(folder):
    told = heard_of(order(folder, np.full(128, 0.1)), 90)
    match = told[-1]
    assert match["say"] == "match" and match["entry"] == "wanted" and match["agreeing"] >= 2
    assert sum(match["sizes"]) == len(match["body"]) and match["body"].startswith(b"\xff\xd8\xff")
    assert not any(str(one.get("name", "")).startswith("face") for one in told)


def test_who_is_not_looked_for_leaves_no_shot_and_no_vector(folder):
    told = heard_of(order(folder, np.full(128, 0.9)), 20)
    assert {one["say"] for one in told} <= {"open", "pulse", "event"}
    assert not any("vector" in str(sorted(one)) for one in told)
    assert not any(str(one.get("name", "")).startswith("face") for one in told)

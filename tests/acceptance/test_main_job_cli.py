"""The main job by the command line: JSON on standard output, words on standard error, 0, 1 or 2."""

import json
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader
from tests.acceptance.material import calendar, hazard

LEADER = "keller@example.org"
PORT = (59.3293, 18.0686)


@pytest.fixture(scope="module")
def desk(house, tmp_path_factory) -> SimpleNamespace:
    house.cli("user", "create", LEADER, "Mara Keller")
    return SimpleNamespace(
        house=house, folder=tmp_path_factory.mktemp("files"), operation="", movement={}
    )


def run(desk, *words: str, code: int = 0) -> Any:
    done = desk.house.run("--as", LEADER, *words)
    assert done.code == code, (words, done.code, done.err[-800:])
    if code:
        assert done.err.strip(), "a refusal says why"
        assert not done.out.strip(), "words of a refusal do not go where data goes"
        return done.err
    return done.data if "--json" in words else done.out


def kept(desk, name: str, data: bytes) -> str:
    path: Path = desk.folder / name
    path.write_bytes(data)
    return str(path)


def test_1_engagement_and_principal(desk) -> None:
    run(desk, "engagement", "create", "Harbour line", "--slug", "harbour", "--json")
    texts = kept(desk, "texts.json", b'{"name": "Nora Quist", "known_concerns": "One writer"}')
    run(
        desk,
        *("principal", "create", "TERN", "--engagement", "harbour", "--slug", "tern"),
        *("--file", texts, "--json"),
    )
    card = kept(desk, "card.json", b'{"allergies": "walnut-marker"}')
    run(desk, "principal", "medical", "tern", "--file", card, "--json")
    row = run(desk, "principal", "list", "--json")[0]
    assert (row["slug"], "state" in row) == ("tern", True)
    shown = run(desk, "principal", "show", "tern", "--json")
    assert "walnut-marker" not in json.dumps(shown)
    reason = ("--unmask", "medical", "--reason", "Asked by the physician")
    opened = run(desk, "principal", "show", "tern", *reason, "--json")
    assert "walnut-marker" in json.dumps(opened)


def test_2_itinerary(desk) -> None:
    file = kept(desk, "day.ics", calendar(at=PORT))
    run(desk, "operation", "import", file, code=2)
    assert "nobody" in run(desk, "operation", "import", file, "--principal", "nobody", code=1)
    draft = run(desk, "operation", "import", file, "--principal", "tern", "--json")
    desk.operation = draft["operation"]
    assert draft["state"] == "proposed" and draft["unlocated"] == ["Northern House"]
    run(desk, "itinerary", "accept", desk.operation, "--json")
    rows = run(desk, "operation", "list", "--json")
    assert {"slug", "state"} <= rows[0].keys() and rows[0]["slug"] == desk.operation
    lost = run(desk, "place", "list", "--unlocated", "--json")
    run(desk, "place", "locate", lost[0]["id"], "59.3350", "18.0750", "--json")
    post = ("post", "add", desk.operation, "team_leader", "--holder", LEADER)
    run(desk, *post, "--call-sign", "Tiller", "--json")
    later = kept(desk, "later.ics", calendar(shift=10, at=PORT))
    again = ("operation", "import", later, "--principal", "tern", "--into", desk.operation)
    changed = run(desk, *again, "--json")["diff"]["changed"]
    assert any("10 min later" in row["words"] for row in changed)


def test_3_threat_risk_measure(desk) -> None:
    run(desk, "threat", "add", desk.operation, "Letter writer", "--intent", "moderate", "--json")
    added = run(desk, "library", "risks", "--json")[0]["id"]
    run(desk, "risk", "add", desk.operation, "--from-library", added, "--json")
    measure = run(desk, "measure", "list", desk.operation, "--json")[0]
    change = ("measure", "set", desk.operation, measure["serial"])
    assert "Nobody would do it" in run(desk, *change, "--state", "agreed", code=1)
    run(desk, *change, "--owner", LEADER, "--json")
    run(desk, *change, "--state", "agreed", "--json")
    placed = (*change, "--state", "in_place", "--verified", "now", "--json")
    assert run(desk, *placed)["state"] == "in_place"


def test_4_order(desk) -> None:
    run(desk, "order", "draft", desk.operation, "--json")
    assert "Mission" in run(desk, "order", "approve", desk.operation, code=1)
    run(desk, "operation", "change", desk.operation, "--intent", "Bring TERN home.", "--json")
    run(desk, "order", "draft", desk.operation, "--json")
    run(desk, "order", "approve", desk.operation, "--json")
    run(desk, "order", "issue", desk.operation, "--json")
    assert run(desk, "order", "ack", desk.operation, "--json")
    assert "Nothing waits" in run(desk, "order", "ack", desk.operation, code=1)
    out = desk.folder / "driver.pdf"
    run(desk, "order", "render", desk.operation, "--role", "driver", "--out", str(out))
    text = "".join(page.extract_text() for page in PdfReader(out).pages)
    assert "OPO 1" in text and "age 1 of" in text and "walnut-marker" not in text


def test_5_hazard(desk) -> None:
    file = kept(desk, "storm.geojson", hazard(at=PORT, name="storm-cli"))
    assert run(desk, "feed", "import", file, "--json")["counts"]["new"] == 1
    alert = awaited(desk, "eather")
    assert alert["minutes"] and alert["movement"]
    reason = ("--reason", "The leg waits in the hotel")
    run(desk, "alert", "dismiss", alert["id"], *reason, "--json")
    run(desk, "feed", "import", kept(desk, "half.json", b'{"type": "Fea'), code=1)


def awaited(desk, words: str, seconds: int = 20) -> dict[str, Any]:
    """Matching runs in the worker."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asked = run(desk, "alert", "list", "--operation", desk.operation, "--json")
        for row in asked:
            if words in row["title"]:
                return row
        time.sleep(0.3)
    raise AssertionError(f"no alert about {words}: {asked}")


def test_7_log(desk) -> None:
    run(desk, "log", "write", desk.operation, "TERN in the green room", "--json")
    bundle = desk.folder / "log.zip"
    run(desk, "log", "export", desk.operation, "--out", str(bundle))
    run(desk, "audit", "verify", str(bundle))
    broken = desk.folder / "broken.zip"
    flip(bundle, broken)
    run(desk, "audit", "verify", str(broken), code=1)


def flip(source: Path, target: Path) -> None:
    """One letter of one entry, in a file that is whole otherwise."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"green room", b"green roam"))

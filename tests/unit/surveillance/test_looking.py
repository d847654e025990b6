"""The engine before a camera: rules that change begin anew, rules that do not fit are told of."""

import pytest

np = pytest.importorskip("numpy")

from varangian.engines.vision.model import Event  # noqa: E402
from varangian.surveillance.streams.looking import Looker  # noqa: E402

RULES = """format: 1
picture: [64, 36]
rules:
  - {id: all, title: Anywhere, rule: zone, area: [[0, 0], [64, 0], [64, 36], [0, 36]]}
"""


class Engine:
    """Says which behaviours it was made with, once a look."""

    def __init__(self):
        self.made = []

    def __call__(self, behaviours, faces, plates):
        self.made.append(len([one for one in behaviours if hasattr(one, "id")]))
        return self

    def look(self, frame):
        yield Event(
            frame.at, "track.begun", 1, {"kind": "person", "score": 0.9, "box": [1, 2, 3, 4]}
        )
        yield Event(frame.at, "track.at", 1, {})


def look(looker, rules, at=1.0, size=(64, 36)):
    image = np.zeros((size[1], size[0], 3), np.uint8)
    return list(looker.look(at, image, image[:, :, 0], rules))


def test_rules_are_read_once_and_anew_when_they_change():
    engine = Engine()
    looker = Looker(engine)
    seen = look(looker, "")
    assert seen == [("track.begun", {"words": "person", "score": 0.9})]
    look(looker, RULES)
    look(looker, RULES, 2.0)
    look(looker, "", 3.0)
    assert engine.made == [0, 1, 0]


def test_rules_for_another_picture_are_told_of_and_the_camera_looks_on():
    engine = Engine()
    looker = Looker(engine)
    names = [name for name, _ in look(looker, RULES, size=(36, 64))]
    assert names == ["rules.unfit", "track.begun"] and engine.made == [0]
    assert [name for name, _ in look(looker, RULES, 2.0, size=(36, 64))] == ["track.begun"]


def test_a_camera_with_rules_counts_and_notes_looks_only_when_asked():
    looker = Looker(Engine())
    look(looker, "")
    assert looker.notes is None and list(looker.noted(1.0)) == []
    look(looker, RULES)
    assert looker.notes.keeps is False and list(looker.noted(1.0)) == []
    ((head, body),) = looker.noted(12.0)
    assert head["say"] == "counts" and body == b""
    assert {row["zone"] for row in head["rows"]} == {"all", "picture"}
    image = np.zeros((36, 64, 3), np.uint8)
    list(looker.look(3.0, image, image[:, :, 0], RULES, keeps=True))
    assert looker.notes.keeps and looker.notes.looks.frame is not None

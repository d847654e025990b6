"""Rules of behaviour tried on a recording: what they would have told of, each with a picture.

    for step in trial(File("clip.mp4"), rules_text, detector):
        step.at, step.events, step.picture()

The picture shows the areas and lines of the rules, everybody seen, and whom the event is of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from varangian.engines.vision.behaviours import read
from varangian.engines.vision.gate import Always
from varangian.engines.vision.libraries import library
from varangian.engines.vision.model import Behaviour, Event, Frame, Tracked
from varangian.engines.vision.pipeline import Pipeline
from varangian.engines.vision.stages import Detector, Source
from varangian.engines.vision.tracker import ByteTracker
from varangian.kernel.results import Refused

DRAWN, SEEN, TOLD = (255, 176, 32), (190, 190, 190), (40, 40, 235)
"""BGR: of the rules, of everybody, of whom an event is."""


class _Watch:
    """The tracks of the newest frame, for the picture."""

    def __init__(self) -> None:
        self.tracked: Sequence[Tracked] = ()

    def look(self, at: float, tracked: Sequence[Tracked]) -> tuple[()]:  # noqa: ARG002
        self.tracked = tracked
        return ()


@dataclass(frozen=True)
class Step:
    """One frame. ``events``: of rules alone."""

    at: float
    events: list[Event]
    frame: Frame
    tracked: Sequence[Tracked]
    rules: Sequence[Any]

    def picture(self, told: Sequence[Event] = ()) -> np.ndarray:
        """With what stands drawn over it; ``told``: events that go on being shown."""
        cv2 = library("cv2")
        image = self.frame.image.copy()
        for rule in self.rules:
            _outline(cv2, image, rule)
        events = [*told, *self.events]
        of = {track for event in events for track in event.detail["tracks"]}
        for one in self.tracked:
            x0, y0, x1, y1 = (round(side) for side in one.box)
            colour, thick = (TOLD, 3) if one.track in of else (SEEN, 1)
            cv2.rectangle(image, (x0, y0), (x1, y1), colour, thick)
        names = ", ".join(dict.fromkeys(event.detail["rule"] for event in events))
        _label(cv2, image, f"{self.at:.1f} s  {names}".strip(), TOLD if events else (40, 40, 40))
        return image


def trial(
    source: Source, rules_text: str, detector: Detector, *, began: float | None = None
) -> Iterator[Step]:
    """Every frame that was looked at. ``began``: seconds since 1970 at second 0, for hours.

    Raises Refused for a fault of the rules and for a source that fails before its end.
    """
    watch, line, rules = _Watch(), None, ()
    for item in source.items():
        if isinstance(item, Event):
            if item.name in ("source.failed", "source.lost"):
                raise Refused(
                    f"The recording has failed: {item.detail['reason']}",
                    mend="Check it with another player.",
                )
            continue
        if line is None:
            size = item.image.shape[1], item.image.shape[0]
            rules = read(rules_text, size, began=began)
            behaviours: list[Behaviour] = [*rules, watch]
            line = Pipeline(source, Always(), detector, ByteTracker(), behaviours)
        events = [one for one in line.look(item) if one.name.startswith("behaviour.")]
        yield Step(item.at, events, item, watch.tracked, rules)
    if line is None:
        raise Refused("The recording has no pictures", mend="Check it with another player.")


def _outline(cv2: Any, image: np.ndarray, rule: Any) -> None:
    area, line = getattr(rule, "area", None), getattr(rule, "line", None)
    if area is not None:
        corners = np.array(area.corners, float).round().astype(np.int32)
        cv2.polylines(image, [corners], True, DRAWN[::-1], 2)
    if line is not None:
        a, b = ((round(x), round(y)) for x, y in (line.a, line.b))
        cv2.line(image, a, b, DRAWN[::-1], 2)


def _label(cv2: Any, image: np.ndarray, words: str, colour: tuple[int, int, int]) -> None:
    face, size = cv2.FONT_HERSHEY_SIMPLEX, max(0.4, image.shape[1] / 1400)
    (wide, high), _ = cv2.getTextSize(words, face, size, 1)
    cv2.rectangle(image, (0, 0), (wide + 12, high + 14), colour, -1)
    cv2.putText(image, words, (6, high + 7), face, size, (255, 255, 255), 1, cv2.LINE_AA)

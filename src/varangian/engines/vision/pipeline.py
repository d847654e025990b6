"""The stages joined: source -> gate -> detector -> tracker -> rules, faces, plates -> events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from varangian.engines.vision.model import Behaviour, Event, Frame, Tracked
from varangian.engines.vision.stages import Detector, Faces, Gate, Plates, Source, Tracker


@dataclass(frozen=True, slots=True)
class Habits:
    """Seconds. ``hold``: looking on after the last motion; ``still``: between two looks at tracks
    that do not move; ``gone``: unseen until a track has ended; ``tell``: between two places of a
    track (0: none are told)."""

    hold: float = 1.5
    still: float = 1.0
    gone: float = 3.0
    tell: float = 1.0


@dataclass(slots=True)
class Counts:
    """What a run did: how much the gate saved."""

    frames: int = 0
    looked: int = 0


@dataclass(slots=True)
class _Life:
    kind: str
    begun: float
    seen: float
    told: float
    frames: int = 1


class Pipeline:
    """One camera. Any stage may be exchanged (`stages`)."""

    def __init__(
        self,
        source: Source,
        gate: Gate,
        detector: Detector,
        tracker: Tracker,
        behaviours: Sequence[Behaviour] = (),
        faces: Faces | None = None,
        habits: Habits = Habits(),
        plates: Plates | None = None,
    ) -> None:
        self._source, self._gate = source, gate
        self._detector, self._tracker = detector, tracker
        self._behaviours, self._faces, self._habits = behaviours, faces, habits
        self._plates = plates
        self.counts = Counts()
        self._lives: dict[int, _Life] = {}
        self._moved = self._looked = float("-inf")

    def run(self) -> Iterator[Event]:
        """Events in the order of the source's clock, until the source ends."""
        at = 0.0
        for item in self._source.items():
            at = item.at
            if isinstance(item, Event):
                yield item
            else:
                yield from self.look(item)
        yield from self._ended(float("inf"), at)

    def look(self, frame: Frame) -> Iterator[Event]:
        """What one frame has to say."""
        self.counts.frames += 1
        if self._gate.moved(frame.luma):
            self._moved = frame.at
        if self._worth(frame.at):
            self._looked = frame.at
            self.counts.looked += 1
            tracked = self._tracker.follow(frame.at, self._detector.detect(frame.image))
            yield from self._followed(frame.at, tracked)
            yield from self._judged(frame.at, tracked)
            if self._faces is not None and tracked:
                yield from self._faces.look(frame, tracked)
            if self._plates is not None:
                yield from self._plates.look(frame, tracked)
        elif not self._lives:
            yield from self._judged(frame.at, ())
        yield from self._ended(self._habits.gone, frame.at)

    def _worth(self, at: float) -> bool:
        """Motion now or just before; or something stands there that must not be forgotten."""
        if at - self._moved <= self._habits.hold:
            return True
        return bool(self._lives) and at - self._looked >= self._habits.still

    def _judged(self, at: float, tracked: Sequence[Tracked]) -> Iterator[Event]:
        for behaviour in self._behaviours:
            yield from behaviour.look(at, tracked)

    def _followed(self, at: float, tracked: Sequence[Tracked]) -> Iterator[Event]:
        for seen in tracked:
            life = self._lives.get(seen.track)
            detail = {
                "kind": seen.kind,
                "box": [round(side, 1) for side in seen.box],
                "score": round(seen.score, 3),
            }
            if life is None:
                self._lives[seen.track] = _Life(seen.kind, at, at, at)
                yield Event(at, "track.begun", seen.track, detail)
                continue
            life.kind, life.seen, life.frames = seen.kind, at, life.frames + 1
            if self._habits.tell and at - life.told >= self._habits.tell - 1e-6:
                life.told = at
                yield Event(at, "track.at", seen.track, detail)

    def _ended(self, gone: float, at: float) -> Iterator[Event]:
        over = [
            n for n, life in self._lives.items() if gone == float("inf") or at - life.seen > gone
        ]
        for number in over:
            life = self._lives.pop(number)
            detail = {
                "kind": life.kind,
                "seconds": round(life.seen - life.begun, 2),
                "frames": life.frames,
            }
            yield Event(at, "track.ended", number, detail)

"""One clock that never goes backwards, whatever the time stamps of a stream say."""

from dataclasses import dataclass

LONGEST_STEP = 10.0
USUAL_STEP = 1 / 25
WINDOW = 5.0  # seconds over which a live stream's clock is held against ours


@dataclass(slots=True)
class SourceClock:
    """Seconds since the first frame.

    A stamp is believed while it moves forward by less than ten seconds. A live source is believed
    only while its seconds last between half and twice as long as ours; after that ours count.
    """

    live: bool = False
    at: float = -USUAL_STEP
    jumps: int = 0
    lies: bool = False
    _stamp: float | None = None
    _arrival: float | None = None
    _ours: float = 0.0
    _theirs: float = 0.0

    def tick(self, stamp: float | None, arrival: float) -> float:
        """The time of a frame with this ``stamp`` (None: it has none), come in at ``arrival``."""
        waited = arrival - self._arrival if self._arrival is not None else USUAL_STEP
        step = self._believed(stamp, waited)
        if self.live:
            self._compare(step, waited)
            if self.lies:
                step = max(waited, 0.001)
        self._stamp, self._arrival = stamp, arrival
        self.at = max(0.0, self.at + step)
        return self.at

    def renew(self, away: float) -> None:
        """The stream has begun anew after ``away`` seconds: its stamps start where they like."""
        self._stamp = self._arrival = None
        self._ours = self._theirs = 0.0
        self.lies = False
        self.at += max(0.0, away)

    def _believed(self, stamp: float | None, waited: float) -> float:
        if stamp is None or self._stamp is None:
            return waited if self.live and waited > 0 else USUAL_STEP
        step = stamp - self._stamp
        if 0 < step <= LONGEST_STEP:
            return step
        self.jumps += 1
        return max(waited, 0.001) if self.live else USUAL_STEP

    def _compare(self, step: float, waited: float) -> None:
        self._ours += waited
        self._theirs += step
        if self._ours >= WINDOW:
            self.lies = not 0.5 <= self._theirs / self._ours <= 2
            self._ours = self._theirs = 0.0

"""How guessable a routine is: times, routes, entrances, destinations. Never a person's score.

    report = predictability(observations)

**Index.** For each aspect the entropy H of how often each choice was made, against the log of the
number of choices K that there are: ``index = 1 - H / log K``. 0: every choice alike, an observer
gains nothing; 1: always the same. Bits throughout.

**Small samples.** Counts of few journeys look more regular than the habit behind them; Miller and
Madow's correction (Miller 1955) adds ``(m - 1) / (2 n ln 2)`` bits for m choices seen in n
journeys, and no more than log K. Below ``fewest`` journeys an aspect is unknown, with the count
that is lacking: unknown is never shown as safe.

**Given what an observer knows.** The weekday, and the destination, are known beforehand or seen.
``given_weekday`` and ``given_destination`` are the index of the conditional entropy: the mean
over groups of at least ``fewest_in_group`` journeys, weighted by their journeys, each against log
of the same K, together with the share of journeys such groups cover; unknown when no group has
enough. A routine that varies over the week may be rigid on each weekday.

**What to vary.** Each cell that comes more often than a uniform choice would is a line of advice:
how much the index falls when its surplus is spread evenly over the other choices, largest first.
The number of choices K is what the caller says is possible, or what was seen; with only one known
choice the index is 1 and the advice is to find another.
"""

from varangian.engines.routine.engine import predictability
from varangian.engines.routine.model import (
    Advice,
    Aspect,
    Conditional,
    Observation,
    Report,
    Unknown,
)

__all__ = [
    "Advice",
    "Aspect",
    "Conditional",
    "Observation",
    "Report",
    "Unknown",
    "predictability",
]

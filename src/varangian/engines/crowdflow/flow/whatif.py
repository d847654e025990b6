"""What if: the same people before and after, and the single move that buys most seconds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from varangian.engines.crowdflow.flow.answer import Answer
from varangian.engines.crowdflow.flow.film import Film
from varangian.engines.crowdflow.flow.runs import Scenario, evacuate, filmed
from varangian.engines.crowdflow.venue.model import Venue

MOST_MOVES = 10
FEWEST_RUNS = 8
WORTH_S = 3.0
"""Below this a move drowns in the scatter of the runs."""


def untold(step: str, share: float) -> None:
    """Nobody waits for the progress."""


@dataclass(frozen=True)
class Move:
    """``t95``: seconds until 95 in 100 are out with it, median; ``bought``: less than without."""

    what: str
    where: str
    t95: float
    bought: float


@dataclass(frozen=True)
class WhatIf:
    """``moves``: best first, those that buy nothing left out."""

    before: Answer
    after: Answer
    before_film: Film
    after_film: Film
    moves: tuple[Move, ...]
    runs_a_move: int


def what_if(
    venue: Venue,
    people: int,
    scenario: Scenario,
    *,
    runs: int = 50,
    seed: int = 1,
    workers: int = 1,
    tell: Callable[[str, float], None] = untold,
) -> WhatIf:
    """Both are the same draws of chance, so they differ by the scenario only."""
    done = 0
    fewer = max(FEWEST_RUNS, runs // 5)
    moves = candidates(venue, scenario)
    total = 2 * runs + fewer * len(moves)

    def counted(step: str) -> Callable[[], None]:
        def one() -> None:
            nonlocal done
            done += 1
            tell(step, done / total)

        return one

    how = {"runs": runs, "seed": seed, "workers": workers}
    calm = Scenario(start_seconds=scenario.start_seconds)
    before, before_film = filmed(venue, people, scenario=calm, tell=counted("Before"), **how)
    after, after_film = filmed(venue, people, scenario=scenario, tell=counted("After"), **how)
    how["runs"] = fewer
    found = []
    for what, where, place, asked in moves:
        result = evacuate(place, people, scenario=asked, tell=counted(f"Move: {what}"), **how)
        bought = after.t95.p50 - result.t95.p50
        if bought >= WORTH_S:
            found.append(Move(what, where, result.t95.p50, round(bought, 1)))
    found.sort(key=lambda move: -move.bought)
    return WhatIf(before, after, before_film, after_film, tuple(found), fewer)


def candidates(venue: Venue, scenario: Scenario) -> list[tuple[str, str, Venue, Scenario]]:
    """What one person can do at once: send people on, hold a gate, open a door, lift a barrier."""
    found = [("Officers send people to the shorter queues", "all exits", venue,
              replace(scenario, aware=(0.8, 1.0)))]  # fmt: skip
    if scenario.surge:
        gate = scenario.surge.gate
        found.append(("Hold the crowd outside", gate, venue, replace(scenario, surge=None)))
    for item in venue.items:
        if item.kind in ("door", "gate") and item.id not in scenario.blocked:
            if item.props.locked:
                opened = item.props.model_copy(update={"locked": False, "direction": "both"})
                found.append(("Unlock", item.label, _with(venue, item, opened), scenario))
            elif item.props.leads == "outside" and item.props.direction == "in":
                turned = item.props.model_copy(update={"direction": "out"})
                found.append(("Turn into a way out", item.label, _with(venue, item, turned),
                              scenario))  # fmt: skip
        elif item.kind == "barrier":
            found.append(("Take away", item.label, _with(venue, item, None), scenario))
    return found[:MOST_MOVES]


def _with(venue: Venue, item, props) -> Venue:
    kept = [one for one in venue.items if one.id != item.id]
    if props is not None:
        kept.append(replace(item, props=props))
    return replace(venue, items=tuple(kept))

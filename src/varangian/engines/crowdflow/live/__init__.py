"""How many are where, now and soon, from counters that miss people.

    room = Room([Door("north", "", "hall")], zones=["hall"])
    room.hear("north", at=12.0, entered=40, left=3)       totals, or passages since the last word
    room.counted("hall", at=900.0, people=350, within=20) somebody counted: drift is learnt
    room.see("camera", at=901.0, people=344, within=50)   an Eye: what it misses it goes on missing
    room.look(at=905.0)                                   bands by zone, faults by counter

    ahead = Ahead(every=10, expected=1200)                entries and exits of a zone, step by step
    ahead.step(14, 2)
    ahead.when(1000)                                      seconds until so many are inside, a band
    Skill().shown(30)                                     only where it beat "nothing changes"

A counter that is silent, went backwards, was reset or leapt is named, and what it did not say is
bridged with a band that says so; no figure is ever one number.
"""

from varangian.engines.crowdflow.live.ahead import Ahead
from varangian.engines.crowdflow.live.backtest import Skill
from varangian.engines.crowdflow.live.counters import Door, Heard
from varangian.engines.crowdflow.live.room import CounterNow, Eye, Room, ZoneNow

__all__ = ["Ahead", "CounterNow", "Door", "Eye", "Heard", "Room", "Skill", "ZoneNow"]

"""The look at every watch that is on: words become bands, bands become alerts."""

from collections import defaultdict
from datetime import UTC, datetime
from math import hypot
from typing import Any

from django.db import transaction

from varangian.alerts.services import raise_alert
from varangian.engines.crowdflow.live import Ahead, Door, Eye, Room, Skill
from varangian.engines.crowdflow.live.ahead import Soon
from varangian.engines.crowdflow.live.room import ZoneNow
from varangian.kernel.clock import now
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.live.services import publish

from ..models import CrowdCounter, CrowdMoment, CrowdReading, CrowdTrigger, CrowdWatch
from ..queries import live as reads
from ..queries.live import Ground
from .advising import advise_when_due

EVERY = 10.0
MOMENT_S = 30.0
MOST_STEPS = 90
MOST_WORDS = 20_000
HORIZONS = (30, 60, 300, 600)
SOON_S = 300.0
CLEARS = 0.9
"""A trigger is over when the count is this share below it, so that it does not chatter."""
WAY_WORDS = {
    "amber": "Look at the zone; slow the entry.",
    "red": "Stop the entry, open the ways out, and decide on the principal's way.",
}


@system_read("the house looks at every watch that is on")
def step_all() -> None:
    for pk in CrowdWatch.objects.filter(ended_at=None).values_list("pk", flat=True):
        with transaction.atomic():
            found = CrowdWatch.objects.select_for_update(of=("self",), skip_locked=True)
            watch = found.filter(pk=pk, ended_at=None).first()
            if watch is not None:
                step(watch)
                advise_when_due(watch)


@system_read("the watch that the house looks at")
def step(watch: CrowdWatch) -> None:
    """Up to its clock, ten seconds at a time; one that was left alone for long leaps."""
    look = _Look(watch)
    clock = reads.clock(watch).timestamp()
    at = watch.memory.get("at") or watch.started_at.timestamp()
    if watch.replayed and "at" not in watch.memory:
        first = watch.readings.order_by("at").first()  # pyright: ignore
        at = first.at.timestamp() - EVERY if first else at
    at = max(at, clock - MOST_STEPS * EVERY) if not watch.replayed else at
    steps = 0
    while at + EVERY <= clock + 1e-6 and steps < MOST_STEPS:
        at += EVERY
        steps += 1
        look.on(at)
    if steps:
        look.keep(at)
        publish(topic="crowds", kind="live", record=watch.pk, compartment_id=watch.compartment_id)


class _Look:
    def __init__(self, watch: CrowdWatch) -> None:
        self.watch, self.memory = watch, dict(watch.memory or {})
        self.ground: Ground = reads.ground_of(watch.version)
        self.counters = {str(c.pk): c for c in _counters(watch)}
        doors = [_door(c) for c in self.counters.values() if c.behind != c.into]
        eyes = [
            Eye(k, c.into, float(c.period_s)) for k, c in self.counters.items() if c.counts_people
        ]
        self.room = Room([d for d in doors if self._drawn(d)], list(self.ground.zones), eyes)
        if self.memory.get("room"):
            self.room.load(self.memory["room"])
        self.triggers = list(_triggers(watch))
        wanted = dict.fromkeys(["", *(t.zone for t in self.triggers if t.zone in self._known)])
        self.ahead = {zone: self._ahead(zone) for zone in wanted}
        skill = self.memory.get("skill", {})
        self.skill = {z: Skill.of(skill[z]) if z in skill else Skill() for z in wanted}
        self.fired: dict[str, Any] = dict(self.memory.get("fired", {}))
        found = watch.readings.filter(taken=False).order_by("at", "kept_at")  # pyright: ignore
        self.words = list(found[:MOST_WORDS])
        self.done: list[Any] = []
        self.moments: list[CrowdMoment] = []
        self.picture: dict[str, Any] = {}

    @property
    def _known(self) -> set[str]:
        return {"", *self.ground.zones}

    def _drawn(self, door: Door) -> bool:
        """A counter whose zone this version does not have any more is left out."""
        return door.into in self._known and door.behind in self._known

    def _ahead(self, zone: str) -> Ahead:
        kept = self.memory.get("ahead", {}).get(zone)
        if kept:
            return Ahead.of(kept)
        whole = zone == "" or len(self.ground.zones) == 1
        expected = self.watch.expected if whole else None
        return Ahead(EVERY, expected=expected, give=self.watch.give / 100)

    def on(self, at: float) -> None:
        passed: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        while self.words and self.words[0].at.timestamp() <= at:
            self._hear(self.words.pop(0), passed)
        zones = [self.room.whole(at), *self.room.look(at)[0]]
        rows = [self._zone(zone, at, passed[zone.zone]) for zone in zones]
        states = [self._trigger(trigger, rows) for trigger in self.triggers]
        self.picture = {
            "at": at, "zones": rows, "triggers": [s for s in states if s],
            "counters": [self._counter(one) for one in self.room.look(at)[1]],
        }  # fmt: skip
        if at - self.memory.get("moment", 0.0) >= MOMENT_S - 1e-6:
            self.memory["moment"] = at
            self.moments.append(
                CrowdMoment(
                    key_id=self.watch.key_id, compartment_id=self.watch.compartment_id,  # pyright: ignore
                    watch=self.watch, at=_time(at), picture=self.picture,
                )
            )  # fmt: skip

    def _hear(self, word: CrowdReading, passed: dict[str, list[float]]) -> None:
        at, door_id = word.at.timestamp(), str(word.counter_id)  # pyright: ignore
        self.done.append(word.pk)
        if word.people is not None and door_id in self.room.eyes:
            self.room.see(door_id, at, word.people, word.within)
        elif word.people is not None and word.zone in self.ground.zones:
            self.room.counted(word.zone, at, word.people, word.within)
        if word.entered is None or door_id not in self.room.doors:
            return
        heard = self.room.hear(door_id, at, word.entered, word.left or 0)
        door = self.room.doors[door_id]
        into, behind = door.into, door.behind
        if into:
            passed[into][0] += heard.entered
            passed[into][1] += heard.left
        if behind:
            passed[behind][0] += heard.left
            passed[behind][1] += heard.entered
        if not (into and behind):
            way = (heard.entered, heard.left) if into else (heard.left, heard.entered)
            passed[""][0] += way[0]
            passed[""][1] += way[1]

    def _zone(self, zone: ZoneNow, at: float, passed: list[float]) -> dict[str, Any]:
        area = self.ground.area(zone.zone)
        item = self.ground.zones.get(zone.zone)
        row: dict[str, Any] = {
            "zone": zone.zone, "label": (item.props.name or item.id) if item else "Whole venue",
            "low": round(zone.low), "people": round(zone.people), "high": round(zone.high),
            "per_m2": round(zone.people / area, 2) if area else None,
            "per_m2_high": round(zone.high / area, 2) if area else None,
            "bridged": zone.bridged, "soon": [],
            "unheard": [self._name(one) for one in zone.open],
        }  # fmt: skip
        if zone.zone in self.ahead:
            self._foretell(zone, at, passed, row)
        return row

    def _foretell(self, zone: ZoneNow, at: float, passed: list[float], row: dict[str, Any]) -> None:
        """Shown only where the back-test says that it is better than "nothing changes"."""
        ahead, skill = self.ahead[zone.zone], self.skill[zone.zone]
        ahead.step(*passed)
        skill.came_true(at, zone.people)
        for horizon in HORIZONS:
            soon = ahead.soon(horizon, zone.people)
            skill.told(at, horizon, soon.people, zone.people)
            if skill.shown(horizon):
                band = _widened(soon, zone)
                row["soon"].append({"seconds": horizon, "band": band})
        row["better"] = {str(h): skill.better(h) for h in HORIZONS}

    def _counter(self, one: Any) -> dict[str, Any]:
        return {
            "id": one.id, "name": self._name(one.id), "heard": one.heard, "fault": one.fault,
            "silent": one.silent, "bridged": round(one.bridged),
            "off": [round(one.off_entered, 3), round(one.off_left, 3)],
        }  # fmt: skip

    def _name(self, door_id: str) -> str:
        return self.counters[door_id].name if door_id in self.counters else door_id

    def _trigger(self, trigger: CrowdTrigger, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
        row = next((row for row in rows if row["zone"] == trigger.zone), None)
        area = self.ground.area(trigger.zone) if row else 0.0
        if row is None or not area:
            return None
        people = trigger.value * (area if trigger.what == "per_m2" else 1.0)
        known = self.fired.setdefault(str(trigger.pk), {"on": False, "times": 0, "soon": False})
        state = {
            "id": str(trigger.pk), "zone": trigger.zone, "label": row["label"],
            "level": trigger.level, "what": trigger.what, "value": trigger.value,
            "at_people": round(people), "on": known["on"], "may_be": row["high"] >= people,
            "when": None,
        }  # fmt: skip
        if row["people"] >= people and not known["on"]:
            known |= {"on": True, "times": known["times"] + 1}
            self._alert(trigger, row, known["times"])
        elif row["people"] < CLEARS * people and known["on"]:
            known |= {"on": False, "soon": False}
        if not known["on"]:
            state["when"] = self._when(trigger, row, people, known)
        return state | {"on": known["on"]}

    def _when(
        self, trigger: CrowdTrigger, row: dict[str, Any], people: float, known: dict[str, Any]
    ) -> list[float] | None:
        ahead, skill = self.ahead[trigger.zone], self.skill[trigger.zone]
        farthest = skill.farthest()
        if not farthest:
            return None
        found = ahead.when(people, row["people"], within=float(farthest))
        if found.middle == float("inf"):
            return None
        if trigger.level == "red" and found.middle <= SOON_S and not known["soon"]:
            known["soon"] = True
            self._alert(trigger, row, known["times"] + 1, soon=found.middle)
        early = ahead.when(people, row["high"], within=float(farthest)).early
        late = ahead.when(people, row["low"], within=float(farthest)).late
        return [min(early, found.middle), found.middle, min(late, 2.0 * farthest)]

    def _alert(
        self, trigger: CrowdTrigger, row: dict[str, Any], times: int, soon: float | None = None
    ) -> None:
        limit = f"{trigger.value:g} {trigger.get_what_display()}"  # pyright: ignore
        name = row["label"]
        title = f"{name}: {trigger.level}, {row['people']} people"
        if soon is not None:
            title = f"{name}: {trigger.level} in about {max(1, round(soon / 60))} min"
        raise_alert(
            operation=self.watch.operation,
            title=title[:200],
            source="crowd_watch",
            about=self.watch.pk,
            dedupe=f"crowd:{self.watch.pk}:{trigger.pk}:{times}{':soon' if soon else ''}",
            urgency="now" if trigger.level == "red" and soon is None else "attention",
            place=name,
            body=f"{row['low']} to {row['high']} people, {row['per_m2']:g} a square metre. "
            f"The trigger is {limit}.",
            action=WAY_WORDS[trigger.level],
        )

    def keep(self, at: float) -> None:
        watch = self.watch
        _take(self.done)
        CrowdMoment.objects.bulk_create(self.moments)
        watch.memory = {
            "at": at, "moment": self.memory.get("moment", 0.0), "room": self.room.plain(),
            "ahead": {zone: one.plain() for zone, one in self.ahead.items()},
            "skill": {zone: one.plain() for zone, one in self.skill.items()},
            "fired": self.fired,
        }  # fmt: skip
        watch.picture, watch.looked_at = self.picture, now()
        watch.save(update_fields=["memory", "picture", "looked_at"])


def _widened(soon: Soon, zone: ZoneNow) -> list[int]:
    """What is not known of now is not known of soon either: both bands together."""
    below = hypot(soon.people - soon.low, zone.people - zone.low)
    above = hypot(soon.high - soon.people, zone.high - zone.people)
    return [round(max(0.0, soon.people - below)), round(soon.people), round(soon.people + above)]


def _door(counter: CrowdCounter) -> Door:
    return Door(
        str(counter.pk), counter.behind, counter.into, missed=counter.missed,
        twice=counter.twice, period=float(counter.period_s), totals=counter.totals,
        most=50.0 if counter.kind == CrowdCounter.Kind.CLICKER else 6.0,
    )  # fmt: skip


@system_read("the words of the watch that the house looks at")
def _take(keys: list[Any]) -> None:
    CrowdReading.objects.filter(pk__in=keys).update(taken=True)


@system_read("the counters of the watch that the house looks at")
def _counters(watch: CrowdWatch) -> list[CrowdCounter]:
    return list(reads.counters(SYSTEM, watch.version.plan))


@system_read("the triggers of the watch that the house looks at")
def _triggers(watch: CrowdWatch) -> list[CrowdTrigger]:
    return list(reads.triggers(SYSTEM, watch.version))


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

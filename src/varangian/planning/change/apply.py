"""Apply a change to the programme, and follow it to the legs beside it.

The rules are those of a day, not of a timetable:

- The leg moves as a whole; its length stays.
- A stay that the leg leaves ends when the leg leaves, if it ended within ``CONTIGUOUS`` minutes of
  the old time.
- A leg that would begin before the one in front of it arrives begins at that arrival: a journey
  moves as a whole, a stop only begins later unless it would be over by then. The push ends at the
  first leg that still fits.
- A changed end of a leg takes its routes, danger areas, havens and report lines away: they led to
  the old place.
- What cannot be decided here is said and not moved: waiting time, a stop at a place that the
  principal does not reach any more, an arrival that nobody knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from varangian.kernel.results import Refused
from varangian.kernel.words import plural

from ..compose.material import clock
from .legs import Leg, Wish

CONTIGUOUS = timedelta(minutes=15)
OF_THE_WAY = ("routes", "route", "choke_points", "danger_areas", "havens", "report_lines")
CHANGEABLE = ("planned", "confirmed", "under_way", "diverted")


@dataclass
class Plan:
    """The programme before and after; ``why`` says for each leg that moved what moved it."""

    target: Leg
    wish: Wish
    before: tuple[Leg, ...]
    after: tuple[Leg, ...] = ()
    why: dict[UUID, str] = field(default_factory=dict)
    troubles: list[tuple[Leg, str]] = field(default_factory=list)
    """Legs that stay as they are, and what is wrong with them now."""

    @property
    def changed(self) -> list[tuple[Leg | None, Leg]]:
        """Old and new of each leg that differs; old is None for a leg that is added."""
        old = {leg.pk: leg for leg in self.before}
        return [(old.get(leg.pk), leg) for leg in self.after if old.get(leg.pk) != leg]

    @property
    def live(self) -> tuple[Leg, ...]:
        """What the order is composed from."""
        return tuple(leg for leg in self.after if leg.state != "cancelled")

    @property
    def new_target(self) -> Leg:
        return next(leg for leg in self.after if leg.pk == self.target.pk)


def apply(legs: Sequence[Leg], target: UUID, wish: Wish, places: Mapping[UUID, Any]) -> Plan:
    """``places`` are those that the wish may name. Refuses what cannot be, in words."""
    wish.check()
    old = next(leg for leg in legs if leg.pk == target)
    if old.state not in CHANGEABLE:
        raise Refused(
            f"A leg that is {old.state.replace('_', ' ')} does not change",
            where=old.label,
            mend="Pick the next leg.",
        )
    plan = Plan(old, wish, tuple(legs))
    new, added = _moved(old, wish, places)
    if new == old and not added:
        raise Refused("It is so already", where=old.label)
    plan.why[old.pk] = "This is the leg that changes"
    fresh = {leg.pk: leg for leg in legs} | {leg.pk: leg for leg in (new, *added)}
    for leg in added:
        plan.why[leg.pk] = "Added by the stop"
    if new.state == "cancelled":
        _after_cancelling(plan, fresh)
    else:
        _before_it(plan, fresh, new)
        _after_it(plan, fresh, added[-1] if added else new)
        _places_beside(plan, fresh, added[-1] if added else new)
    plan.after = tuple(sorted(fresh.values(), key=_by_clock))
    return plan


def _by_clock(leg: Leg) -> tuple[bool, float, int]:
    return leg.starts is None, leg.starts.timestamp() if leg.starts else 0.0, leg.serial


def _moved(old: Leg, wish: Wish, places: Mapping[UUID, Any]) -> tuple[Leg, list[Leg]]:
    if wish.cancelled:
        return _told(replace(old, state="cancelled"), wish), []
    new = _told(_placed(_timed(old, wish), wish, places), wish)
    return _stopped(new, wish, places) if wish.stop is not None else (new, [])


def _timed(old: Leg, wish: Wish) -> Leg:
    if not wish.minutes and wish.starts is None:
        return old
    if old.starts is None:
        if wish.starts is None:
            raise Refused("Its start is not known", where=old.label, mend="Give the new time.")
        return replace(old, starts=wish.starts)
    shift = (
        timedelta(minutes=wish.minutes)
        if wish.minutes
        else (wish.starts or old.starts) - old.starts
    )
    return replace(old, starts=old.starts + shift, ends=old.ends + shift if old.ends else None)


def _placed(leg: Leg, wish: Wish, places: Mapping[UUID, Any]) -> Leg:
    details, title = dict(leg.details), leg.title
    ends: dict[str, Any] = {}
    for name in ("origin", "destination"):
        wanted = getattr(wish, name)
        if wanted is None or wanted == getattr(leg, f"{name}_id"):
            continue
        before, place = getattr(leg, name), _known(places, wanted)
        ends[name] = place
        if before is not None:
            title = title.replace(before.name, place.name)
    if ends or (wish.mode and wish.mode != leg.kind):
        details = {name: value for name, value in details.items() if name not in OF_THE_WAY}
    if "origin" in ends:
        details.pop("exit", None)
    if "destination" in ends:
        details.pop("entrance", None)
    for name in ("exit", "entrance", "vehicle"):
        if getattr(wish, name).strip():
            details[name] = getattr(wish, name).strip()
            if name == "vehicle":
                details.pop("vehicles", None)
    return replace(leg, title=title, kind=wish.mode or leg.kind, details=details, **ends)


def _told(leg: Leg, wish: Wish) -> Leg:
    words = " ".join(wish.words.split())
    if not words:
        return leg
    told = [*(leg.details.get("instructions") or []), words]
    return replace(leg, details={**leg.details, "instructions": told})


def _stopped(leg: Leg, wish: Wish, places: Mapping[UUID, Any]) -> tuple[Leg, list[Leg]]:
    """The leg ends at the stop; a stay and the way onward are added."""
    if leg.is_stay:
        raise Refused("A stop is made on a journey", where=leg.label, mend="Pick the journey.")
    if leg.starts is None or wish.stop is None:
        raise Refused("Its start is not known", where=leg.label, mend="Give the time as well.")
    place, after = _known(places, wish.stop), timedelta(minutes=wish.stop_after or 0)
    reached = leg.starts + after
    if leg.ends and reached >= leg.ends:
        raise Refused("The leg has arrived by then", where="stop_after", mend="Give fewer minutes.")
    left = reached + timedelta(minutes=wish.stop_minutes or 0)
    goal = leg.destination.name if leg.destination else "destination"
    kept = {n: v for n, v in leg.details.items() if n not in OF_THE_WAY}
    there = Leg(
        uuid5(leg.pk, f"stop {leg.version}"),
        leg.serial,
        f"Stop at {place.name}",
        "event",
        "planned",
        destination=place,
        starts=reached,
        ends=left,
        zone=leg.zone,
        updated_at=leg.updated_at,
    )
    onward = replace(
        leg,
        pk=uuid5(leg.pk, f"onward {leg.version}"),
        title=f"{place.name} to {goal}",
        state="planned",
        origin=place,
        starts=left,
        ends=left + (leg.ends - reached) if leg.ends else None,
        details={n: v for n, v in kept.items() if n != "exit"},
        version=1,
    )
    start = leg.origin.name if leg.origin else "origin"
    first = {n: v for n, v in kept.items() if n != "entrance"}
    to_it = replace(
        leg, title=f"{start} to {place.name}", destination=place, ends=reached, details=first
    )
    return to_it, [there, onward]


def _known(places: Mapping[UUID, Any], pk: UUID) -> Any:
    if pk not in places:
        raise Refused("There is no such place in this operation", where="place")
    return places[pk]


def _before_it(plan: Plan, fresh: dict[UUID, Leg], new: Leg) -> None:
    """The stay that the leg leaves ends with it."""
    old = plan.target
    if old.starts is None or new.starts is None or old.starts == new.starts:
        return
    for leg in plan.before:
        beside = leg.ends is not None and abs(old.starts - leg.ends) <= CONTIGUOUS
        if leg.pk == old.pk or leg.over or not beside or leg.ends is None:
            continue
        if leg.starts is not None and leg.starts >= new.starts:
            plan.troubles.append((leg, f"begins only when leg {new.serial} is away already"))
        elif not leg.is_stay:
            if leg.ends > new.starts:
                late = _minutes(leg.ends - new.starts)
                plan.troubles.append((leg, f"arrives {late} after leg {old.serial} leaves"))
        else:
            _end_with(plan, fresh, leg, new.starts)


def _end_with(plan: Plan, fresh: dict[UUID, Leg], leg: Leg, at: datetime) -> None:
    assert leg.ends is not None
    word = "earlier" if at < leg.ends else "later"
    told = f"leg {plan.target.serial} leaves at {clock(at, leg.zone)}"
    why = f"ends {_minutes(abs(leg.ends - at))} {word}: {told}"
    if plan.wish.follow:
        fresh[leg.pk] = replace(leg, ends=at)
        plan.why[leg.pk] = begun(why)
    else:
        plan.troubles.append((leg, f"stands to {clock(leg.ends, leg.zone)}, but {why}"))


def _after_it(plan: Plan, fresh: dict[UUID, Leg], last: Leg) -> None:
    """Push what would begin too early; say what waits."""
    old = plan.target
    if old.starts is None:
        return
    coming = [
        leg
        for leg in sorted(plan.before, key=_by_clock)
        if leg.pk != old.pk and not leg.over and leg.starts is not None and leg.starts >= old.starts
    ]
    if last.ends is None:
        if coming and last.starts != old.starts:
            plan.troubles.append((coming[0], "may begin too early: the arrival is not known"))
        return
    front, free = last, last.ends
    for number, leg in enumerate(coming):
        assert leg.starts is not None
        if leg.starts >= free:
            if number == 0:
                _waiting(plan, leg, free)
            return
        late = free - leg.starts
        why = f"{_minutes(late)} later: leg {front.serial} arrives at {clock(free, leg.zone)}"
        if not plan.wish.follow:
            plan.troubles.append((leg, f"would begin {why}"))
            return
        pushed = _pushed(leg, late)
        fresh[leg.pk], plan.why[leg.pk] = pushed, f"Begins {why}"
        if pushed.ends is None:
            return
        front, free = pushed, pushed.ends


def _pushed(leg: Leg, late: timedelta) -> Leg:
    assert leg.starts is not None
    starts = leg.starts + late
    if leg.is_stay and leg.ends is not None and leg.ends > starts:
        return replace(leg, starts=starts)
    return replace(leg, starts=starts, ends=leg.ends + late if leg.ends else None)


def _waiting(plan: Plan, leg: Leg, free: datetime) -> None:
    """An earlier arrival leaves the principal standing somewhere."""
    assert leg.starts is not None
    was = plan.target.ends
    gap = leg.starts - free
    if was is not None and gap > max(leg.starts - was, timedelta()):
        plan.troubles.append((leg, f"begins {_minutes(gap)} after the arrival: say where to wait"))


def _places_beside(plan: Plan, fresh: dict[UUID, Leg], last: Leg) -> None:
    """The next legs still start from, or stand at, the old place."""
    old = plan.target
    before = old.destination_id
    if before is None or before == last.destination_id or old.starts is None:
        return
    name = last.destination.name if last.destination else "an unknown place"
    for leg in sorted(fresh.values(), key=_by_clock):
        later = (
            leg.starts is not None and leg.starts >= old.starts and leg.pk not in (old.pk, last.pk)
        )
        if not later or leg.over:
            continue
        if leg.is_stay and leg.destination_id == before:
            plan.troubles.append(
                (leg, f"is at {leg.destination.name}; the principal goes to {name}")
            )
        elif not leg.is_stay:
            if leg.origin_id == before:
                plan.troubles.append(
                    (leg, f"starts from {leg.origin.name}; the principal is at {name}")
                )
            return


def _after_cancelling(plan: Plan, fresh: dict[UUID, Leg]) -> None:
    old = plan.target
    if old.is_stay or old.destination_id is None or old.starts is None:
        return
    for leg in sorted(fresh.values(), key=_by_clock):
        later = leg.starts is not None and leg.starts >= old.starts and leg.pk != old.pk
        if not later or leg.over:
            continue
        if leg.is_stay and leg.destination_id == old.destination_id:
            plan.troubles.append(
                (leg, f"is at {leg.destination.name}, where the principal does not get to")
            )
        elif not leg.is_stay:
            if leg.origin_id == old.destination_id:
                plan.troubles.append(
                    (leg, f"starts from {leg.origin.name}, where the principal is not")
                )
            return


def begun(words: str) -> str:
    """As a sentence begins; the rest keeps its capitals."""
    return f"{words[:1].upper()}{words[1:]}"


def _minutes(span: timedelta) -> str:
    return plural(max(1, round(span.total_seconds() / 60)), "minute")


def said(plan: Plan, told: str = "") -> str:
    """The change in one sentence, as it heads the fragmentary order.

    ``told`` is the time that the posts have been told, where the record had moved on since.
    """
    old, new, wish = plan.target, plan.new_target, plan.wish
    if new.state == "cancelled":
        return f"Leg {old.serial} {old.title} is cancelled."
    parts = []
    if old.starts != new.starts:
        verb = "begins" if old.is_stay else "leaves"
        was = told or clock(old.starts, old.zone)
        door = f" by {wish.exit.strip()}" if wish.exit.strip() else ""
        parts.append(f"{verb} at {clock(new.starts, new.zone)} instead of {was}{door}")
    if old.kind != new.kind:
        parts.append(f"goes by {new.kind} instead of {old.kind}")
    for name, words in (("exit", "leaves by"), ("entrance", "enters by")):
        if getattr(wish, name).strip() and not (name == "exit" and parts):
            parts.append(f"{words} {getattr(wish, name).strip()}")
    if wish.vehicle.strip():
        parts.append(f"takes {wish.vehicle.strip()}")
    for name, words in (("origin", "starts from"), ("destination", "goes to")):
        if getattr(wish, name) is not None and getattr(new, name) is not None:
            place = plan.after and _end_of(plan, name)
            parts.append(f"{words} {place}")
    if wish.stop is not None and new.destination is not None:
        parts.append(
            f"stops at {new.destination.name} for {plural(wish.stop_minutes or 0, 'minute')}"
        )
    if not parts:
        return f"Leg {old.serial} {old.title}: {' '.join(wish.words.split())}"
    return f"Leg {old.serial} {old.title} {', '.join(parts)}."


def _end_of(plan: Plan, name: str) -> str:
    """With a stop, the way onward holds the new end."""
    leg = plan.new_target
    if name == "destination" and plan.wish.stop is not None:
        onward = uuid5(leg.pk, f"onward {leg.version}")
        leg = next((row for row in plan.after if row.pk == onward), leg)
    return getattr(leg, name).name

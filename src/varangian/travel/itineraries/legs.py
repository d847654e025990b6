"""Items of an itinerary to an ordered programme of legs (movements) and stops (places).

The rule, in order:

1. A flight, train or road item, and any other item with both ends, is a leg.
2. A stay or an event is a stop. A stay does not say when anybody is there, so it counts as a
   base: at 04:00 local time of each of its nights the party is taken to be there, unless an
   entry is under way; only a timed stay of three hours or less (a check-in) is a stop like
   others. A stay that is only guessed, an all-day event, an entry without a place and a cancelled
   one move nobody.
3. "Airport", "Hotel" and the like mean the airport of the neighbouring flight and the stay of that
   night; the reason says so.
4. Where the party is at one place and next has to be at another, and no leg joins them, a leg is
   proposed with ``implied`` True. Its start and end are the bounds of the gap, not times of a plan
   (``times_known`` False); a person confirms or removes it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Literal

from varangian.kernel.geometry import haversine_km
from varangian.travel.itineraries.itinerary import ItineraryItem
from varangian.travel.itineraries.kinds import MOVING, plain

NIGHT = time(4)
SAME_PLACE_KM = 0.15
MAX_NIGHTS = 60
CHECK_IN = timedelta(hours=3)
AIRPORT_NAMES = {"airport", "the airport", "flughafen", "aeroport", "aeropuerto", "lentoasema"}
STAY_NAMES = {"hotel", "the hotel", "our hotel", "hotelli", "residence", "accommodation"}


@dataclass(frozen=True, slots=True)
class LegDraft:
    """A movement or a stop that nobody has accepted yet. Times are aware; None is unknown."""

    uid: str
    role: Literal["leg", "stop"]
    mode: str
    title: str
    start: datetime | None
    end: datetime | None
    zone: str
    end_zone: str = ""
    origin: str = ""
    destination: str = ""
    implied: bool = False
    times_known: bool = True
    end_known: bool = True
    all_day: bool = False
    flight_number: str = ""
    status: str = ""
    geo: tuple[float, float] | None = None
    confidence: str = "guess"
    reasons: tuple[str, ...] = field(default=())

    @property
    def place(self) -> str:
        """Where one is at its end."""
        return self.destination


def draft_legs(
    items: Iterable[ItineraryItem], same: Callable[[str, str], bool] | None = None
) -> list[LegDraft]:
    """Legs and stops in order of their start, implied legs between them; those without one last.

    ``same`` says whether two texts are one place; by default by name (``same_place``).
    """
    given = list(items)
    dated = [(item.start, item.uid, item) for item in given if item.start is not None]
    ordered = [item for *_, item in sorted(dated, key=lambda row: row[:2])]
    undated = [_draft(item) for item in given if item.start is None]
    drafts = _name_generics([_draft(item) for item in ordered])
    placed = [(_begin(draft), 0, draft) for draft in drafts]
    chain = _chain(drafts)
    for before, after in pairwise(chain):
        if leg := _implied(before, after, same or same_place):
            placed.append((before.end or _begin(before), 1, leg))
    return [draft for *_, draft in sorted(placed, key=lambda p: (p[0], p[1], p[2].uid))] + undated


def movements(drafts: Iterable[LegDraft]) -> list[LegDraft]:
    return [draft for draft in drafts if draft.role == "leg"]


def same_place(a: str, b: str) -> bool:
    """Equal names up to the first comma, case and accents, in towns that may be the same; or one
    airport code in both. "Hotel, London" and "Hotel, Paris" are two places.
    """
    first, second = _head(a), _head(b)
    if first and first == second:
        return _towns_agree(a, b)
    return bool(_codes(a) & _codes(b))


def _begin(draft: LegDraft) -> datetime:
    if draft.start is None:
        raise ValueError(f"draft {draft.uid!r} has no start")
    return draft.start


def _draft(item: ItineraryItem) -> LegDraft:
    moving = item.kind in MOVING or bool(item.origin and item.destination)
    origin, destination = (
        (item.origin, item.destination) if moving else (item.location, item.location)
    )
    return LegDraft(
        uid=item.uid,
        role="leg" if moving else "stop",
        mode=item.kind,
        title=item.title,
        start=item.start,
        end=item.end,
        zone=item.zone,
        end_zone=item.end_zone or item.zone,
        origin=origin,
        destination=destination,
        times_known=not item.all_day and item.start is not None,
        end_known=item.end_known,
        all_day=item.all_day,
        flight_number=item.flight_number,
        status=item.status,
        geo=item.geo,
        confidence=item.confidence,
        reasons=tuple(item.reasons),
    )


def _name_generics(drafts: list[LegDraft]) -> list[LegDraft]:
    flights = [d for d in drafts if d.mode == "flight" and d.status != "cancelled"]
    stays = [d for d in drafts if _is_base(d)]
    return [_name_ends(draft, flights, stays) if draft.role == "leg" else draft for draft in drafts]


def _name_ends(draft: LegDraft, flights: list[LegDraft], stays: list[LegDraft]) -> LegDraft:
    at = _begin(draft)
    changes: dict[str, str] = {}
    reasons = list(draft.reasons)
    for side in ("origin", "destination"):
        text = getattr(draft, side)
        meant = ""
        if plain(text) in AIRPORT_NAMES:
            meant = _airport_meant(side, at, flights)
        elif plain(text) in STAY_NAMES:
            meant = _stay_meant(side, at, stays)
        if meant:
            changes[side] = meant
            reasons.append(f'"{text}" taken as {meant}')
    return replace(draft, **changes, reasons=tuple(reasons)) if changes else draft


def _airport_meant(side: str, at: datetime, flights: list[LegDraft]) -> str:
    day = timedelta(days=1)
    if side == "origin":
        landed = [f for f in flights if f.start and timedelta(0) <= at - (f.end or f.start) <= day]
        return landed[-1].destination if landed else ""
    leaving = [f for f in flights if f.start and timedelta(0) <= f.start - at <= day]
    return leaving[0].origin if leaving else ""


def _stay_meant(side: str, at: datetime, stays: list[LegDraft]) -> str:
    """On arrival the stay of the coming night, on departure that of the last one."""
    night = datetime.combine(at.date(), NIGHT, at.tzinfo)
    if side == "destination":
        night += timedelta(days=1)
    names = {s.place for s in stays if night in _night_moments(s)} or {
        s.place for s in stays if _begin(s).date() <= at.date() <= (s.end or _begin(s)).date()
    }
    return names.pop() if len(names) == 1 else ""


def _chain(drafts: list[LegDraft]) -> list[LegDraft]:
    """What moves the party, in order, with the nights of the stays between."""
    moving = [d for d in drafts if _moves(d)]
    nights = [
        night
        for stay in drafts
        if _is_base(stay)
        for night in _nights(stay)
        if not any(_under_way(draft, _begin(night)) for draft in moving)
    ]
    return sorted([*moving, *nights], key=lambda draft: (_begin(draft), draft.uid))


def _is_base(draft: LegDraft) -> bool:
    known = draft.confidence != "guess" and draft.status != "cancelled"
    return draft.mode == "stay" and draft.role == "stop" and bool(draft.place) and known


def _moves(draft: LegDraft) -> bool:
    if draft.status == "cancelled" or draft.all_day:
        return False
    if draft.role == "leg":
        return bool(draft.origin or draft.destination)
    if draft.mode == "stay" and (draft.end is None or draft.end - _begin(draft) > CHECK_IN):
        return False
    return bool(draft.place)


def _night_moments(stay: LegDraft) -> list[datetime]:
    """04:00 of every night inside the stay; one all-day entry of one day means its own night."""
    start = _begin(stay)
    end = stay.end or start + timedelta(days=1)
    if stay.all_day and end - start <= timedelta(days=1, hours=1):
        end += timedelta(hours=5)
    moment = datetime.combine(start.date(), NIGHT, start.tzinfo)
    if stay.all_day or moment < start:
        moment += timedelta(days=1)
    nights = []
    while moment < end and len(nights) < MAX_NIGHTS:
        nights.append(moment)
        moment += timedelta(days=1)
    return nights


def _nights(stay: LegDraft) -> list[LegDraft]:
    return [
        replace(stay, uid=f"{stay.uid}@{at:%Y%m%d}", start=at, end=at, times_known=False)
        for at in _night_moments(stay)
    ]


def _under_way(draft: LegDraft, moment: datetime) -> bool:
    return draft.end is not None and _begin(draft) <= moment < draft.end


def _implied(
    before: LegDraft, after: LegDraft, same: Callable[[str, str], bool]
) -> LegDraft | None:
    start, goal = before.place, after.origin
    if not start or not goal or same(start, goal):
        return None
    stops = before.role == after.role == "stop"
    if stops and before.geo and after.geo and haversine_km(before.geo, after.geo) <= SAME_PLACE_KM:
        return None
    at_night = before.mode == "stay" and not before.times_known
    leave = None if at_night else before.end
    due = None if after.mode == "stay" and not after.times_known else after.start
    if leave and due and leave > due:
        leave = None
    gap = "between the two entries" if leave and due else "time unknown"
    return LegDraft(
        uid=f"implied:{before.uid}>{after.uid}",
        role="leg",
        mode="road",
        title=f"{start} to {goal}",
        start=leave,
        end=due,
        zone=before.end_zone or before.zone,
        end_zone=before.end_zone or before.zone,
        origin=start,
        destination=goal,
        implied=True,
        times_known=False,
        end_known=False,
        confidence="guess",
        reasons=(
            f'the party is at "{start}" ({before.title}) and next at "{goal}" ({after.title}); '
            f"no entry says how it gets there ({gap})",
        ),
    )


def _head(text: str) -> str:
    return re.sub(r"[^\w]+", " ", plain(text.split(",")[0])).strip().removeprefix("the ")


def _towns_agree(a: str, b: str) -> bool:
    """What follows the first comma shares a word, or one of the two says nothing there."""
    tails = [set(re.findall(r"[^\W\d]{3,}", plain(text.partition(",")[2]))) for text in (a, b)]
    return not all(tails) or bool(tails[0] & tails[1])


def _codes(text: str) -> set[str]:
    if re.fullmatch(r"[A-Z]{3}", text.strip()):
        return {text.strip()}
    return set(re.findall(r"[(\[]([A-Z]{3})[)\]]", text))

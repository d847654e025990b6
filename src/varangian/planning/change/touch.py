"""What a change touches, each with its reason in words. Pure: two states of a plan in, rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from varangian.kernel.words import plural

from ..compose.difference import affected
from ..compose.line import Line
from ..compose.material import clock, span
from ..compose.timings import WORDS, moments
from ..library import order_structure
from .apply import Plan, begun
from .legs import Leg

GROUPS = {
    "movement": "Movements",
    "post": "Posts",
    "line": "Lines of the order",
    "card": "Contingency cards",
    "survey": "Surveys and readiness",
    "alert": "Hazards and alerts",
    "acknowledgement": "Acknowledgements",
}
FIRST = {"driver": "staged", "advance": "advance"}
"""The moment that an edition looks at first; the others are called forward with the principal."""
LEAST, MOST = 2, 30
WHY = {
    "expired": "out of date",
    "runs_out": "runs out before the leg",
    "disputed": "disputed",
    "never": "never checked",
}


@dataclass(frozen=True)
class Touch:
    """``tone`` red: cannot stay so. Amber: somebody has to look. Blue: follows by itself."""

    group: str
    title: str
    why: str
    tone: str = "blue"
    node: tuple[str, UUID] | None = None


@dataclass(frozen=True)
class Contact:
    """One hazard that meets one leg."""

    leg: UUID
    hazard: UUID
    title: str
    words: str


@dataclass(frozen=True)
class CardFact:
    """A card in force: its fall-back place now, and the one that would be fitted afterwards."""

    pk: UUID
    title: str
    place: UUID | None = None
    place_name: str = ""
    fitted: str = ""
    """Name of the nearest place after the change; empty when it is the same."""


@dataclass(frozen=True)
class Scene:
    """The plan of a change and what stands around it, before and after."""

    plan: Plan
    level: str
    posts: Sequence[Any] = ()
    covers: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    pending: int = 0
    put_away: str = ""
    """Serial and author of an unsigned fragmentary order that this one overtakes."""
    cards: Sequence[CardFact] = ()
    arising: Sequence[str] = ()
    """Titles of cards that the new settings ask for and the operation has not in force."""
    wants: tuple[Mapping[Any, Any], Mapping[Any, Any]] = ({}, {})
    """Before and after: (place id, item) to what must be looked at."""
    place_names: Mapping[UUID, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    lights: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
    contacts: tuple[Sequence[Contact], Sequence[Contact]] = ((), ())
    unread: Mapping[UUID, str] = field(default_factory=dict)
    """Post to the serials in force that it has not acknowledged yet."""


def touches(scene: Scene) -> list[Touch]:
    """Rows in the order of ``GROUPS``."""
    return [
        *_movements(scene.plan),
        *_posts(scene),
        *_lines(scene),
        *_cards(scene),
        *_surveys(scene),
        *_lights(scene),
        *_alerts(scene),
        *_acknowledgements(scene),
    ]


def concerned(scene: Scene) -> list[Any]:
    """The posts that read something in the fragmentary order."""
    return affected(scene.lines, scene.posts, dict(scene.covers))


def first_moment(plan: Plan, level: str, at: datetime) -> datetime | None:
    """When somebody has to move next, once the change holds."""
    known = [when for _, leg in plan.changed for when in moments(leg, level).values()]
    return min((when for when in known if when > at), default=None)


def acknowledge_minutes(first: datetime | None, at: datetime) -> int:
    """Half of the time that is left until somebody has to move, from two minutes to thirty."""
    if first is None or first <= at:
        return LEAST
    return min(MOST, max(LEAST, int((first - at) / timedelta(minutes=2))))


def _movements(plan: Plan) -> list[Touch]:
    found = []
    for old, new in plan.changed:
        why = plan.why.get(new.pk, "")
        own = new.pk == plan.target.pk
        tone = "amber" if own or not new.is_stay else "blue"
        words = _difference(old, new)
        text = f"{words}. {why}" if why and not own else words
        node = ("movement", new.pk) if old is not None else None
        found.append(Touch("movement", (old or new).label if old else new.title, text, tone, node))
    for leg, words in plan.troubles:
        node = ("movement", leg.pk)
        found.append(Touch("movement", leg.label, begun(words), "red", node))
    gone = plan.target.destination_id != plan.new_target.destination_id
    if (gone or plan.wish.origin) and plan.target.kind == "road":
        words = "The routes led to the old place and are taken out: name new ones"
        found.append(
            Touch("movement", plan.target.label, words, "red", ("movement", plan.target.pk))
        )
    return found


def _difference(old: Leg | None, new: Leg) -> str:
    if old is None:
        return f"New: {span(new.starts, new.ends, new.zone)}"
    if new.state == "cancelled":
        return "Cancelled"
    parts = []
    if (old.starts, old.ends) != (new.starts, new.ends):
        parts.append(f"{hours_of(new)}, was {hours_of(old)}")
    if old.title != new.title:
        parts.append(new.title)
    for name, words in (("origin", "from"), ("destination", "to")):
        there = getattr(new, name)
        if getattr(old, f"{name}_id") != getattr(new, f"{name}_id") and there is not None:
            parts.append(f"{words} {there.name}")
    if old.kind != new.kind:
        parts.append(f"by {new.kind}, was {old.kind}")
    parts += [
        f"{name} {new.details[name]}"
        for name in ("exit", "entrance", "vehicle")
        if new.details.get(name) and old.details.get(name) != new.details[name]
    ]
    if old.details.get("instructions") != new.details.get("instructions"):
        parts.append("new instruction")
    return "; ".join(parts)


def hours_of(leg: Leg) -> str:
    """``13:00 to 13:20 EET``."""
    if leg.starts is None:
        return "time unknown"
    first = clock(leg.starts, leg.zone)
    if leg.ends is None:
        return f"{first}, end unknown"
    return f"{first.split(' ')[0]} to {clock(leg.ends, leg.zone)}"


def fields_of(leg: Leg) -> dict[str, str]:
    """What two people may have changed about a leg, in words."""
    return {
        "Title": leg.title,
        "Time": hours_of(leg),
        "By": leg.kind,
        "From": leg.origin.name if leg.origin is not None else "",
        "To": leg.destination.name if leg.destination is not None else "",
        "Exit": str(leg.details.get("exit") or ""),
        "Entrance": str(leg.details.get("entrance") or ""),
        "Vehicle": str(leg.details.get("vehicle") or ""),
        "State": leg.state.replace("_", " "),
    }


def _posts(scene: Scene) -> list[Touch]:
    titles = {heading.id: heading.title for heading in order_structure().headings()}
    found = []
    for post in concerned(scene):
        rows = [row for row in scene.lines if affected([row], [post], dict(scene.covers))]
        names = list(dict.fromkeys(titles[row.heading] for row in rows))
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        told = _moment(scene, post)
        why = f"{told}. Changed for it: {shown}" if told else f"Changed for it: {shown}"
        empty = not post.holder_id
        text = f"Nobody holds it. {why}" if empty else f"{post.holder}. {why}"
        found.append(Touch("post", post.title, text, "red" if empty else "blue", ("post", post.pk)))
    return found


def _moment(scene: Scene, post: Any) -> str:
    """``Car on its mark 13:05 EET, was 13:35``: where the change bites first for this post."""
    plan, own = scene.plan, scene.covers.get(post.pk, frozenset())
    if plan.new_target.state == "cancelled" or (own and plan.target.pk not in own):
        return ""
    before, after = moments(plan.target, scene.level), moments(plan.new_target, scene.level)
    wanted = FIRST.get(post.edition, "call_forward")
    name = wanted if wanted in after else next(iter(after), "")
    if not name or before.get(name) == after[name]:
        return ""
    was = f", was {_time(before[name], plan.target.zone)}" if name in before else ""
    return f"{begun(WORDS[name])} {clock(after[name], plan.target.zone)}{was}"


def _time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _lines(scene: Scene) -> list[Touch]:
    titles = {heading.id: heading.title for heading in order_structure().headings()}
    found = [
        Touch("line", f"{row.number} {titles[row.heading]}", row.change.capitalize(), "blue")
        for row in scene.lines
    ]
    if scene.put_away:
        words = "Not signed; put away, and drafted anew when you ask for the rest"
        found.append(Touch("line", scene.put_away, words, "amber"))
    if scene.pending:
        words = (
            f"{plural(scene.pending, 'line')} had changed before, not in this order: "
            "draft a fragmentary order for the rest"
        )
        found.append(Touch("line", "Other changes wait", words, "amber"))
    return found


def _cards(scene: Scene) -> list[Touch]:
    left = {
        pk
        for old, new in scene.plan.changed
        if old is not None
        for pk in (old.origin_id, old.destination_id)
        if pk is not None and pk not in _places(scene.plan.live)
    }
    found = []
    for card in scene.cards:
        if card.place in left:
            words = f"Falls back to {card.place_name}, where the principal does not go any more"
        elif card.fitted:
            words = f"Falls back to {card.place_name or 'no place'}; {card.fitted} would be nearer"
        else:
            continue
        found.append(Touch("card", card.title, words, "amber", ("card", card.pk)))
    return found + [
        Touch("card", title, "Asked for by the new programme, and not in force", "amber")
        for title in scene.arising
    ]


def _places(legs: Sequence[Leg]) -> set[UUID]:
    return {pk for leg in legs for pk in (leg.origin_id, leg.destination_id) if pk is not None}


def _surveys(scene: Scene) -> list[Touch]:
    before, after = scene.wants
    fresh: dict[UUID, list[str]] = {}
    for (place, item), want in after.items():
        if (place, item) not in before or before[place, item].why != want.why:
            title = scene.items.get(item, item.replace("_", " "))
            fresh.setdefault(place, []).append(f"{title} ({WHY.get(want.why, want.why)})")
    found = []
    for place, items in fresh.items():
        more = f" and {len(items) - 3} more" if len(items) > 3 else ""
        words = f"To look at before the leg: {', '.join(items[:3])}{more}"
        found.append(
            Touch(
                "survey", scene.place_names.get(place, "A place"), words, "amber", ("place", place)
            )
        )
    return found + _sooner(scene)


def _sooner(scene: Scene) -> list[Touch]:
    """What was to be looked at anyway has less time now."""
    before, after = scene.wants
    early = [
        after[key]
        for key, want in before.items()
        if key in after and after[key].why == want.why and after[key].due < want.due
    ]
    if not early:
        return []
    zone = scene.plan.target.zone
    due = min(want.due for want in early)
    words = f"{plural(len(early), 'fact')} to look at sooner, the first by {clock(due, zone)}"
    return [Touch("survey", "Advance", words, "amber")]


def _lights(scene: Scene) -> list[Touch]:
    before, after = scene.lights
    return [
        Touch("survey", light.artefact.title, f"Readiness: {light.state}. {light.why}", "amber")
        for name, light in after.items()
        if light.wanting
        and (
            name not in before or (before[name].state, before[name].why) != (light.state, light.why)
        )
    ]


def _alerts(scene: Scene) -> list[Touch]:
    before, after = scene.contacts
    known = {(c.leg, c.hazard): c for c in before}
    still = {(c.leg, c.hazard) for c in after}
    found = []
    for contact in after:
        old = known.get((contact.leg, contact.hazard))
        if old is None:
            found.append(
                Touch(
                    "alert",
                    contact.title,
                    f"Met now: {contact.words}",
                    "red",
                    ("signal", contact.hazard),
                )
            )
        elif old.words != contact.words:
            words = f"{begun(contact.words)}; before: {old.words}"
            found.append(Touch("alert", contact.title, words, "amber", ("signal", contact.hazard)))
    return found + [
        Touch("alert", c.title, "No longer met", "blue", ("signal", c.hazard))
        for c in before
        if (c.leg, c.hazard) not in still
    ]


def _acknowledgements(scene: Scene) -> list[Touch]:
    found = []
    for post in concerned(scene):
        late = scene.unread.get(post.pk, "")
        words = f"Asked. Has not acknowledged {late} either" if late else "Asked to acknowledge"
        tone = "amber" if late or not post.holder_id else "blue"
        holder = str(post.holder) if post.holder_id else "nobody holds it"
        found.append(
            Touch("acknowledgement", f"{post.title}, {holder}", words, tone, ("post", post.pk))
        )
    return found

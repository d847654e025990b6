"""The first words of a plan, made of what is known; each is the planner's to change."""

from typing import Any

from varangian.kernel.words import plural

from ..library import announcements
from .content import (
    CELLS,
    Cell,
    Content,
    Event,
    Fact,
    Kit,
    Medical,
    Message,
    Messages,
    Party,
    Post,
    Routes,
    ShowStop,
    Zone,
)
from .known import (
    Known,
    capacity_fact,
    density_source,
    finding_facts,
    queue_facts,
    run_facts,
    sources,
    staff_facts,
    ways,
)
from .secrets import OURS

AMBER_SHARE = 0.9
MOVING, STANDING = (3.0, 4.0), (4.0, 4.7)
"""Amber and red people on a square metre, where people walk and where they stand."""
NEAR_M = 6.0
COVER = (
    "Watch hands and faces before you, not the principal. Tell the detail of whoever pushes "
    "forward, follows or reaches into clothing; know the way out from here."
)


def facts_of(known: Known) -> dict[str, list[Fact]]:
    """By cell of the matrix."""
    venue, plan = known.venue, known.of_plan
    entrances = [d for d in venue.doors if d.props.entrance]
    exits, lanes = venue.exits, venue.of("screening")
    come = [Fact(words=f"Entrances: {ways(entrances)}", source=plan)] if entrances else []
    come += [Fact(words=plural(len(lanes), "screening lane"), source=plan)] if lanes else []
    leave = [Fact(words=f"Ways out: {ways(exits)}", source=plan)] if exits else []
    loss = known.capacity["exit_loss"]
    without = [
        Fact(words=f"Without {name}, {people:,} people still leave in the normal time", source=plan)
        for name, people in sorted(loss.items(), key=lambda row: row[1])[:3]
    ]
    zones = [
        Fact(words=f"{zone['zone']}: {zone['people']:,} people on {zone['m2']:.0f} m2 "
             f"({zone['use']})", source=zone["how"][:600])
        for zone in known.capacity["zones"]
    ]  # fmt: skip
    calm, trouble = run_facts(known.plain), run_facts(known.trouble)
    return {name: [] for name in CELLS} | {
        "normal.ingress.design": come + capacity_fact(known, "entry"),
        "normal.ingress.management": queue_facts(known),
        "normal.circulation.design": zones + capacity_fact(known, "holding"),
        "normal.circulation.management": staff_facts(known),
        "normal.egress.design": leave + capacity_fact(known, "exit"),
        "normal.egress.management": calm,
        "emergency.ingress.design": come,
        "emergency.circulation.design": finding_facts(known, "zone_cut_off", "no_way_out"),
        "emergency.circulation.management": calm[1:],
        "emergency.egress.design": capacity_fact(known, "emergency")
        + without
        + finding_facts(known, "exit_cut_off", "wheelchair"),
        "emergency.egress.management": trouble or calm[:1],
    }


TEXTS = {
    "normal.ingress.design": "Queue on the areas drawn, each lane with a way back out of it. "
    "Nobody queues across a way out.",
    "normal.ingress.information": "Tickets, signs and stewards name the same gate. What may not be "
    "brought is said before the queue, and again at its head.",
    "normal.ingress.management": "Lanes open before the peak, not after it. Late arrivals are told "
    "that the start waits for them.",
    "normal.circulation.design": "Gangways and ways to bars and toilets stay free; no queue stands "
    "in a way out.",
    "normal.circulation.information": "Signs can be read over the heads of people who stand. Full "
    "parts are announced before they are full.",
    "normal.circulation.management": "Stewards count or estimate each zone at the times below and "
    "report at amber. Front of stage is watched from both sides.",
    "normal.egress.design": "All ways out are open ten minutes before the end; barriers of the "
    "queue are taken away before that.",
    "normal.egress.information": "The end is announced with every way out, and that there is no "
    "hurry.",
    "normal.egress.management": "Stewards stand at the worst places until the last person has "
    "passed. Nobody comes in against the stream.",
    "emergency.ingress.design": "Entry stops at the outer gate. Whoever queues can turn back "
    "without meeting the stream out.",
    "emergency.ingress.information": "The queue is told to stay or to turn back, by loudhailer and "
    "by stewards who know the words.",
    "emergency.ingress.management": "The gate is shut by the steward at it, on the word or on "
    "sight. Emergency services come in by a way nobody leaves by.",
    "emergency.circulation.design": "Barriers have escapes to both sides. Nothing stands in a "
    "gangway.",
    "emergency.circulation.information": "Music stops, house light comes on, then the prepared "
    "words in the languages of the audience.",
    "emergency.circulation.management": "The show is stopped by whoever has the authority, on "
    "pressure, collapse or red. Stewards move people sideways, never into the stream.",
    "emergency.egress.design": "Every way out opens without a key. One way out may be lost: the "
    "others must do.",
    "emergency.egress.information": "The prepared words name which way out not to use. Stewards "
    "point and repeat.",
    "emergency.egress.management": "Evacuation is ordered by one person, zone by zone where there "
    "is time. Stewards sweep behind the last person and report clear.",
}
AMBER_DO = "Report to control. Stop further entry to this zone; show people where there is room."
RED_DO = "Report red. Close the way in, announce, make room; control asks whether to stop the show."
KIT = (
    "Radio with the channel of control, a spare battery each", "Loudhailer",
    "Steward's tabard, numbered", "Hand counter",
)  # fmt: skip


def prefilled(known: Known, *, times: dict[str, Any] | None = None, name: str = "") -> Content:
    facts = facts_of(known)
    cells = {key: Cell(text=TEXTS[key], facts=facts[key]) for key in CELLS}
    posts = posts_of(known)
    return Content(
        event=Event(people=known.people, **(times or {})),
        matrix=cells,
        zones=zones_of(known),
        show_stop=ShowStop(
            words="Show stop, show stop, show stop. Lights up, sound off.",
            how="By radio on the channel of control and by hand sign to the stage manager. "
            "Whoever hears it repeats it.",
            restart="Only the person who stopped it starts it again, when control has reported "
            "every zone below amber.",
        ),
        routes=_routes(known),
        messages=Messages(
            fills=_fills(known, name),
            items=[Message(key=m.id, title=m.title, when=m.when, texts=dict(m.texts))
                   for m in announcements().messages],
        ),
        posts=posts,
        kit=_kit(known),
        parties=[Party(party="organiser"), Party(party="venue")],
        medical=_medical(known),
    )  # fmt: skip


def refreshed(content: Content, known: Known) -> Content:
    """Figures anew; what somebody wrote stays, and so do zones and posts that are there."""
    facts = facts_of(known)
    cells = {key: Cell(text=cell.text, facts=facts[key]) for key, cell in content.matrix.items()}
    zones = {zone.key for zone in content.zones}
    posts = {post.key for post in content.posts}
    more = [zone for zone in zones_of(known) if zone.key not in zones]
    others = [post for post in posts_of(known) if post.key not in posts]
    held = {zone.key: zone for zone in zones_of(known)}
    same = [
        zone.model_copy(update={"m2": held[zone.key].m2, "holds": held[zone.key].holds})
        if zone.key in held else zone
        for zone in content.zones
    ]  # fmt: skip
    return content.model_copy(
        update={"matrix": cells, "zones": same + more, "posts": content.posts + others}
    )


def zones_of(known: Known) -> list[Zone]:
    """Counted where the standards say what it holds, else by density."""
    names = {item.id: item for item in known.venue.of("zone", "queue")}
    standing = next(
        (line["figures"] for line in known.capacity["capacities"] if line["name"] == "holding"), []
    )
    found = []
    for row in known.capacity["zones"]:
        item = names.get(row["zone"])
        holds = row["people"]
        if item is None or item.props.use == "backstage":
            continue
        given = {"key": item.id, "name": item.props.name or item.id, "level": row["level"],
                 "m2": round(row["m2"], 1), "amber_do": AMBER_DO, "red_do": RED_DO}  # fmt: skip
        if holds >= 10:
            amber = round(AMBER_SHARE * holds)
            found.append(Zone(**given, holds=holds, measure="count", amber=amber, red=holds,
                              source=sources(standing)))  # fmt: skip
        else:
            amber, red = STANDING if item.props.use == "standing" else MOVING
            found.append(Zone(**given, measure="density", amber=amber, red=red,
                              source=density_source()))  # fmt: skip
    amber, red = MOVING
    found += [
        Zone(key=item.id, name=item.props.name or f"Queue {item.id}", level=item.level,
             m2=round(item.shape.area, 1), measure="density", amber=amber, red=red,
             amber_do=AMBER_DO, red_do=RED_DO, source=density_source())
        for item in known.venue.of("queue")
    ]  # fmt: skip
    return found


def posts_of(known: Known) -> list[Post]:
    """Those drawn, then the moving stewards by the standard."""
    venue, found = known.venue, []
    ours = venue.of(*OURS)
    areas = venue.of("zone", "queue")
    for number, item in enumerate(venue.of("post"), 1):
        here = [z for z in areas if z.level == item.level and z.shape.covers(item.shape)]
        near = min(
            (d for d in venue.doors if d.level == item.level),
            key=lambda d: d.shape.distance(item.shape), default=None,
        )  # fmt: skip
        close = near is not None and near.shape.distance(item.shape) <= NEAR_M
        name = item.props.name or f"Post {item.id}"
        found.append(
            Post(
                key=item.id, title=name[:80], call_sign=f"Crowd {number}",
                zone=here[0].id if here else "",
                place=f"near {near.props.name or near.id}" if near and close else "",
                tasks=COVER if item.props.cover else _task(close), call="Control",
                ours_alone=item.props.cover or any(
                    o.level == item.level and o.shape.distance(item.shape) <= NEAR_M for o in ours
                ),
            )
        )  # fmt: skip
    moving = known.capacity["staff"]["stewards"] - known.capacity["staff"]["static_posts"]
    if moving > 0:
        found.append(
            Post(key="moving", title="Moving stewards", people=min(moving, 200),
                 staffed_by="organiser", call="Control",
                 tasks="Walk the zones, keep gangways free, report amber, show people where there "
                 "is room.")
        )  # fmt: skip
    return found


def _task(at_a_way: bool) -> str:
    if at_a_way:
        return ("Keep the way free on both sides. Open it on the word or on sight of danger. "
                "Count or estimate who passes; report amber.")  # fmt: skip
    return "Watch the people before you, not the stage. Report amber; at red act as written."


def _routes(known: Known) -> Routes:
    venue = known.venue
    entrances = [d for d in venue.doors if d.props.entrance]
    level = [e for e in venue.exits if not e.props.steps]
    return Routes(
        ingress=f"In by {ways(entrances)}." if entrances else "",
        egress=f"Out by {ways(venue.exits)}." if venue.exits else "",
        emergency=f"All of {ways(venue.exits)}; stewards say which not." if venue.exits else "",
        accessible=f"Without steps: {ways(level)}." if level else "",
        signage="Way out over each exit, lit. Gate letters as on the tickets. Toilets, water, "
        "first aid and the meeting point for lost people.",
    )  # fmt: skip


def _fills(known: Known, name: str) -> dict[str, str]:
    entrances = [d for d in known.venue.doors if d.props.entrance]
    fills = {"venue": (known.venue.name or name)[:200], "minutes": "10"}
    if entrances:
        fills["gate"] = entrances[-1].props.name or entrances[-1].id
    if known.venue.exits:
        widest = max(known.venue.exits, key=lambda e: e.width)
        fills["exit"] = widest.props.name or widest.id
    return fills


def _kit(known: Known) -> list[Kit]:
    venue, lanes = known.venue, len(known.venue.of("screening"))
    metres = sum(item.shape.length for item in venue.of("barrier"))
    found = [Kit(what=f"Barrier, {metres:.0f} m as drawn", where="as drawn")] if metres else []
    loads = sorted({b.props.load_kn_m for b in venue.of("barrier") if b.props.load_kn_m})
    if loads:
        found.append(Kit(what=f"Certificate of the barrier: {loads[0]:g} kN/m"))
    found += [Kit(what="Screening lane with table", count=lanes)] if lanes else []
    return [*found, *(Kit(what=words) for words in KIT)]


def _medical(known: Known) -> Medical:
    staff = known.capacity["staff"]
    return Medical(
        aiders=staff["first_aiders"],
        posts=staff["first_aid_posts"],
        ambulances=staff["ambulances"],
        evacuation="Zone by zone to the nearest way out, the zone in danger first. Stewards "
        "sweep and report clear.",
        staying_in="Away from doors and windows; doors shut; count by zone.",
    )  # fmt: skip

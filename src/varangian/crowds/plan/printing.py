"""A crowd plan on paper, and a card for each post. What is secret is in the team's copy alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.ui.pdf import render

from ..models import CrowdAgreement, CrowdPlan
from ..queries import plans as queries
from ..queries import venues
from .content import ASPECTS, PHASES, STATES, Content, Post, Zone
from .paper import svg_of
from .rules import LANGUAGES, filled
from .secrets import hidden_items, leaks, names_one, secret_words

COPIES = ("organiser", "team")
PLAN, CARDS = "crowds/plan.typ", "crowds/steward_cards.typ"
MARKS = {
    CrowdPlan.State.DRAFT: "DRAFT", CrowdPlan.State.SUPERSEDED: "SUPERSEDED",
    CrowdPlan.State.STOOD_DOWN: "STOOD DOWN",
}  # fmt: skip
DESTROY_AFTER = timedelta(days=7)
SIDES = {side.value: side.label for side in CrowdAgreement.Side}
STAFFED = {"team": "Protection team", "organiser": "Organiser", "venue": "Venue"}
USEFUL = ("entry_held", "step_back", "zone_full", "show_paused", "leave", "stay_in")
"""What a steward may have to say by mouth."""


def plan_pdf(actor: Actor, plan: CrowdPlan, copy: str = "organiser") -> bytes:
    """``organiser``: for whoever is outside; ``team``: with the principal's part."""
    content, words, venue = _checked(plan, copy)
    note(kind="export", record=plan, purpose=f"crowd plan, {copy}'s copy", actor=actor)
    return render(PLAN, _printed(actor, plan, content, words, venue, copy))


def cards_pdf(actor: Actor, plan: CrowdPlan, copy: str = "organiser") -> bytes:
    content, _, _ = _checked(plan, copy)
    posts = [post for post in content.posts if copy == "team" or not post.ours_alone]
    if not posts:
        raise Refused("The plan has no post to print", plan.serial, "Write its posts first.")
    note(kind="export", record=plan, purpose=f"steward cards, {copy}'s copy", actor=actor)
    house = _house(plan, "Steward cards", copy, actor)
    return render(CARDS, {"house": house, "cards": [card_of(plan, post) for post in posts]})


def _checked(plan: CrowdPlan, copy: str) -> tuple[Content, list[str], Venue | None]:
    """A copy that would name what is secret is not printed, in whatever state the plan is."""
    if copy not in COPIES:
        raise Refused(f"There is no copy {copy}", "copy", f"One of {', '.join(COPIES)}.")
    content = queries.content_of(plan)
    venue, _ = venues.looked_over(plan.drawn.document)
    words = secret_words(venue, content, plan.operation.principal.code_name)
    found = leaks(content, words)
    if word := names_one(plan.venue.name, words):
        found.append(("the name of the venue", word))
    if copy != "team" and found:
        where, word = found[0]
        mend = "Write it without, or under The principal."
        raise Refused(f"This names {word}, which is for the team alone", where, mend)
    return content, words, venue


def _house(plan: CrowdPlan, title: str, copy: str, actor: Actor) -> dict[str, str]:
    """A copy for others names neither operation nor principal."""
    ours = copy == "team"
    zone = ZoneInfo(plan.operation.time_zone)
    over = queries.content_of(plan).event.clear or plan.operation.ends
    return {
        "title": title,
        "subtitle": plan.venue.name + (f" · {plan.operation.title}" if ours else ""),
        "classification": "Protect: need to know" if ours else "For organiser, venue and services",
        "serial": plan.serial if ours else "CROWD PLAN",
        "version": str(plan.version),
        "destroy_after": _at(over + DESTROY_AFTER, zone) if over else "the event",
        "copy": str(actor) if ours else "the organiser",
    }


def _printed(
    actor: Actor, plan: CrowdPlan, content: Content, words: list[str], venue: Venue | None,
    copy: str,
) -> dict[str, Any]:  # fmt: skip
    ours = copy == "team"
    zone = ZoneInfo(plan.operation.time_zone)
    hidden = set() if ours else hidden_items(venue, content)
    posts = [post for post in content.posts if ours or not post.ours_alone]
    fills = content.messages.fills
    own = content.principal
    return {
        "house": _house(plan, "Crowd management plan", copy, actor),
        "mark": MARKS.get(CrowdPlan.State(plan.state), ""),
        "facts": _facts(plan, content, zone),
        "drawings": svg_of(venue, hidden, [] if ours else words) if venue else [],
        "matrix": [
            {"name": f"{phase.capitalize()}, {state}",
             "cells": [_cell(content, f"{state}.{phase}.{a}", [] if ours else words)
                       for a in ASPECTS]}
            for state in STATES for phase in PHASES
        ],
        "aspects": [aspect.capitalize() for aspect in ASPECTS],
        "zones": [_zone(one) for one in content.zones],
        "stop": content.show_stop.model_dump(),
        "routes": [
            [label, text]
            for label, text in zip(
                ("Coming in", "Going out", "In an emergency", "Without steps", "Signs"),
                content.routes.model_dump().values(), strict=True,
            )
            if text
        ],
        "posts": [_post_row(post, content) for post in posts],
        "messages": [
            {"title": m.title, "when": m.when,
             "texts": [[LANGUAGES[c], filled(t, fills), c] for c, t in m.texts.items()]}
            for m in content.messages.items
        ],
        "kit": [[k.what, "" if k.count is None else f"{k.count}", k.where] for k in content.kit],
        "medical": _medical(content),
        "parties": [[SIDES[p.party], p.organisation, p.name, p.role, p.reach]
                    for p in content.parties if p.organisation or p.name],
        "agreed": [
            [a.get_side_display(), a.name, a.role, f"{a.agreed_on:%d %b %Y}",
             "kept" if a.signed_copy_id else ""]  # pyright: ignore
            for a in queries.agreements(actor, plan)
        ],
        "own": [
            [label, text]
            for label, text in (("Safe room", own.safe_room), ("Way out", own.way_out),
                                ("Vehicle point", own.vehicle_point), ("Also", own.words))
            if text
        ] if ours else [],
        "signature": _signature(plan, zone),
    }  # fmt: skip


def _facts(plan: CrowdPlan, content: Content, zone: ZoneInfo) -> list[list[str]]:
    event = content.event
    times = [("Doors open", event.opens), ("Starts", event.starts), ("Ends", event.ends),
             ("All clear", event.clear)]  # fmt: skip
    rows = [
        ["State", plan.get_state_display()],
        ["Venue", f"{plan.venue.name}, drawing version {plan.drawn.number}"],
        ["People", "not told" if event.people is None else f"{event.people:,}"],
        *([label, _at(at, zone)] for label, at in times if at),
    ]
    if event.profile:
        rows.append(["Who comes", event.profile])
    if plan.in_force_at:
        rows.append(["In force", _at(plan.in_force_at, zone)])
    return rows


def _cell(content: Content, name: str, secret: list[str]) -> dict[str, Any]:
    cell = content.matrix[name]
    facts = [f for f in cell.facts if not names_one(f"{f.words} {f.source}", secret)]
    return {"text": cell.text, "facts": [[f.words, f.source] for f in facts]}


def _zone(zone: Zone) -> dict[str, Any]:
    unit = "people" if zone.measure == "count" else "on a m²"
    holds = f"{zone.holds:,}" if zone.holds is not None else ""
    return {
        "name": zone.name, "m2": f"{zone.m2:.0f} m²" if zone.m2 else "", "holds": holds,
        "amber": f"{zone.amber:,g} {unit}", "amber_do": zone.amber_do,
        "red": f"{zone.red:,g} {unit}", "red_do": zone.red_do, "source": zone.source,
    }  # fmt: skip


def _post_row(post: Post, content: Content) -> list[str]:
    zone = next((z.name for z in content.zones if z.key == post.zone), "")
    place = ", ".join(filter(None, (zone, post.place)))
    return [post.call_sign, post.title, str(post.people), STAFFED[post.staffed_by], place,
            post.tasks, post.call]  # fmt: skip


def _medical(content: Content) -> list[list[str]]:
    m = content.medical
    counts = ", ".join(
        f"{count} {words}"
        for count, words in ((m.aiders, "first aiders"), (m.posts, "posts"),
                             (m.ambulances, "ambulances"))
        if count is not None
    )  # fmt: skip
    rows = [("First aid", counts), ("Where", m.where), ("Hospital", m.hospital),
            ("Way of a casualty", m.casualty_way), ("Who orders evacuation", m.who_orders),
            ("Evacuation", m.evacuation), ("Assembly", m.assembly), ("Staying in", m.staying_in),
            ("Without stairs", m.wheelchairs)]  # fmt: skip
    return [[label, text] for label, text in rows if text]


def _signature(plan: CrowdPlan, zone: ZoneInfo) -> dict[str, str]:
    if not plan.approved_at:
        return {}
    return {"name": plan.approved_name, "at": _at(plan.approved_at, zone),
            "digest": short(plan.content_digest)}  # fmt: skip


def card_of(plan: CrowdPlan, post: Post) -> dict[str, Any]:
    """What a steward needs on the post, and nothing else."""
    content = queries.content_of(plan)
    zones = [z for z in content.zones if z.key == post.zone] or content.zones[:3]
    stop = content.show_stop
    return {
        "title": post.title, "call_sign": post.call_sign, "key": post.key,
        "place": post.place, "people": post.people, "tasks": post.tasks, "call": post.call,
        "venue": plan.venue.name, "version": plan.version, "state": plan.get_state_display(),
        "in_force": plan.state == CrowdPlan.State.IN_FORCE,
        "zones": [_zone(zone) for zone in zones],
        "stop": stop.words, "stop_who": ", ".join([stop.who, *stop.deputies]).strip(", "),
        "stop_reach": stop.reach, "stop_how": stop.how,
        "evacuation": content.medical.evacuation, "who_orders": content.medical.who_orders,
        "assembly": content.medical.assembly,
        "messages": [
            {"title": m.title, "when": m.when,
             "texts": [[LANGUAGES[c], filled(t, content.messages.fills), c]
                       for c, t in m.texts.items()]}
            for m in _useful(content)
        ],
    }  # fmt: skip


def _useful(content: Content) -> Iterable[Any]:
    standard = [m for m in content.messages.items if m.key in USEFUL]
    return standard or content.messages.items[:6]


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d %b %Y %H:%M %Z}"

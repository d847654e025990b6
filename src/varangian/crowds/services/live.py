"""A venue is watched: begun, ended, its counters and triggers set, people counted by hand."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.access.services import digest as digest_of
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..counted import Word
from ..models import CrowdCounter, CrowdReading, CrowdTrigger, CrowdWatch, VenuePlan, VenueVersion
from ..queries import live as reads
from ..queries import venues as queries
from . import hearing

MOST_EXPECTED = 2_000_000
MOST_DENSITY = 10.0
Kind = CrowdCounter.Kind


@transaction.atomic
def start_watch(
    *,
    actor: Actor,
    version: VenueVersion,
    expected: int | None = None,
    give: int = 10,
    replayed: bool = False,
) -> CrowdWatch:
    """``expected``: people who will come in all, give or take ``give`` in a hundred."""
    require(actor, "crowd.change", version.compartment_id)
    operation = queries.plan(actor, version.plan_id).operation  # pyright: ignore
    if operation is None:
        mend = "Keep its drawing as a venue of the operation."
        raise Refused("This venue belongs to no operation", version.plan.name, mend)
    if expected is not None and not 1 <= expected <= MOST_EXPECTED:
        raise Refused(f"{expected:,} people", "expected", f"Give 1 to {MOST_EXPECTED:,}.")
    if not 1 <= give <= 100:
        raise Refused(f"{give} per cent", "give", "Give 1 to 100.")
    queries.sound(version.document)
    if reads.watch_on(actor, version.plan):
        raise Conflict("This venue is being watched already", version.plan.name)
    watch = CrowdWatch.objects.create(
        key_id=version.key_id, compartment_id=version.compartment_id, version=version,  # pyright: ignore
        operation=operation, expected=expected, give=give, replayed=replayed,
        started_by_id=actor.pk, memory=reads.inherited(actor, version),
    )  # fmt: skip
    _tell(watch, "begun", f"The crowd at {version.plan.name} is watched", actor)
    return watch


@transaction.atomic
def end_watch(*, actor: Actor, watch: CrowdWatch) -> CrowdWatch:
    """Its summary stays, and the evening can be seen again."""
    from .watching import step

    require(actor, "crowd.change", watch.compartment_id)
    found = CrowdWatch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=watch.pk)
    if not found.on:
        raise Refused("This watch has ended", where=found.version.plan.name)
    step(found)
    found.ended_at, found.ended_by_id = now(), actor.pk  # pyright: ignore
    found.summary = reads.summary(actor, found)
    found.save()
    _tell(found, "ended", reads.summary_words(found), actor)
    return found


@transaction.atomic
def add_counter(
    *,
    actor: Actor,
    plan: VenuePlan,
    name: str,
    kind: str,
    behind: str = "",
    into: str = "",
    outside_id: str = "",
    totals: bool = True,
    missed: float = 0.03,
    twice: float = 0.01,
    period_s: int = 60,
) -> tuple[CrowdCounter, str]:
    """Returns the counter and its token, which is shown this once; a clicker has none."""
    require(actor, "crowd.change", plan.compartment_id)
    _refuse_counter(actor, plan, name, kind, behind, into)
    if not (0 <= missed < 0.5 and 0 <= twice < 0.5):
        raise Refused("These errors make a door useless", "missed, twice", "Give 0 to 0.5.")
    if not 1 <= period_s <= 3600:
        raise Refused(f"A word every {period_s} s", "period_s", "Give 1 to 3600 seconds.")
    if kind == Kind.MQTT and not outside_id.strip():
        raise Refused("A counter over MQTT calls itself something", "outside_id")
    secret = secrets.token_urlsafe(24) if kind in (Kind.HTTP, Kind.CAMERA) else ""
    try:
        with transaction.atomic():
            made = CrowdCounter.objects.create(
                compartment_id=plan.compartment_id, plan=plan, name=name.strip(), kind=kind,
                behind=behind, into=into, outside_id=outside_id.strip()[:60],
                digest=digest_of(secret) if secret else None,
                totals=totals and kind != Kind.CLICKER, missed=missed, twice=twice,
                period_s=period_s,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("A counter of this name is there", name) from error
    _show(plan)
    return made, secret


def _refuse_counter(
    actor: Actor, plan: VenuePlan, name: str, kind: str, behind: str, into: str
) -> None:
    if kind == Kind.SEEN:
        mend = "Choose its area or line among the cameras of the operation."
        raise Refused("A camera of this operation is bound by what it counts", "kind", mend)
    if kind not in Kind.values:
        raise Refused("There is no such counter", "kind", ", ".join(Kind.values))
    if not name.strip() or len(name.strip()) > 60:
        raise Refused("A counter has a name of 1 to 60 characters", "name")
    if behind == into:
        mend = "Say the zone people come from and the one they go into; empty is outside."
        raise Refused("This counter joins no two places", "behind, into", mend)
    known = reads.zones_of(queries.version(actor, plan))
    for zone in {behind, into} - {"", *known}:
        raise Refused(f"There is no zone {zone}", "behind, into", f"There is: {', '.join(known)}.")


@transaction.atomic
def remove_counter(*, actor: Actor, counter: CrowdCounter) -> None:
    require(actor, "crowd.change", counter.compartment_id)
    if counter.removed_at is None:
        counter.removed_at, counter.digest = now(), None
        counter.save(update_fields=["removed_at", "digest"])
        note(kind="write", record=counter, actor=actor, purpose="counter taken away")
        _show(counter.plan)


@transaction.atomic
def add_trigger(
    *, actor: Actor, version: VenueVersion, level: str, what: str, value: float, zone: str = ""
) -> CrowdTrigger:
    """One of a level, zone and kind: a new value takes the place of the old."""
    require(actor, "crowd.change", version.compartment_id)
    if level not in CrowdTrigger.Level.values or what not in CrowdTrigger.What.values:
        raise Refused("There is no such trigger", "level, what", "amber, red; people, per_m2")
    known = reads.zones_of(version)
    if zone and zone not in known:
        raise Refused(f"There is no zone {zone}", "zone", f"There is: {', '.join(known)}.")
    most = MOST_DENSITY if what == "per_m2" else MOST_EXPECTED
    if not 0 < value <= most:
        raise Refused(f"{value:g} is no threshold", "value", f"Give more than 0, up to {most:g}.")
    old = CrowdTrigger.objects.visible_to(actor).filter(
        version=version, zone=zone, level=level, what=what, removed_at=None
    )
    old.update(removed_at=now())
    made = CrowdTrigger.objects.create(
        compartment_id=version.compartment_id, version=version, zone=zone, level=level,
        what=what, value=value, made_by_id=actor.pk,
    )  # fmt: skip
    _show(version.plan)
    return made


@transaction.atomic
def remove_trigger(*, actor: Actor, trigger: CrowdTrigger) -> None:
    require(actor, "crowd.change", trigger.compartment_id)
    if trigger.removed_at is None:
        trigger.removed_at = now()
        trigger.save(update_fields=["removed_at"])
        _show(trigger.version.plan)


@transaction.atomic
def click(
    *, actor: Actor, counter: CrowdCounter, entered: int, left: int, at: Any = None, key: str = ""
) -> int:
    """Passages that somebody clicked since the last time they were sent."""
    require(actor, "crowd.count", counter.compartment_id)
    if counter.kind != Kind.CLICKER or counter.removed_at:
        raise Refused("This counter is not clicked by hand", counter.name)
    if not 0 <= entered <= 10_000 or not 0 <= left <= 10_000 or not entered + left:
        raise Refused("Clicks are 1 to 10000", "entered, left")
    if reads.watch_on(actor, counter.plan) is None:
        raise Refused("Nobody watches this venue now", counter.plan.name, "Start its watch.")
    return hearing.hear(counter=counter, words=[Word(entered, left, at=at, key=key)], by=actor)


@transaction.atomic
def count(
    *,
    actor: Actor,
    watch: CrowdWatch,
    zone: str,
    people: int,
    within: int | None = None,
    at: Any = None,
) -> CrowdReading:
    """Somebody counted a zone: the doors are set right by it, and learn by how much they err."""
    require(actor, "crowd.count", watch.compartment_id)
    _refuse_ended(watch)
    known = reads.zones_of(watch.version)
    if zone not in known:
        raise Refused(f"There is no zone {zone}", "zone", f"There is: {', '.join(known)}.")
    if not 0 <= people <= MOST_EXPECTED:
        raise Refused(f"{people} people", "people", f"Give 0 to {MOST_EXPECTED:,}.")
    off = max(3, round(0.05 * people)) if within is None else within
    if off < 0:
        raise Refused("A count is off by nought or more", "within")
    made = CrowdReading.objects.create(
        compartment_id=watch.compartment_id, watch=watch, at=at or reads.clock(watch), zone=zone,
        people=people, within=off, by_id=actor.pk,
    )  # fmt: skip
    publish(topic="crowds", kind="live", record=watch.pk, compartment_id=watch.compartment_id)
    return made


@transaction.atomic
def place_principal(
    *, actor: Actor, watch: CrowdWatch, x: float, y: float, level: int = 0
) -> CrowdWatch:
    """Where the principal is on the plan. The way out is found anew at once."""
    from .advising import advise_now

    require(actor, "crowd.count", watch.compartment_id)
    found = CrowdWatch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=watch.pk)
    _refuse_ended(found)
    found.principal = [level, x, y]
    advise_now(found, refuse=True)
    found.save(update_fields=["principal", "advice", "advised_at"])
    publish(topic="crowds", kind="live", record=watch.pk, compartment_id=watch.compartment_id)
    return found


def _refuse_ended(watch: CrowdWatch) -> None:
    if not watch.on:
        raise Refused("This watch has ended", watch.version.plan.name, "Start another.")


def _show(plan: VenuePlan) -> None:
    publish(topic="crowds", kind="live", record=plan.pk, compartment_id=plan.compartment_id)


def _tell(watch: CrowdWatch, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="crowds", event=event, text=text, compartment_id=watch.compartment_id,
        operation_id=watch.operation_id, record=("crowd_watch", watch.pk), actor=actor,  # pyright: ignore
    )  # fmt: skip

"""A person decides what a pattern is; a new one asks for a person."""

from uuid import UUID

from django.db import transaction

from varangian.alerts.services import raise_alert
from varangian.engines.sightings import Pattern
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.log.services import write_entry
from varangian.operations.models import Operation
from varangian.platform.access.scope import SYSTEM, Actor, require, system_read
from varangian.platform.audit.services import note
from varangian.platform.live.services import publish

from ..models import PatternVerdict
from ..queries import patterns as queries

LEAST_WORDS = 5


@transaction.atomic
def judge(
    *, actor: Actor, operation: Operation, name: str, verdict: str, words: str
) -> PatternVerdict:
    """Follow it up, or say that it is chance; both with words that somebody can read later."""
    require(actor, "pattern.judge", operation.compartment_id)
    if actor.is_system:
        raise Refused("A person decides this", where="who", mend="Use --as with your e-mail.")
    if verdict not in PatternVerdict.Verdict.values:
        allowed = " or ".join(PatternVerdict.Verdict.values)
        raise Refused("There is no such verdict", where=verdict[:20], mend=f"{allowed}.")
    if len(words.strip()) < LEAST_WORDS:
        raise Refused("A verdict needs its reason", where="words", mend="A few words are enough.")
    _, found = queries.pattern(actor, operation, name)
    row = PatternVerdict.objects.create(
        compartment_id=operation.compartment_id, key_id=operation.key_id, operation=operation,
        name=name, sightings=len(found.sightings), verdict=verdict, words=words.strip()[:400],
        by_id=actor.pk,
    )  # fmt: skip
    note(kind="write", record=row, actor=actor, purpose=f"pattern {verdict}")
    if verdict == PatternVerdict.Verdict.CONFIRMED:
        write_entry(
            actor=actor, operation=operation, event=f"Seen too often to be chance: {found.told}",
            from_=actor.call_sign, to="",
        )  # fmt: skip
        _ask(operation, found, actor, urgency="now")
    publish(topic="field", record=row.pk, compartment_id=operation.compartment_id)
    return row


@transaction.atomic
@system_read("what the whole team saw is weighed together, whoever saw the last of it")
def look_again(operation_id: UUID) -> int:
    """After a sighting: an alert for each pattern that nobody has judged. Returns how many."""
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is None:
        return 0
    found = queries.patterns(SYSTEM, operation)
    fresh = [one for one in found.report.patterns if found.state(one) == "open"]
    for one in fresh:
        _ask(operation, one, SYSTEM, urgency="attention")
    return len(fresh)


def _ask(operation: Operation, pattern: Pattern, actor: Actor, *, urgency: str) -> None:
    last = pattern.stops[-1]
    raise_alert(
        operation=operation,
        title=(
            f"Seen again: {pattern.name}, {plural(len(pattern.stops), 'place')} on "
            f"{plural(pattern.days, 'day')}"
        ),
        source="pattern",
        dedupe=f"pattern:{operation.principal_id}:{pattern.name}",
        actor=actor,
        urgency=urgency,
        body=pattern.told,
        action="Look at the sightings together, decide whether it is chance, and tell the detail.",
        position=[last.lat, last.lon],
    )

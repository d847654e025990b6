"""Measures: what is done, by which post, until when, at what cost, and what it lowers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed, tie, untie
from varangian.threats import queries as threats
from varangian.threats.library import StandardRisk
from varangian.threats.library import risks as standard_risks
from varangian.threats.services.common import checked_owner, differences, locked

from .. import measure_rules as rules
from .. import queries
from ..library import StandardMeasure
from ..library import measures as library
from ..models import Measure
from ..rules import post_of_role

MOST_STEPS = 4
Steps = Mapping[Any, tuple[int, int]]
"""Risk to steps of (likelihood, impact)."""


@transaction.atomic
def add_measure(
    *,
    actor: Actor,
    operation: Any,
    title: str,
    task: str,
    effects: Steps | None = None,
    **fields: Any,
) -> Measure:
    """An own measure, proposed. ``task`` is the line as it will stand in the order."""
    require(actor, "measure.change", operation.compartment_id)
    fields = {"heading": "tasks", **fields, "title": title.strip(), "task": task.strip()}
    return _add(actor, operation, fields, effects or {}, "")


@transaction.atomic
def propose_standard(
    *, actor: Actor, operation: Any, library_ids: Iterable[str]
) -> tuple[list[Measure], list[tuple[str, str]]]:
    """Standard measures, tied to every risk of the register that the library says they lower.

    Answers what was added, and ids with the reason why not.
    """
    require(actor, "measure.change", operation.compartment_id)
    lines = [risk for risk in threats.risks(actor, operation) if risk.library_id]
    named = {risk.id: risk.measures for risk in standard_risks().risks}
    added: list[Measure] = []
    refused: list[tuple[str, str]] = []
    for library_id in dict.fromkeys(library_ids):
        try:
            standard = library().get(library_id)
            taken = queries.standard_taken(actor, operation).get(library_id)
            if taken is not None:
                raise Refused("The operation has it already", where=taken.label)
            against = [risk for risk in lines if library_id in named.get(risk.library_id, ())]
            with transaction.atomic():
                added.append(_add_standard(actor, operation, standard, against))
        except Refused as refusal:
            refused.append((library_id, str(refusal)))
    return added, refused


@transaction.atomic
def propose_for_risk(*, actor: Actor, risk: Any, standard: StandardRisk) -> None:
    """The measures of a standard risk come along; those that are there already lower it too."""
    require(actor, "measure.change", risk.compartment_id)
    taken = queries.standard_taken(actor, risk.operation)
    for library_id in standard.measures:
        entry = library().get(library_id)
        there = taken.get(library_id)
        if there is None:
            _add_standard(actor, risk.operation, entry, [risk])
        else:
            _effect(there, risk, entry.lowers.likelihood, entry.lowers.impact)
            _tie(there)


@transaction.atomic
def change_measure(
    *, actor: Actor, measure: Measure, expected_version: int | None = None, **fields: Any
) -> Measure:
    """Refuses when somebody else changed it since ``expected_version`` was shown."""
    require(actor, "measure.change", measure.compartment_id)
    rules.check_names(fields)
    rows: Any = Measure.objects.visible_to(actor).select_for_update(of=("self",))
    measure = rows.select_related("operation").get(pk=measure.pk)
    if expected_version is not None and measure.version != expected_version:
        raise Conflict(
            "Somebody changed this measure while you were looking at it",
            where=measure.label,
            mend="Load it again; what you typed is kept as a draft.",
        )
    differing = differences(measure, fields)
    if not differing:
        return measure
    words = [rules.difference(measure, name, fields[name]) for name in differing]
    for name in differing:
        setattr(measure, name, fields[name])
    rules.check(measure)
    checked_owner(measure.owner, "measure.view", measure.compartment_id)
    measure.version += 1
    measure.updated_at = now()
    measure.save()
    if set(differing) & rules.IN_THE_ORDER:
        _changed(measure, "; ".join(words))
    _tell(measure, "changed", f"Measure {measure.label} changed", actor)
    return measure


@transaction.atomic
def set_effects(*, actor: Actor, measure: Measure, effects: Steps) -> Measure:
    """Say anew which risks it lowers and how far."""
    require(actor, "measure.change", measure.compartment_id)
    touched = [*effects, *(effect.risk for effect in measure.effects.all())]  # pyright: ignore
    before = _bands(actor, touched)
    measure.effects.exclude(risk__in=list(effects)).delete()  # pyright: ignore
    for risk, (likelihood, impact) in effects.items():
        _effect(measure, risk, likelihood, impact)
    _tie(measure)
    _tell(measure, "changed", f"Measure {measure.label} lowers other risks", actor)
    _tell_risks(actor, measure, before)
    return measure


@transaction.atomic
def set_measure_state(
    *, actor: Actor, measure: Measure, state: str, verified_at: datetime | None = None
) -> Measure:
    """In place only with the time somebody checked it. What is left of its risks follows."""
    require(actor, "measure.change", measure.compartment_id)
    rules.check_step(measure, state)
    before_bands = _bands(actor, [effect.risk for effect in measure.effects.all()])  # pyright: ignore
    before, measure.state = measure.state, state
    measure.verified_at = rules.verified(measure, verified_at) if state == "in_place" else None
    if state == "agreed":
        rules.check_agreed(measure)
    measure.updated_at = now()
    measure.save(update_fields=["state", "verified_at", "due", "updated_at"])
    _changed(measure, f"{rules.words(before)} to {rules.words(state)}")
    _tell(measure, state, f"Measure {measure.label} is {rules.words(state)}", actor)
    _tell_risks(actor, measure, before_bands)
    return measure


def _add(
    actor: Actor, operation: Any, fields: dict[str, Any], effects: Steps, library_id: str
) -> Measure:
    rules.check_names(fields)
    held = locked(actor, operation)
    measure = Measure(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        operation=held,
        serial=(held.measures.aggregate(last=Max("serial"))["last"] or 0) + 1,
        library_id=library_id,
        **fields,
    )
    rules.check(measure)
    checked_owner(measure.owner, "measure.view", measure.compartment_id)
    measure.save(force_insert=True)
    for risk, (likelihood, impact) in effects.items():
        _effect(measure, risk, likelihood, impact)
    _tie(measure)
    _tell(measure, "proposed", f"Measure {measure.label} proposed: {measure.title}", actor)
    return measure


def _add_standard(
    actor: Actor, operation: Any, standard: StandardMeasure, against: list[Any]
) -> Measure:
    money, effort = standard.effort.money, standard.effort
    fields = {
        "title": standard.title,
        "task": standard.what_to_do,
        "responsibility": standard.responsibility,
        "heading": standard.order_heading,
        "post": post_of_role(operations.posts(actor, operation), standard.role),
        "hours": Decimal(str(effort.hours)),
        "cost": None if isinstance(money, str) and money != "none" else _money(money),
        "people": effort.people,
        "discomfort": effort.discomfort,
    }
    steps = (standard.lowers.likelihood, standard.lowers.impact)
    return _add(actor, operation, fields, dict.fromkeys(against, steps), standard.id)


def _money(value: str | float) -> Decimal:
    return Decimal(0) if value == "none" else Decimal(str(value))


def _effect(measure: Measure, risk: Any, likelihood: int, impact: int) -> None:
    if risk.operation_id != measure.operation_id:
        raise Refused("This risk belongs to another operation", where=risk.label)
    if not (0 <= likelihood <= MOST_STEPS and 0 <= impact <= MOST_STEPS and likelihood + impact):
        raise Refused(
            "A measure lowers likelihood, impact or both, by whole steps",
            where=risk.label,
            mend=f"Give 0 to {MOST_STEPS} steps for each, and at least one.",
        )
    measure.effects.update_or_create(  # pyright: ignore
        risk=risk, defaults={"likelihood": likelihood, "impact": impact}
    )


def _tie(measure: Measure) -> None:
    node = ("measure", measure.pk)
    untie(right=node, left_kinds=("risk",))
    for risk_id in measure.effects.values_list("risk_id", flat=True):  # pyright: ignore
        tie(
            left=("risk", risk_id),
            right=node,
            relation="lowers",
            compartment_id=measure.compartment_id,
        )


def _bands(actor: Actor, risks: Iterable[Any]) -> dict[Any, str]:
    """Current bands by risk id, as they are before something changes."""
    rows = threats.risks(actor).filter(pk__in=[risk.pk for risk in risks])
    return {line.pk: threats.risk_row(line).standing.current.band for line in rows}


def _tell_risks(actor: Actor, measure: Measure, before: dict[Any, str]) -> None:
    """Say of each risk whose band moved that it did; the band itself is not for the log."""
    for line in threats.risks(actor).filter(pk__in=list(before)):
        if threats.risk_row(line).standing.current.band != before[line.pk]:
            announce(
                topic="risks",
                event="residual",
                text=f"What is left of risk {line.label} changed with measure {measure.label}",
                compartment_id=measure.compartment_id,
                operation_id=measure.operation_id,
                record=("risk", line.pk),
                actor=actor,
            )


def _changed(measure: Measure, words: str) -> None:
    reason = f"Measure {measure.label} changed: {words}"
    changed(node=("measure", measure.pk), reason=reason)


def _tell(measure: Measure, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="measures",
        event=event,
        text=text,
        compartment_id=measure.compartment_id,
        operation_id=measure.operation_id,
        record=("measure", measure.pk),
        actor=actor,
    )

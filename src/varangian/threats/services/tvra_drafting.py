"""Draft a TVRA from the register, bring it up to date, and begin a further version."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.services import settle

from ..library.tvra import tvra as library
from ..models import Tvra, TvraAnswer, TvraLine, TvraTreatment
from ..queries import tvra as queries
from .common import locked, named
from .tvra_common import check_choices, check_dates, cleaned, draft, rest_on, say

TEXTS = ("title", "scope", "summary", "conclusion", "client_title")
CHANGEABLE = {*TEXTS, "template", "handling", "review_due", "valid_until"}
CARRIED = (*TEXTS, "subject", "kind", "place_id", "movement_id", "template", "handling")
JUDGEMENT = ("likelihood", "impact", "confidence", "reason", "weighs", "judged_by_id", "judged_at")


@transaction.atomic
def draft_tvra(
    *,
    actor: Actor,
    operation: Any,
    kind: str,
    title: str = "",
    place: Any = None,
    movement: Any = None,
    **fields: Any,
) -> Tvra:
    """Threats and risks that touch the subject come in with their present levels."""
    require(actor, "tvra.change", operation.compartment_id)
    named(actor, "draft a TVRA")
    whole = locked(actor, operation)
    subject = _subject(actor, whole, kind, place, movement)
    found = Tvra(
        key_id=whole.key_id,
        compartment_id=whole.compartment_id,
        operation=whole,
        serial=(whole.tvras.aggregate(last=Max("serial"))["last"] or 0) + 1,
        kind=kind,
        place=place,
        movement=movement,
        subject=subject,
        drafted_by=actor,
        **_usual_dates(),
    )
    found.client_title = "Threat, vulnerability and risk assessment"
    _write(
        found, {**fields, "title": title.strip() or f"{library().subject(kind).title}: {subject}"}
    )
    found.save(force_insert=True)
    _pull(actor, found, {})
    say(found, "drafted", "drafted from the register", actor)
    return found


@transaction.atomic
def change_tvra(*, actor: Actor, tvra: Tvra, **fields: Any) -> Tvra:
    require(actor, "tvra.change", tvra.compartment_id)
    found = draft(actor, tvra)
    _write(found, fields)
    found.updated_at = now()
    found.save()
    say(found, "changed", "changed as a draft", actor)
    return found


@transaction.atomic
def refresh_tvra(*, actor: Actor, tvra: Tvra) -> Tvra:
    """Read the register anew. What it says as before stays judged; the rest is judged again."""
    require(actor, "tvra.change", tvra.compartment_id)
    named(actor, "read the register into a TVRA")
    found = draft(actor, tvra)
    found.pulled_at = found.updated_at = now()
    found.save(update_fields=["pulled_at", "updated_at"])
    _pull(actor, found, {one.label: one for one in queries.lines(actor, found)})
    settle(
        actor=actor,
        kind="tvra",
        records=[found.pk],
        before=found.pulled_at,
        note="The register was read into it anew",
    )
    say(found, "refreshed", "brought up to date with the register", actor)
    return found


@transaction.atomic
def next_version(*, actor: Actor, tvra: Tvra) -> Tvra:
    """A draft with everything that still holds; the approved one stands until it is superseded."""
    require(actor, "tvra.change", tvra.compartment_id)
    named(actor, "begin a version")
    locked(actor, tvra.operation)
    newest = queries.versions(actor, tvra)[0]
    if newest.open:
        raise Refused(f"{newest.named} is written already", mend="Go on with that one.")
    found = Tvra(
        key_id=newest.key_id,
        compartment_id=newest.compartment_id,
        operation=newest.operation,
        serial=newest.serial,
        version=newest.version + 1,
        drafted_by=actor,
        **{name: getattr(newest, name) for name in CARRIED},
        **_usual_dates(),
    )
    found.save(force_insert=True)
    _pull(actor, found, {one.label: one for one in queries.lines(actor, newest)})
    _carry_answers(actor, newest, found)
    _carry_treatments(actor, newest, found)
    say(found, "drafted", "begun as a draft", actor)
    return found


def _usual_dates() -> dict[str, Any]:
    days = library()
    return {
        "review_due": now() + timedelta(days=days.usual_review_days),
        "valid_until": now() + timedelta(days=days.usual_days),
    }


def _subject(actor: Actor, operation: Any, kind: str, place: Any, movement: Any) -> str:
    """The words for what it is about; refuses a place or leg that the kind does not go with."""
    rule = library().subject(kind)
    _fits("place", rule.place, place, kind)
    _fits("leg", rule.leg, movement, kind)
    if place is not None and place not in queries.places_for(actor, operation):
        raise Refused("This place belongs to another operation", where="place")
    if movement is not None and movement.operation_id != operation.pk:
        raise Refused("This leg belongs to another operation", where="movement")
    if place is not None:
        return place.name
    if movement is not None:
        return f"Leg {movement.serial} {movement.title}"
    return operation.principal.code_name if kind == "principal" else operation.title


def _fits(words: str, rule: str, given: Any, kind: str) -> None:
    if rule == "needed" and given is None:
        raise Refused(f"Say which {words} it is about", where=words, mend="Choose one.")
    if rule == "none" and given is not None:
        raise Refused(f"A TVRA of this kind ({kind}) has no {words}", where=words, mend="Leave it.")


def _write(found: Tvra, fields: dict[str, Any]) -> None:
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise Refused("A TVRA has no such field", where=", ".join(sorted(unknown)))
    for name, value in fields.items():
        if name in TEXTS:
            setattr(found, name, cleaned(value))
        elif value:
            setattr(found, name, value)
    check_choices(found)
    check_dates(found.review_due, found.valid_until)


def _pull(actor: Actor, found: Tvra, known: dict[str, TvraLine]) -> None:
    """Lines for what touches the subject now; ``known`` are those of before."""
    sources, risks = queries.touching(actor, found)
    wanted: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        (one.label, queries.taken_source(one), {"source": one}) for one in sources
    ]
    wanted += [(one.label, queries.taken_risk(one), {"risk": one}) for one in risks]
    gone = (
        TvraLine.objects.visible_to(actor)
        .filter(tvra=found)
        .exclude(label__in=[w[0] for w in wanted])
    )
    TvraTreatment.objects.visible_to(actor).filter(line__in=gone).delete()
    gone.delete()
    kept: list[TvraLine] = []
    for number, (label, taken, record) in enumerate(wanted, 1):
        kept.append(_line(found, number, label, taken, record, known.get(label)))
    rest_on(found, kept)


def _line(
    found: Tvra,
    number: int,
    label: str,
    taken: dict[str, Any],
    record: dict[str, Any],
    before: TvraLine | None,
) -> TvraLine:
    """The judgement of before holds where the register says the same."""
    fields: dict[str, Any] = {"number": number, "taken": taken, **record}
    if before is not None and before.taken == taken:
        fields |= {name: getattr(before, name) for name in (*JUDGEMENT, "left_out")}
    elif before is not None:
        fields |= {"likelihood": None, "impact": None, "left_out": False, "judged_at": None}
    if before is not None and before.tvra_id == found.pk:
        for name, value in fields.items():
            setattr(before, name, value)
        before.save()
        return before
    return TvraLine.objects.create(
        key_id=found.key_id,
        compartment_id=found.compartment_id,
        tvra=found,
        label=label,
        **fields,
    )


def _carry_answers(actor: Actor, old: Tvra, new: Tvra) -> None:
    """Who looked and when stays; how old it is remains to be seen."""
    for item, row in queries.latest(actor, old).items():
        TvraAnswer.objects.create(
            key_id=new.key_id,
            compartment_id=new.compartment_id,
            tvra=new,
            item=item,
            number=1,
            answer=row.answer,
            note=row.note,
            by_id=row.by_id,
            seen_at=row.seen_at,
            photo_id=row.photo_id,
            preview_id=row.preview_id,
        )


def _carry_treatments(actor: Actor, old: Tvra, new: Tvra) -> None:
    here = {one.label: one for one in queries.lines(actor, new)}
    for row in queries.treatments(actor, old):
        if row.line.label in here:
            TvraTreatment.objects.create(
                key_id=new.key_id,
                compartment_id=new.compartment_id,
                tvra=new,
                line=here[row.line.label],
                number=row.number,
                title=row.title,
                task=row.task,
                owner_id=row.owner_id,
                due=row.due,
                residual_likelihood=row.residual_likelihood,
                residual_impact=row.residual_impact,
                measure=row.measure,
            )

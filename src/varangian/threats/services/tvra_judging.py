"""What the assessor makes of the lines, what was found at the checks, and what shall be done."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.services import keep

from ..library import grading
from ..library.tvra import checks
from ..models import Tvra, TvraAnswer, TvraLine, TvraTreatment
from ..queries import tvra as queries
from ..rules import inherent
from ..tvra_rules import ANSWERS, direction, lowers
from .common import checked_owner, named
from .tvra_common import TOPIC, cleaned, draft, rest_on, say, zoned


@transaction.atomic
def judge_line(
    *,
    actor: Actor,
    line: TvraLine,
    likelihood: int,
    impact: int,
    reason: str,
    confidence: str = "low",
    weighs: list[str] | None = None,
) -> TvraLine:
    """Weaknesses raise a risk or leave it as it is; only a measure lowers one.

    Nothing is added up: a named person chooses both steps and says why.
    """
    require(actor, "tvra.change", line.compartment_id)
    named(actor, "judge a risk")
    tvra = draft(actor, line.tvra)
    if not line.is_risk:
        raise Refused(f"{line.label} is a threat", mend="Its levels are judged in the register.")
    inherent(likelihood, impact)
    if lowers(line.taken, likelihood, impact):
        raise Refused(
            f"The register has {line.label} at {line.taken['likelihood']} x "
            f"{line.taken['impact']}: a weakness never lowers it",
            where="likelihood, impact",
            mend="Put a measure in place, or change the line in the register, then bring it up "
            "to date.",
        )
    if not cleaned(reason):
        raise Refused("Say why, in words", where="reason")
    known = [word.id for word in grading().confidence]
    if confidence not in known:
        raise Refused("Say how sure you are", "confidence", f"One of {', '.join(known)}.")
    line.weighs = _weighed(tvra, weighs or [])
    if direction(line.taken, likelihood, impact) == "raised":
        _needs_weakness(actor, tvra, line)
    line.likelihood, line.impact, line.confidence = likelihood, impact, confidence
    line.reason, line.left_out = cleaned(reason), False
    return _judged(actor, tvra, line, "judged")


@transaction.atomic
def leave_out(*, actor: Actor, line: TvraLine, reason: str) -> TvraLine:
    """It does not touch the subject after all; who said so and why stays in the report."""
    require(actor, "tvra.change", line.compartment_id)
    named(actor, "leave something out")
    tvra = draft(actor, line.tvra)
    if not cleaned(reason):
        raise Refused("Say why it does not belong here", where="reason")
    if line.treatments.exists():  # pyright: ignore
        raise Refused("A treatment rests on it", where=line.label, mend="Remove that first.")
    line.likelihood = line.impact = None
    line.reason, line.left_out = cleaned(reason), True
    return _judged(actor, tvra, line, "left out")


def _judged(actor: Actor, tvra: Tvra, line: TvraLine, words: str) -> TvraLine:
    line.judged_by, line.judged_at = actor, now()  # pyright: ignore
    line.save()
    rest_on(tvra, list(queries.lines(actor, tvra)))
    say(tvra, "judged", f"has {line.label} {words}", actor)
    return line


def _weighed(tvra: Tvra, items: list[str]) -> list[str]:
    known = {item.id for item in checks(tvra.kind).items}
    unknown = [item for item in items if item not in known]
    if unknown:
        raise Refused("There is no such check", where=", ".join(unknown))
    return list(dict.fromkeys(items))


def _needs_weakness(actor: Actor, tvra: Tvra, line: TvraLine) -> None:
    """Raised because of something that was found: not because of what is met."""
    found = queries.latest(actor, tvra)
    weak = [
        i for i in line.weighs if i not in found or found[i].answer not in ("met", "not_applicable")
    ]
    if not weak:
        raise Refused(
            "Name the check that raises it",
            where="weighs",
            mend="Choose at least one that is partly met, not met or unknown.",
        )


@transaction.atomic
def answer_check(
    *,
    actor: Actor,
    tvra: Tvra,
    item: str,
    answer: str,
    note: str = "",
    seen_at: datetime | None = None,
    data: bytes | None = None,
    name: str = "",
) -> TvraAnswer:
    """What the person found who looked; with a picture where there is one."""
    require(actor, "tvra.check", tvra.compartment_id)
    named(actor, "answer a check")
    found = draft(actor, tvra, "tvra.check")
    library = checks(found.kind)
    try:
        rule = library.item(item)
    except NotFound as error:
        raise Refused(error.what, where="item", mend=error.mend) from error
    if answer not in ANSWERS:
        raise Refused(f"'{answer}' is no answer", "answer", f"One of {', '.join(ANSWERS)}.")
    if answer == "not_applicable" and not cleaned(note):
        raise Refused("Say why it does not apply here", where=rule.ask)
    seen_at = zoned(seen_at or now(), "seen at")
    if seen_at > now():
        raise Refused("This was seen in the future", where="seen at", mend="Correct the time.")
    last = found.answers.filter(item=item).aggregate(last=Max("number"))["last"] or 0  # pyright: ignore
    made = TvraAnswer.objects.create(
        key_id=found.key_id,
        compartment_id=found.compartment_id,
        tvra=found,
        item=item,
        number=last + 1,
        answer=answer,
        note=cleaned(note),
        by=actor,
        seen_at=seen_at,
        **_picture(found, item, data, name),
    )
    publish(topic=TOPIC, kind="answered", record=found.pk, compartment_id=found.compartment_id)
    return made


def _picture(tvra: Tvra, item: str, data: bytes | None, name: str) -> dict[str, Any]:
    """The original as it came, and a preview without what a camera writes beside it."""
    if not data:
        return {}
    picture = read_picture(data, name or item)
    owner = {"key": tvra.key, "compartment_id": tvra.compartment_id}
    return {
        "photo": keep(data=data, name=name or item, media_type=picture.media_type, **owner),
        "preview": keep(data=picture.preview, name=item, media_type="image/jpeg", **owner),
    }


@transaction.atomic
def add_treatment(
    *,
    actor: Actor,
    line: TvraLine,
    title: str,
    owner: Any,
    due: datetime,
    residual_likelihood: int,
    residual_impact: int,
    task: str = "",
) -> TvraTreatment:
    """Proposed with the version; once that is approved it becomes a measure of the plan."""
    require(actor, "tvra.change", line.compartment_id)
    named(actor, "propose a treatment")
    tvra = draft(actor, line.tvra)
    last = tvra.treatments.aggregate(last=Max("number"))["last"] or 0  # pyright: ignore
    made = TvraTreatment(
        key_id=tvra.key_id,
        compartment_id=tvra.compartment_id,
        tvra=tvra,
        line=line,
        number=last + 1,
        title=cleaned(title),
        task=cleaned(task) or cleaned(title),
        owner=checked_owner(owner, "measure.view", tvra.compartment_id),
        due=due,
        residual_likelihood=residual_likelihood,
        residual_impact=residual_impact,
    )
    _check_treatment(made)
    made.save(force_insert=True)
    say(tvra, "treated", f"has a treatment for {line.label}", actor)
    return made


@transaction.atomic
def remove_treatment(*, actor: Actor, treatment: TvraTreatment) -> None:
    require(actor, "tvra.change", treatment.compartment_id)
    tvra = draft(actor, treatment.tvra)
    if treatment.measure:
        raise Refused(
            "A measure of the plan came of it already",
            where=f"treatment {treatment.number}",
            mend="Drop the measure in the plan, if it is not wanted any more.",
        )
    treatment.delete()
    say(tvra, "treated", "has a treatment less", actor)


def _check_treatment(made: TvraTreatment) -> None:
    line = made.line
    if not made.title:
        raise Refused("A treatment needs a title", where="title")
    if made.owner_id is None:
        raise Refused("Say who sees to it", where="owner")
    if zoned(made.due, "due") <= now():
        raise Refused("This is already over", where="due", mend="Give a later time.")
    if not line.judged:
        raise Refused(f"{line.label} is not judged yet", where="risk", mend="Judge it first.")
    inherent(made.residual_likelihood, made.residual_impact)
    if made.residual_likelihood > line.likelihood or made.residual_impact > line.impact:
        raise Refused(
            "What is left cannot be more than what there is",
            where="residual",
            mend=f"At most likelihood {line.likelihood}, impact {line.impact}.",
        )

"""What the writers of judgements share."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor

from ..judgement_rules import SHOWN, Answer, check_answer
from ..library import grading
from ..library.indicators import indicators
from ..models import Judgement, JudgementAnswer, Person
from ..queries import judgement as queries
from .persons_common import working

LONGEST = 4000
SCENARIO = ("what", "to_whom", "trigger", "warning_signs", "prevents")
MOST_SCENARIOS = 8
Given = Mapping[str, Any]


def clean(words: Any, most: int = LONGEST) -> str:
    return str(words or "").replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def next_version(person: Person) -> int:
    last = person.judgements.aggregate(last=Max("version"))["last"]  # pyright: ignore
    return (last or 0) + 1


def own_draft(actor: Actor, judgement: Judgement) -> Judgement:
    """The draft as it stands now, its person locked, for its rater alone."""
    person = working(actor, judgement.person, "judge a person")
    row = queries.judgements(actor).filter(pk=judgement.pk).first()
    if row is None:
        raise Refused("This draft is no longer there", where=f"v{judgement.version}")
    if row.signed:
        raise Refused(
            f"{row.label} is signed and is not changed any more",
            where=f"v{row.version}",
            mend="Begin a new version.",
        )
    if row.rater_id != actor.pk:
        raise Denied("A draft is its rater's alone", where=f"v{row.version}")
    row.person = person
    return row


def read_answer(actor: Actor, person: Person, indicator: str, given: Given) -> Answer:
    """From what was typed or sent; records are found by their label, the rest are references."""
    if indicator not in queries.titles():
        raise Refused("The catalogue has no such indicator", where=indicator)
    unknown = set(given) - {"state", "evidence", "links", "since", "trend"}
    if unknown:
        raise Refused("An answer has no such field", where=", ".join(sorted(unknown)))
    answer = Answer(
        state=clean(given.get("state"), 20) or "unknown",
        evidence=clean(given.get("evidence")),
        links=_links(actor, person, given.get("links") or ()),
        since=clean(given.get("since"), 60),
        trend=clean(given.get("trend"), 20) or "unknown",
    )
    if answer.state in SHOWN and not (answer.evidence or answer.links):
        return answer  # a draft may lack it; a signature may not
    check_answer(indicator, answer)
    return answer


def _links(actor: Actor, person: Person, given: Any) -> tuple[dict[str, str], ...]:
    if isinstance(given, str):
        given = given.split(",")
    labels = [label for one in given if (label := clean(_label(one), 200))]
    if not labels:
        return ()
    known = {one.label.casefold(): one for one in queries.linkable(actor, person)}
    found = []
    for label in list(dict.fromkeys(labels))[:20]:
        record = known.get(label.casefold())
        found.append(
            {"kind": record.kind, "id": record.id, "label": record.label}
            if record
            else {"kind": "reference", "id": "", "label": label}
        )
    return tuple(found)


def _label(one: Any) -> Any:
    return one.get("label") if isinstance(one, Mapping) else one


def read_scenarios(given: Any) -> list[dict[str, str]]:
    """What, to whom, likely trigger, warning signs, what would prevent it; empty ones fall out."""
    found = []
    for number, one in enumerate(given or (), start=1):
        unknown = set(one) - set(SCENARIO)
        if unknown:
            raise Refused("A scenario has no such field", where=", ".join(sorted(unknown)))
        row = {name: clean(one.get(name), 1000) for name in SCENARIO}
        if any(row.values()):
            if not row["what"]:
                raise Refused("A scenario says what could happen", where=f"scenario {number}")
            found.append(row)
    if len(found) > MOST_SCENARIOS:
        raise Refused(f"At most {MOST_SCENARIOS} scenarios", mend="Keep those that differ.")
    return found


def check_level(level: str, confidence: str) -> None:
    """Chosen, in words of the library; refuses also what is left out."""
    if not level:
        mend = ", ".join(one.title for one in indicators().levels)
        raise Refused("Choose the level of concern", where="level", mend=mend)
    if level not in {one.id for one in indicators().levels}:
        mend = ", ".join(one.id for one in indicators().levels)
        raise Refused("There is no such level of concern", where=level, mend=mend)
    words = [word.id for word in grading().confidence]
    if confidence not in words:
        raise Refused("Say how sure you are", where="confidence", mend=", ".join(words))


def review_at(person: Person, level: str, asked: datetime | None) -> datetime:
    """Never later than the level allows, nor than the file is kept."""
    most = now() + timedelta(days=indicators().level(level).review_days)
    if asked is None:
        return min(most, person.expires_at)
    if asked <= now():
        raise Refused("The next review lies ahead", where="next_review", mend="Give a later date.")
    if asked.date() > most.date():
        words = f"{most:%d %b %Y}"
        raise Refused(
            f"At this level a review comes by {words}", where="next_review", mend="Earlier is fine."
        )
    return min(asked, person.expires_at)


def keep_answers(judgement: Judgement, found: Mapping[str, Answer]) -> None:
    """What is unknown and has nothing to say of it needs no row: absence of a row is unknown."""
    rows = judgement.answers.filter(indicator__in=list(found))  # pyright: ignore
    rows.delete()
    JudgementAnswer.objects.bulk_create(
        JudgementAnswer(
            judgement=judgement,
            key_id=judgement.key_id,
            compartment_id=judgement.compartment_id,
            indicator=name,
            state=one.state,
            evidence=one.evidence,
            links=list(one.links),
            since=one.since,
            trend=one.trend,
        )
        for name, one in found.items()
        if one != Answer()
    )


def put_seal(judgement: Judgement) -> None:
    judgement.state = Judgement.State.SIGNED
    judgement.signed_at = now()
    judgement.seal = digest(queries.content(judgement))
    judgement.save()

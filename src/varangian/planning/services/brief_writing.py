"""The author's hand in a draft: order, what is left out and why, judgements, the bottom line."""

from typing import Any

from django.db import transaction

from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor, require
from varangian.threats.library import grading

from .. import brief_words as words
from ..models import Brief, BriefItem, BriefJudgement
from ..models.brief import Readers
from ..queries import briefs
from .briefs import locked, tell
from .issuing import named

MOST_JUDGEMENTS = 20
JUDGED = ("text", "probability", "confidence", "basis", "readers")


@transaction.atomic
def write_brief(
    *,
    actor: Actor,
    brief: Brief,
    bottom_line: str | None = None,
    readers: str | None = None,
    tlp: str | None = None,
) -> Brief:
    """What is not given stays as it is."""
    held = _draft(actor, brief)
    if bottom_line is not None:
        held.bottom_line = words.checked_bottom_line(bottom_line)
    if readers is not None:
        held.readers = words.checked_word("readers", readers, Readers.values)
    if tlp is not None:
        held.tlp = words.checked_word("tlp", tlp, [row.id for row in grading().tlp])
    held.save(update_fields=["bottom_line", "readers", "tlp"])
    tell(held, "changed", actor)
    return held


@transaction.atomic
def leave_out(*, actor: Actor, item: BriefItem, reason: str) -> BriefItem:
    """It stays on record with the reason, and under the seal."""
    held, row = _draft_item(actor, item)
    row.reason = words.checked_text("reason", reason, needed="Say why it is left out")
    row.left_out = True
    row.save(update_fields=["left_out", "reason"])
    tell(held, "changed", actor)
    return row


@transaction.atomic
def take_in(*, actor: Actor, item: BriefItem) -> BriefItem:
    held, row = _draft_item(actor, item)
    row.left_out, row.reason = False, ""
    row.save(update_fields=["left_out", "reason"])
    tell(held, "changed", actor)
    return row


@transaction.atomic
def move_item(*, actor: Actor, item: BriefItem, up: bool) -> BriefItem:
    """One place up or down in its section; at the end it stays."""
    held, row = _draft_item(actor, item)
    kept = [r for r in briefs.items(actor, held) if r.section == row.section and not r.left_out]
    order = [r.pk for r in kept]
    if row.pk not in order:
        raise Refused("What is left out has no place", where=row.title, mend="Take it in first.")
    here = order.index(row.pk)
    there = here + (-1 if up else 1)
    if 0 <= there < len(kept):
        kept.insert(there, kept.pop(here))
        places = sorted({r.position for r in kept})
        places += [places[-1] + n for n in range(1, len(kept) - len(places) + 1)]
        for one, position in zip(kept, places, strict=True):
            one.position = position
        BriefItem.objects.visible_to(actor).bulk_update(kept, ["position"])
        tell(held, "changed", actor)
    return next(one for one in kept if one.pk == row.pk)


@transaction.atomic
def add_judgement(
    *,
    actor: Actor,
    brief: Brief,
    text: str,
    probability: str,
    confidence: str,
    basis: str,
    readers: str = Readers.DESK,
) -> BriefJudgement:
    """Words that say too little are kept and pointed out; the brief is not issued with them."""
    named(actor, "judge in a brief")
    held = _draft(actor, brief)
    mine = briefs.judgements(actor, held)
    if len(mine) >= MOST_JUDGEMENTS:
        raise Refused(f"More than {MOST_JUDGEMENTS} judgements are not read", where=held.label)
    made = BriefJudgement(
        key_id=held.key_id,
        compartment_id=held.compartment_id,
        brief=held,
        position=max((row.position for row in mine), default=0) + 1,
        by=actor,
    )
    _set(made, text=text, probability=probability, confidence=confidence, basis=basis,
         readers=readers)  # fmt: skip
    made.save(force_insert=True)
    tell(held, "changed", actor)
    return made


@transaction.atomic
def change_judgement(*, actor: Actor, judgement: BriefJudgement, **given: Any) -> BriefJudgement:
    """``given``: any of text, probability, confidence, basis and readers."""
    named(actor, "judge in a brief")
    held = _draft(actor, judgement.brief)
    row = _locked_judgement(actor, judgement)
    if strange := set(given) - set(JUDGED):
        raise Refused("A judgement has no such part", where=", ".join(sorted(strange)))
    _set(row, **{name: getattr(row, name) for name in JUDGED} | given)
    row.by = actor
    row.save()
    tell(held, "changed", actor)
    return row


@transaction.atomic
def mend_judgement(
    *, actor: Actor, judgement: BriefJudgement, word: str, instead: str
) -> BriefJudgement:
    """A listed word takes the place of one that says too little, and is the word chosen."""
    words.checked_word("instead", instead, words.probability_words())
    found = [row.word for row in words.findings(judgement.text, judgement.probability)]
    if word not in found:
        raise Refused("Nothing was found amiss with this word", where=word[:60])
    text = words.mended(judgement.text, word, instead)
    return change_judgement(actor=actor, judgement=judgement, text=text, probability=instead)


@transaction.atomic
def remove_judgement(*, actor: Actor, judgement: BriefJudgement) -> None:
    held = _draft(actor, judgement.brief)
    _locked_judgement(actor, judgement).delete()
    tell(held, "changed", actor)


def _set(row: BriefJudgement, **given: str) -> None:
    row.text = words.checked_text("text", given["text"], needed="Say what you judge")
    row.basis = words.checked_text("basis", given["basis"], needed="Say on what it rests")
    known = words.probability_words()
    row.probability = words.checked_word("probability", given["probability"], known)
    known = words.confidence_words()
    row.confidence = words.checked_word("confidence", given["confidence"], known)
    row.readers = words.checked_word("readers", given["readers"], Readers.values)


def _draft(actor: Actor, brief: Brief) -> Brief:
    require(actor, "brief.change", brief.compartment_id)
    held = locked(actor, brief)
    briefs.only_draft(held)
    return held


def _draft_item(actor: Actor, item: BriefItem) -> tuple[Brief, BriefItem]:
    held = _draft(actor, item.brief)
    return held, briefs.item(actor, item.pk)


def _locked_judgement(actor: Actor, judgement: BriefJudgement) -> BriefJudgement:
    rows = BriefJudgement.objects.visible_to(actor, "brief.change").filter(pk=judgement.pk)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound("There is no such judgement any more", where=str(judgement.pk))
    return row

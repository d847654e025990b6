"""Seal a brief, send it to those it is for, and note who has read it."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may, require
from varangian.platform.audit.approval import approve
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import forget

from .. import brief_words as words
from ..brief_compose import MARKED_RED
from ..models import Brief, BriefItem, BriefJudgement, BriefReading
from ..models.brief import Readers
from ..queries import briefs
from ..signing_briefs import brief_digest
from .briefs import locked, tell
from .issuing import named

State = Brief.State


@transaction.atomic
def issue_brief(*, actor: Actor, brief: Brief) -> Brief:
    """Signed by a named person and sent to the posts; what it follows is superseded."""
    require(actor, "brief.issue", brief.compartment_id)
    named(actor, "issue a brief")
    held = locked(actor, brief)
    briefs.only_draft(held)
    rows, judged = own_rows(actor, held)
    _refuse_stale(actor, held)
    _refuse_words(held, rows, judged)
    held.issued_at = now()
    approve(held, actor, brief_digest(held, rows, judged))
    _supersede(actor, held)
    held.state = State.ISSUED
    held.save()
    asked = _ask(actor, held)
    who = f"{len(asked)} asked to read it" if asked else "nobody holds a post that reads it"
    tell(held, "issued", actor, f"{held.label} issued, {who}")
    return held


@transaction.atomic
def read_brief(*, actor: Actor, brief: Brief) -> BriefReading:
    """Somebody says that they have read what they may see of it."""
    require(actor, "brief.read", brief.compartment_id)
    named(actor, "read a brief")
    if brief.state != State.ISSUED:
        state = brief.get_state_display().lower()  # pyright: ignore
        raise Refused(f"A brief that is {state} is not acknowledged", where=brief.label)
    held = BriefReading.objects.visible_to(actor).select_for_update(of=("self",))
    row = held.filter(brief=brief, user=actor).first()
    if row is not None and row.at is not None:
        return row
    if row is None:
        row = BriefReading(
            brief=brief,
            compartment_id=brief.compartment_id,
            user=actor,
            posts=_titles(actor, brief.operation),
        )
    row.at = now()
    row.save()
    tell(brief, "read", actor, f"{brief.label} read by {actor}")
    return row


def own_rows(actor: Actor, brief: Brief) -> tuple[list[BriefItem], list[BriefJudgement]]:
    """All of it, for the seal: also what this person may not see is under the signature."""
    rows = BriefItem.objects.visible_to(actor).filter(brief=brief)
    judged = BriefJudgement.objects.visible_to(actor).filter(brief=brief)
    return list(rows), list(judged)


def _refuse_stale(actor: Actor, brief: Brief) -> None:
    stale = stale_by_record(actor, "brief", [brief.pk]).get(brief.pk, [])
    if stale:
        raise Refused(
            f"Since it was drafted something has changed: {stale[0]}",
            where=brief.label,
            mend="Draft it anew, read it and issue it then.",
        )


def _refuse_words(brief: Brief, rows: list[BriefItem], judged: list[BriefJudgement]) -> None:
    if not brief.bottom_line:
        raise Refused(
            "A brief has a bottom line", where="bottom_line", mend="One to three sentences."
        )
    for number, row in enumerate(judged, start=1):
        for found in words.findings(row.text, row.probability):
            raise Refused(
                f"Judgement {number} says ‘{found.word}’: {found.why}",
                where="judgement",
                mend=f"Use a word of the list, such as: {', '.join(found.offer)}.",
            )
    _refuse_leaks(brief, rows, judged)


def _refuse_leaks(brief: Brief, rows: list[BriefItem], judged: list[BriefJudgement]) -> None:
    """No text names what some of its readers may not see where it was taken from."""
    team = brief.readers == Readers.TEAM
    texts = [("bottom_line", brief.bottom_line, team)]
    texts += [
        ("judgement", f"{row.text} {row.basis}", team and row.readers == Readers.TEAM)
        for row in judged
    ]
    for where, text, wide in texts:
        secrets = [
            r.title for r in rows if (r.needs not in OPEN if wide else r.needs == MARKED_RED)
        ]
        if told := words.told_too_widely(text, secrets):
            who = "The whole team reads this" if wide else "The whole desk reads this"
            raise Refused(
                f"{who}, and it names what not all of them may see: {told}",
                where=where,
                mend="Word it otherwise, or choose narrower readers.",
            )


def _marked_red(row: BriefItem) -> bool:
    return row.needs == MARKED_RED


OPEN = frozenset({"movement.view", "signal.view", "bolo.view", "dossier.view", "place.view"})
"""Rights that everybody has who may read a brief at all."""


def _supersede(actor: Actor, brief: Brief) -> None:
    """The same day or an earlier one; of trips those that share a leg."""
    former = Brief.objects.visible_to(actor).filter(
        operation=brief.operation, kind=brief.kind, state=State.ISSUED
    )
    for old in former.exclude(pk=brief.pk):
        if brief.kind == Brief.Kind.DAILY and old.day > brief.day:
            continue
        if brief.kind == Brief.Kind.PRE_TRIP and not set(old.legs) & set(brief.legs):
            continue
        old.state = State.SUPERSEDED
        old.save(update_fields=["state"])
        forget(kind="brief", records=[old.pk], note=f"Superseded by {brief.label}")


def _ask(actor: Actor, brief: Brief) -> list[BriefReading]:
    """Everybody who holds a post and is of those it is for; one row a person."""
    needed = "brief.view" if brief.readers == Readers.TEAM else "brief.change"
    by_person: dict[Any, list[str]] = {}
    people = {}
    for post in operations.posts(actor, brief.operation):
        if post.holder is not None and may(post.holder, needed, brief.compartment_id):
            people[post.holder.pk] = post.holder
            by_person.setdefault(post.holder.pk, []).append(post.title)
    rows = [
        BriefReading(
            brief=brief,
            compartment_id=brief.compartment_id,
            user=people[pk],
            posts=", ".join(titles)[:300],
        )
        for pk, titles in by_person.items()
    ]
    return BriefReading.objects.bulk_create(rows)


def _titles(actor: Actor, operation: Any) -> str:
    held = operations.posts_held(actor, operation).values_list("title", flat=True)
    return ", ".join(held)[:300]

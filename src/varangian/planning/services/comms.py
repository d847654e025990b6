"""The communications plan: written in versions, tested means by means."""

from datetime import datetime
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note as audit
from varangian.platform.news.services import announce

from ..models import CommsPlan, CommsTest, CommsVersion
from ..queries import comms
from ..rules import RANKS
from .issuing import named

LEAST, MOST = 5, 240
"""Minutes between check calls."""
LONGEST = 400


@transaction.atomic
def write_comms(
    *,
    actor: Actor,
    operation: Any,
    bearers: dict[str, str],
    check_minutes: int,
    missed: int = 2,
    check_words: str = "",
    code_words: dict[str, str] | None = None,
    duress_word: str | None = None,
    why: str = "",
    expected_version: int | None = None,
) -> CommsVersion:
    """A new version. Words that are not given (None) stay as they are; empty ones go."""
    require(actor, "comms.change", operation.compartment_id)
    if code_words is not None or duress_word is not None:
        require(actor, "comms.words", operation.compartment_id)
    plan = _plan(actor, operation, expected_version)
    before = comms.previous(actor, plan)
    kept_words = dict(before.code_words) if before else {}
    made = CommsVersion.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        plan=plan,
        number=plan.version,
        bearers=_bearers(bearers),
        check_minutes=_between("check minutes", check_minutes, LEAST, MOST),
        missed=_between("missed", missed, 1, 5),
        check_words=_clean(check_words),
        code_words=kept_words if code_words is None else _words(code_words),
        duress_word=_duress(before, duress_word),
        why=_clean(why)[:200],
        by_id=actor.pk,
    )
    _refuse_same_word(made)
    _tell(operation, plan, "written", f"Communications plan version {made.number}", actor)
    return made


def _plan(actor: Actor, operation: Any, expected_version: int | None) -> CommsPlan:
    found = CommsPlan.objects.visible_to(actor).filter(operation=operation)
    plan = found.select_for_update().first()
    if plan is None:
        return CommsPlan.objects.create(
            operation=operation, compartment_id=operation.compartment_id
        )
    if expected_version is not None and plan.version != expected_version:
        raise Conflict(
            "Somebody wrote a new version of the plan while you were looking at it",
            where=operation.slug,
            mend="Load it again; what you typed is kept as a draft.",
        )
    plan.version += 1
    plan.save(update_fields=["version"])
    return plan


def _bearers(given: dict[str, str]) -> dict[str, str]:
    if strange := set(given) - set(RANKS):
        raise Refused("A means has a rank", where=", ".join(strange), mend=", ".join(RANKS))
    means = {rank: _clean(given.get(rank, "")) for rank in RANKS}
    used = [words.casefold() for words in means.values() if words]
    if not means["primary"]:
        raise Refused("Name at least the primary means", where="primary")
    if len(set(used)) < len(used):
        raise Refused(
            "Two ranks name the same means",
            where="means",
            mend="A means that fails with another is no alternate to it.",
        )
    return means


def _words(given: dict[str, str]) -> dict[str, str]:
    return {_clean(slot)[:120]: _clean(word)[:40] for slot, word in given.items() if _clean(word)}


def _duress(before: CommsVersion | None, given: str | None) -> str:
    if given is None:
        return before.duress_word if before else ""
    return _clean(given)[:40]


def _refuse_same_word(made: CommsVersion) -> None:
    """One word, one meaning: heard on the radio there is no second look."""
    words = [word.casefold() for word in (*made.code_words.values(), made.duress_word) if word]
    twice = next((word for word in words if words.count(word) > 1), "")
    if twice:
        raise Refused("One word stands for two things", where="code words", mend="Choose another.")


def _between(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Refused(f"This is {least} to {most}", where=name)
    return value


def _clean(words: str) -> str:
    return words.replace("\x00", "").strip()[:LONGEST]


@transaction.atomic
def record_test(
    *,
    actor: Actor,
    operation: Any,
    rank: str,
    result: str,
    post: Any = None,
    note: str = "",
    tested_at: datetime | None = None,
) -> CommsTest:
    """One means was tried, from a post or from the operations room."""
    require(actor, "comms.test", operation.compartment_id)
    named(actor, "record a test")
    plan = comms.plan(actor, operation)
    if plan is None:
        raise Refused(
            "There is no communications plan", where=operation.slug, mend="Write it first."
        )
    if rank not in RANKS or result not in CommsTest.Result.values:
        mend = f"{', '.join(RANKS)}; {', '.join(CommsTest.Result.values)}."
        raise Refused("A test names a rank and a result", where=f"{rank} {result}", mend=mend)
    at = tested_at or now()
    if at > now():
        raise Refused("It has not been tested yet", where="tested at")
    if post is not None and post.operation_id != operation.pk:
        raise Refused("This post belongs to another operation", where="post")
    made = CommsTest.objects.create(
        key_id=operation.key_id,
        compartment_id=operation.compartment_id,
        plan=plan,
        version=plan.version,
        rank=rank,
        result=result,
        post=f"{post.call_sign} {post.title}".strip() if post else "",
        note=_clean(note),
        tested_at=at,
        by=actor,
    )
    _tell(operation, plan, "tested", f"{rank.capitalize()} means tested: {result}", actor)
    return made


@transaction.atomic
def reveal_words(*, actor: Actor, operation: Any, purpose: str) -> dict[str, Any]:
    """Code and duress words in plain text, for this one look; who looked and why is audited."""
    require(actor, "comms.words", operation.compartment_id)
    if not purpose.strip():
        raise Refused("Say what you need the words for", where="purpose")
    version = comms.current(actor, operation)
    if version is None:
        raise Refused("There is no communications plan", where=operation.slug)
    audit(kind="unmask", record=version, purpose=purpose.strip()[:200], actor=actor)
    return {"code_words": comms.words_shown(version), "duress_word": version.duress_word}


def _tell(operation: Any, plan: CommsPlan, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="comms",
        event=event,
        text=text,
        compartment_id=operation.compartment_id,
        operation_id=operation.pk,
        record=("comms", plan.pk),
        actor=actor,
    )

"""Two files are one person: said by a person with reasons, and taken back without a trace left.

Nothing is moved or rewritten. The other file is folded into the kept one: it is read there, takes
no new content, and keeps its own key, basis, reviewer and end. So undoing it restores both exactly;
what was added meanwhile stays where it was added, with the kept one.
"""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.crypto import keys

from ..models import Person, PersonMerge
from ..person_rules import Side, check_merge
from .common import named
from .persons_common import What, held, said, say, step, tell_thread


@transaction.atomic
def merge_persons(*, actor: Actor, kept: Person, other: Person, reason: str) -> PersonMerge:
    """``other`` is read in ``kept`` from now on."""
    require(actor, "person.merge", kept.compartment_id)
    require(actor, "person.merge", other.compartment_id)
    named(actor, "say that two files are one person")
    kept, other = (held(actor, one) for one in (kept, other))
    check_merge(_side(kept), _side(other))
    reason = said(reason, "reason", "Say what makes them one person")
    made = PersonMerge.objects.create(
        key=keys.create(),
        compartment_id=kept.compartment_id,
        kept=kept,
        other=other,
        reason=reason,
        by=actor,
    )
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    for one, words in ((kept, f"{other.label} is part of it"), (other, f"part of {kept.label}")):
        step(one, What.MERGED, actor, f"{words}: {reason}")
    tell_thread(other, f"is part of {kept.label}")
    say(kept, "merged", f"and {other.label} are said to be one", actor)
    return made


@transaction.atomic
def unmerge_persons(*, actor: Actor, other: Person, reason: str) -> Person:
    """They were two after all. Also when one of the files has run out meanwhile."""
    require(actor, "person.merge", other.compartment_id)
    named(actor, "undo a merge")
    other = held(actor, other)
    if other.merged_into is None:
        raise Refused(f"{other.label} is part of no other file", where=other.label)
    kept = held(actor, other.merged_into)
    reason = said(reason, "reason", "Say what makes them two")
    merge = PersonMerge.objects.visible_to(actor).get(other=other, undone_at=None)
    merge.undone_by, merge.undone_at, merge.undone_reason = actor, now(), reason
    merge.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    other.merged_into = None
    other.save(update_fields=["merged_into"])
    for one, words in ((kept, f"{other.label} is apart"), (other, f"apart from {kept.label}")):
        step(one, What.UNMERGED, actor, f"{words}: {reason}")
    tell_thread(other, f"is apart from {kept.label}")
    say(kept, "unmerged", f"and {other.label} are two again", actor)
    return other


def _side(person: Person) -> Side:
    return Side(
        pk=str(person.pk),
        engagement=str(person.engagement_id),
        state=person.state,
        folded=person.merged_into_id is not None,
        holds=person.folded.exists(),  # pyright: ignore
        over=person.over,
    )

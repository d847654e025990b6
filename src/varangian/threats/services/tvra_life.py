"""A TVRA is sent in, returned or approved by a second person, superseded by its next version."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.approval import approve
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.thread.services import forget

from ..events import tvra_approved
from ..models import Tvra
from ..queries import tvra as queries
from ..tvra_content import signed_digest
from .common import named
from .tvra_common import check_choices, check_dates, cleaned, draft, held, say


@transaction.atomic
def submit_tvra(*, actor: Actor, tvra: Tvra) -> Tvra:
    """To the second person. Everything that came from the register is judged by then."""
    require(actor, "tvra.change", tvra.compartment_id)
    named(actor, "send in a TVRA")
    found = draft(actor, tvra)
    check_choices(found)
    check_dates(found.review_due, found.valid_until)
    if not found.conclusion:
        raise Refused("Write what follows from it", where="conclusion")
    open_ = [one.label for one in queries.lines(actor, found) if not one.settled]
    if open_:
        raise Refused(
            "Risks are not judged yet",
            where=", ".join(open_),
            mend="Judge each, or leave it out with the reason.",
        )
    _refuse_stale(actor, found)
    found.state = Tvra.State.REVIEW
    found.submitted_by, found.submitted_at = actor, now()
    found.returned_why, found.updated_at = "", now()
    found.save()
    say(found, "submitted", "is in review", actor)
    return found


@transaction.atomic
def return_tvra(*, actor: Actor, tvra: Tvra, reason: str) -> Tvra:
    """Back to the drafter, with what is wanted otherwise."""
    require(actor, "tvra.approve", tvra.compartment_id)
    named(actor, "return a TVRA")
    found = _in_review(actor, tvra)
    if not cleaned(reason):
        raise Refused("Say what is wanted otherwise", where="reason")
    found.state, found.returned_why = Tvra.State.DRAFT, cleaned(reason)
    found.updated_at = now()
    found.save()
    say(found, "returned", "was returned to its drafter", actor)
    return found


@transaction.atomic
def approve_tvra(*, actor: Actor, tvra: Tvra) -> Tvra:
    """The signature of a second person over all of it. Its treatments become measures."""
    require(actor, "tvra.approve", tvra.compartment_id)
    named(actor, "approve a TVRA")
    found = _in_review(actor, tvra)
    if actor.pk in (found.drafted_by_id, found.submitted_by_id):
        raise Refused(
            "Nobody approves their own assessment",
            where=found.named,
            mend="Ask another detail leader.",
        )
    check_dates(found.review_due, found.valid_until)
    _refuse_stale(actor, found)
    for old in queries.versions(actor, found).filter(state=Tvra.State.APPROVED):
        _supersede(actor, old, found)
    covered = signed_digest(
        found,
        queries.lines(actor, found),
        queries.latest(actor, found),
        queries.treatments(actor, found),
    )
    found.state, found.updated_at = Tvra.State.APPROVED, now()
    approve(found, actor, covered)
    found.save()
    _hand_over(actor, found)
    say(found, "approved", f"approved by {actor}", actor)
    return found


def _in_review(actor: Actor, tvra: Tvra) -> Tvra:
    found = held(actor, tvra)
    if found.state != Tvra.State.REVIEW:
        raise Refused(
            f"{found.named} is {found.get_state_display().lower()}",
            mend="Draft, then send it in, then it is approved or returned.",
        )
    return found


def _refuse_stale(actor: Actor, found: Tvra) -> None:
    """A signature under something that has changed since would be worth nothing."""
    changes = [f"{one.label} {one.words}" for one in queries.since(actor, found)]
    changes += stale_by_record(actor, "tvra", [found.pk]).get(found.pk, [])
    if changes:
        raise Refused(
            f"Since it was read the register has changed: {changes[0]}",
            where=found.named,
            mend="Bring it up to date, judge what changed, then send it in.",
        )


def _supersede(actor: Actor, old: Tvra, new: Tvra) -> None:
    old.state, old.superseded_at = Tvra.State.SUPERSEDED, now()
    old.save(update_fields=["state", "superseded_at"])
    forget(kind="tvra", records=[old.pk], note=f"Superseded by {new.named}")
    say(old, "superseded", f"superseded by version {new.version}", actor)


def _hand_over(actor: Actor, found: Tvra) -> None:
    """To the plan above: who makes measures of treatments says which."""
    rows = list(queries.treatments(actor, found))
    answers = tvra_approved.send(sender=Tvra, tvra=found, treatments=rows, actor=actor)
    made = {pk: measure for _, answer in answers for pk, measure in (answer or {}).items()}
    for row in rows:
        if row.pk in made:
            row.measure = made[row.pk]
            row.save(update_fields=["measure"])

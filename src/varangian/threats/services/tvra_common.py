"""What the writers of TVRAs share."""

from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.news.services import announce
from varangian.platform.thread.services import tie_all, untie

from ..library import grading
from ..library.tvra import tvra as library
from ..models import Tvra, TvraLine

TOPIC = "tvra"
LONGEST = 6000


def held(actor: Actor, tvra: Tvra, action: str = "tvra.view") -> Tvra:
    """The version as it stands now, locked."""
    rows = Tvra.objects.visible_to(actor, action).select_related(
        "operation__engagement", "operation__principal", "place", "movement"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=tvra.pk)


def draft(actor: Actor, tvra: Tvra, action: str = "tvra.view") -> Tvra:
    """Only what is still written may be changed."""
    found = held(actor, tvra, action)
    if found.state != Tvra.State.DRAFT:
        mend = "Return it to the drafter first."
        if not found.open:
            mend = "Begin a further version of it."
        raise Refused(f"{found.named} is {found.get_state_display().lower()}", mend=mend)
    return found


def cleaned(words: Any) -> str:
    return str(words or "").replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]


def zoned(at: datetime, where: str) -> datetime:
    """A time without its zone is nobody's time."""
    if at.tzinfo is None:
        raise Refused("Give the time with its zone", where=where, mend="Such as 2026-12-01T14:30Z.")
    return at


def check_dates(review_due: datetime, valid_until: datetime) -> None:
    most = library().most_days
    zoned(review_due, "review due")
    zoned(valid_until, "valid until")
    if valid_until <= now():
        raise Refused("This is already over", where="valid until", mend="Give a later time.")
    if valid_until > now() + timedelta(days=most):
        raise Refused(
            f"A TVRA stands at most {most} days",
            where="valid until",
            mend="Give an earlier end; a further version follows it.",
        )
    if not now() < review_due <= valid_until:
        raise Refused(
            "The review lies between now and the end", where="review due", mend="Give another time."
        )


def check_choices(tvra: Tvra) -> None:
    if not tvra.title:
        raise Refused("A TVRA needs a title", where="title")
    marks = [mark.id for mark in grading().tlp]
    if tvra.handling not in marks:
        raise Refused(f"'{tvra.handling}' is no handling mark", "handling", ", ".join(marks))
    templates = [one.id for one in library().templates]
    if tvra.template not in templates:
        raise Refused(f"'{tvra.template}' is no template", "template", ", ".join(templates))


def rest_on(tvra: Tvra, lines: list[TvraLine]) -> None:
    """Tie it to everything that it was drawn from, so that a change there marks it stale."""
    node = ("tvra", tvra.pk)
    untie(right=node)
    reasons = [("threat", one.source_id) for one in lines if one.source_id and not one.left_out]
    reasons += [("risk", one.risk_id) for one in lines if one.risk_id and not one.left_out]
    if tvra.place_id:
        reasons.append(("place", tvra.place_id))
    if tvra.movement_id:
        reasons.append(("movement", tvra.movement_id))
    if tvra.kind == Tvra.Kind.PRINCIPAL:
        reasons.append(("principal", tvra.operation.principal_id))
    tie_all(
        pairs=[(left, node) for left in reasons],
        relation="assessed in",
        compartment_id=tvra.compartment_id,
    )


def say(tvra: Tvra, event: str, words: str, actor: Actor) -> None:
    """Officers read the log: it names the version by its number, never by its content."""
    announce(
        topic=TOPIC,
        event=event,
        text=f"TVRA {tvra.named} {words}",
        compartment_id=tvra.compartment_id,
        operation_id=tvra.operation_id,
        record=("tvra", tvra.pk),
        actor=actor,
    )

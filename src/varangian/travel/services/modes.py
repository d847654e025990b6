"""The only writers of comparisons of ways: begun, told, decided."""

from datetime import datetime

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Movement, Operation
from varangian.places.models import Place
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..models import ModeComparison
from ..modes.library import modes
from ..modes.values import band
from ..queries import modes as queries
from ..shapes.modes import table_shape
from .stays import words

MOST_PARTY, LONGEST_MIN = 500, 60 * 24 * 7
POSSIBLE = "possible"


@transaction.atomic
def begin_comparison(
    *, actor: Actor, operation: Operation, movement: Movement | None = None,
    origin: Place | None = None, destination: Place | None = None,
    starts: datetime | None = None, party: int | None = None,
) -> ModeComparison:  # fmt: skip
    """From a leg of the plan, or from two places and an hour."""
    require(actor, "choice.change", operation.compartment_id)
    if movement is not None:
        origin, destination = origin or movement.origin, destination or movement.destination
        starts = starts or movement.starts
        party = party if party is not None else _party(movement)
    first, last = _ends(origin, destination)
    if party is not None and not 1 <= party <= MOST_PARTY:
        raise Refused(f"A party has 1 to {MOST_PARTY} people", where="party")
    made = ModeComparison.objects.create(
        key_id=operation.key_id, compartment_id=operation.compartment_id, operation=operation,
        movement=movement, leg_version=movement.version if movement else None, origin=first,
        destination=last, starts=starts, party=party, made_by_id=actor.pk, told={},
    )  # fmt: skip
    _tell(made, "begun", f"Ways compared: {_name(made)}", actor)
    return made


def _ends(origin: Place | None, destination: Place | None) -> tuple[Place, Place]:
    if origin is None or destination is None:
        side = "origin" if origin is None else "destination"
        raise Refused(f"This journey has no {side}", side, "Choose two places, or another leg.")
    if origin.pk == destination.pk:
        raise Refused("This journey ends where it begins", "destination", "Choose another place.")
    return origin, destination


def _party(movement: Movement) -> int | None:
    found = movement.details.get("party")
    if isinstance(found, list):
        return len(found) or None
    return found if isinstance(found, int) and found > 0 else None


@transaction.atomic
def tell_line(
    *, actor: Actor, comparison: ModeComparison, mode: str, line: str, text: str = "",
    low: float | None = None, high: float | None = None,
) -> ModeComparison:  # fmt: skip
    """What somebody knows better than the list, of one line of one way. Empty: not any more.

    The line ``possible`` says whether the way can be taken at all: yes or no, and why.
    """
    comparison = _locked(actor, comparison)
    told = comparison.told
    modes().get(mode)
    if line != POSSIBLE:
        modes().criterion(line)
    if low is not None or high is not None:
        if line not in ("waiting", "time", "trauma"):
            raise Refused("This line is words, not minutes", line, "Leave the numbers out.")
        low, high = _span(low, high)
    text = words("text", text, most=200)
    lines = told.setdefault(mode, {})
    if not text and low is None:
        lines.pop(line, None)
    else:
        if line == POSSIBLE and text.split()[0].strip(",.:;").lower() not in ("yes", "no"):
            raise Refused("Begin with yes or no", line, "no: the field is closed at night")
        minutes = band(low, high) if low is not None and high is not None else ""
        text = ": ".join(part for part in (minutes, text) if part)
        lines[line] = {
            "words": text, "low": low, "high": high, "by": str(actor)[:80],
            "at": now().isoformat(),
        }  # fmt: skip
    comparison.told = told
    comparison.save(update_fields=["told"])
    publish(
        topic="modes", kind="told", record=comparison.pk, compartment_id=comparison.compartment_id
    )
    return comparison


def _span(low: float | None, high: float | None) -> tuple[float, float]:
    least = low if low is not None else high
    most = high if high is not None else low
    assert least is not None and most is not None
    if not 0 <= least <= most <= LONGEST_MIN:
        raise Refused("Minutes go from the least to the most", f"{least:g} to {most:g}")
    return least, most


@transaction.atomic
def choose_mode(
    *, actor: Actor, comparison: ModeComparison, mode: str, reason: str
) -> ModeComparison:
    """A named leader decides which and why. The leg itself is not changed by it."""
    require(actor, "choice.decide", comparison.compartment_id)
    if actor.is_system:
        raise Refused("Only a named person decides", mend="Use --as with an e-mail.")
    comparison = _locked(actor, comparison, "choice.decide")
    reason = words("reason", reason, least=3, most=400)
    way = modes().get(mode)
    columns = queries.table(actor, comparison)
    standing = next(one for one in columns if one.mode.id == mode)
    if standing.standing == "no":
        raise Refused(
            f"{way.title} cannot be taken", "; ".join(standing.why),
            "Tell on the line 'possible' why it can, or choose another.",
        )  # fmt: skip
    comparison.payload = {**table_shape(columns), "frozen_at": now().isoformat()}
    comparison.chosen, comparison.reason = mode, reason
    comparison.state = ModeComparison.State.DECIDED
    comparison.decided_by, comparison.decided_at = actor, now()
    comparison.save()
    _tell(comparison, "decided", f"{_name(comparison)}: {way.title} chosen", actor)
    return comparison


@transaction.atomic
def drop_comparison(*, actor: Actor, comparison: ModeComparison, reason: str) -> ModeComparison:
    comparison = _locked(actor, comparison)
    comparison.reason = words("reason", reason, least=3, most=400)
    comparison.state = ModeComparison.State.DROPPED
    comparison.save()
    _tell(comparison, "dropped", f"{_name(comparison)}: not compared any more", actor)
    return comparison


def _locked(
    actor: Actor, comparison: ModeComparison, action: str = "choice.change"
) -> ModeComparison:
    require(actor, action, comparison.compartment_id)
    rows = queries.comparisons(actor).select_for_update(of=("self",))
    found = rows.get(pk=comparison.pk)
    if found.state != ModeComparison.State.OPEN:
        what = found.get_state_display().lower()
        raise Conflict(f"This comparison is {what}", _name(found), "Begin a new one.")
    return found


def _name(row: ModeComparison) -> str:
    return f"{row.origin.name} to {row.destination.name}"


def _tell(row: ModeComparison, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="modes", event=event, text=text, compartment_id=row.compartment_id,
        operation_id=row.operation_id, record=("mode_comparison", row.pk), actor=actor,
    )  # fmt: skip

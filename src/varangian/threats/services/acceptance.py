"""Accept what is left of a risk: one signature for each seat that its band asks for."""

from datetime import timedelta

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require
from varangian.platform.thread.queries import stale_by_record

from ..library import Acceptance
from ..models import RiskAcceptance, RiskLine
from ..queries import threats as queries
from ..rules import acceptance_authority
from .common import named, tell


@transaction.atomic
def accept_risk(
    *, actor: Actor, risk: RiskLine, note: str = "", seat: str = "", given_by: str = ""
) -> RiskAcceptance:
    """Sign for what stands now: with the measures that are in place, not with those promised.

    Without ``seat`` the next leader's seat that is free. For the client's seat the leader records
    who consented (``given_by``) and how (``note``). The risk is accepted once all have signed.
    """
    require(actor, "risk.accept", risk.compartment_id)
    named(actor, "accept a risk")
    risk = queries.risks(actor).select_for_update(of=("self",)).get(pk=risk.pk)
    if risk.state == RiskLine.State.CLOSED:
        raise Refused("A closed risk needs no acceptance", where=risk.label)
    if stale_by_record(actor, "risk", [risk.pk]):
        raise Refused(
            "Something this risk rests on has changed",
            where=risk.label,
            mend="Look again and clear the stale mark, then accept it.",
        )
    row = queries.risk_row(risk)
    band = row.standing.current.band
    authority = acceptance_authority(band)
    seat = seat or next((free for free in row.missing if free != "client"), "")
    _check_seat(actor, row, authority, seat, given_by)
    if not note.strip() and (authority.reason_required or seat == "client"):
        raise Refused(f"A {band} risk is accepted in writing", "note", "Give the reason.")
    signed = RiskAcceptance.objects.create(
        key_id=risk.key_id,
        compartment_id=risk.compartment_id,
        risk=risk,
        seat=seat,
        band=band,
        signed_by=actor,
        given_by=given_by.strip() if seat == "client" else "",
        note=note.strip(),
        valid_until=now() + timedelta(hours=authority.valid_for_hours),
    )
    waiting = [name for name in row.missing if name != seat]
    if not waiting:
        risk.state = RiskLine.State.ACCEPTED
        risk.updated_at = now()
        risk.save(update_fields=["state", "updated_at"])
    text = f"Risk {risk.label} signed as {seat.replace('_', ' ')}"
    tell(risk, "risks", "signed" if waiting else "accepted", text, actor)
    return signed


def _check_seat(
    actor: Actor, row: queries.RiskRow, authority: Acceptance, seat: str, given_by: str
) -> None:
    if not seat and not row.missing:
        raise Conflict("It is accepted already", where=row.risk.label)
    if seat not in authority.signed_by:
        asked = ", ".join(name.replace("_", " ") for name in authority.signed_by)
        raise Refused("This band does not ask for that signature", seat, f"It asks for: {asked}.")
    if seat not in row.missing:
        raise Conflict("This seat has signed already", where=seat.replace("_", " "))
    if seat == "client":
        if not given_by.strip():
            raise Refused(
                "Name the person who consented for the client",
                where="given by",
                mend="The client sees no register: explain the risk, then record who agreed.",
            )
        return
    if any(s.signed_by_id == actor.pk and s.seat != "client" for s in row.signatures):
        raise Refused("Nobody signs twice", where=row.risk.label, mend="Ask the other leader.")
    holds = operations.posts(actor, row.risk.operation).filter(holder=actor).exists()
    if seat == "second_detail_leader" and holds:
        raise Refused(
            "The second leader comes from outside the operation",
            where=str(actor),
            mend="Ask a detail leader who holds no post in it.",
        )

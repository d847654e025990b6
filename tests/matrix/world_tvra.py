"""A TVRA: one version approved, the next a draft with answers, a picture and a treatment."""

from datetime import timedelta
from typing import Any

from tests.factories import picture

from varangian.kernel.clock import now
from varangian.platform.access.models import User
from varangian.threats.queries import tvra as queries
from varangian.threats.services import tvra


def tvra_records(leader: User, operation: Any, place: Any, mark: str) -> dict[str, Any]:
    """Drafted by the analyst: nobody approves their own."""
    analyst = User.objects.get(
        memberships__compartment_id=operation.compartment_id, memberships__role="analyst"
    )
    first = tvra.draft_tvra(
        actor=analyst,
        operation=operation,
        kind="event",
        place=place,
        title=f"{mark} evening",
        client_title=f"{mark} report",
        scope=f"{mark} scope",
        summary=f"{mark} summary",
        conclusion=f"{mark} conclusion",
    )
    asked = {"actor": analyst, "tvra": first, "item": "guest-list", "answer": "not_met"}
    tvra.answer_check(**asked, note=f"{mark} list", data=picture(), name=f"{mark}.png")
    lines = list(queries.lines(analyst, first).filter(label__startswith="R"))
    for line in lines:
        taken = {name: line.taken[name] for name in ("likelihood", "impact")}
        tvra.judge_line(actor=analyst, line=line, reason=f"{mark} reason", **taken)
    for line in lines[:1]:
        tvra.add_treatment(
            actor=analyst,
            line=line,
            title=f"{mark} list at the door",
            owner=leader,
            due=now() + timedelta(days=1),
            residual_likelihood=1,
            residual_impact=1,
        )
    tvra.submit_tvra(actor=analyst, tvra=first)
    tvra.approve_tvra(actor=leader, tvra=first)
    draft = tvra.next_version(actor=analyst, tvra=first)
    return {"tvra": draft.pk, "tvra_photo": queries.latest(analyst, draft)["guest-list"].pk}

"""An incident with all that belongs to it, a roll call that runs, and a watch that changed."""

from typing import Any

from varangian.operations.models import Operation
from varangian.platform.access.models import User
from varangian.protection.queries import incidents, muster
from varangian.protection.services import casualty, watch
from varangian.protection.services import incidents as services
from varangian.protection.services import muster as musters


def incident_records(
    leader: User, operation: Any, place: Any, alert: Any, mark: str
) -> dict[str, Any]:
    """As if the day were on; it goes back to a draft, as the rest of the world expects it."""
    Operation.objects.filter(pk=operation.pk).update(state="active")
    found = services.report_incident(
        actor=leader, operation=operation, kind="medical", title=f"{mark} collapse", place=place
    )
    services.take_command(actor=leader, incident=found)
    exhibit = services.add_evidence(
        actor=leader, incident=found, data=mark.encode(), name=f"{mark}.txt", note=f"{mark} note"
    )
    card = casualty.add_casualty(actor=leader, incident=found, who=f"{mark} guest")
    casualty.write_casualty(actor=leader, casualty=card, avpu="V", note=f"{mark} pale")
    member = musters.add_to_party(actor=leader, operation=operation, name=f"{mark} niece")
    roll = musters.call_muster(
        actor=leader, operation=operation, reason=f"{mark} fire", rally=f"{mark} fountain"
    )
    ((line, secret),) = musters.hang_links(actor=leader, muster=roll)
    watch.take(actor=leader, alert=alert)
    change = watch.hand_over_watch(actor=leader, words=f"{mark} words")
    Operation.objects.filter(pk=operation.pk).update(state="draft")
    return {
        "incident": found.pk,
        "incident_task": incidents.tasks(leader, found)[0].pk,
        "incident_call": incidents.notifications(leader, found)[0].pk,
        "exhibit": exhibit.pk,
        "casualty": card.pk,
        "party_member": member.pk,
        "muster": muster.muster(leader, roll.pk).pk,
        "muster_line": line.pk,
        "muster_secret": secret,
        "watch_change": change,
    }

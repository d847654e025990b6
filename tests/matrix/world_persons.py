"""Two persons of interest, with everything that a file holds; one folded, and a merge undone."""

from datetime import date
from typing import Any

from tests.factories import picture

from varangian.platform.access.models import User
from varangian.threats.services import persons


def person_records(leader: User, contract: Any, mark: str) -> dict[str, Any]:
    reviewer = User.objects.get(
        memberships__compartment_id=contract.compartment_id, memberships__role="operator"
    )
    given = {
        "actor": leader,
        "engagement": contract,
        "concern": f"{mark} came twice",
        "description": f"{mark} grey coat",
        "legal_basis": "legitimate_interests",
        "purpose": f"{mark} purpose",
        "proportionality": f"{mark} weighed",
        "reviewer": reviewer,
    }
    first = persons.refer_person(**given, name=f"{mark} letter writer")
    second = persons.refer_person(**given, name=f"{mark} grey coat")
    origin = {"actor": leader, "source": f"{mark} letter"}
    for one in (first, second):
        persons.add_fact(**origin, person=one, kind="alias", value=f"{mark} pen")
    persons.add_image(**origin, person=first, data=picture(), caption=f"{mark} at the door")
    persons.add_tie(**origin, person=first, other=second, kind="friend", words=f"{mark} seen")
    persons.add_court_order(
        **origin,
        person=first,
        kind="no_contact",
        court=f"{mark} court",
        conditions=f"{mark} stays away",
        issued_on=date(2026, 1, 1),
    )
    persons.merge_persons(actor=leader, kept=first, other=second, reason=f"{mark} one coat")
    persons.unmerge_persons(actor=leader, other=second, reason=f"{mark} two coats")
    return {"person_of_interest": first.pk}

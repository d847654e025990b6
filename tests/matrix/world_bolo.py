"""A BOLO card that is out and reviewed, with a picture, one sighting denied and one to decide."""

from typing import Any

from tests.factories import picture

from varangian.platform.access.models import User
from varangian.threats.services import bolo


def bolo_records(leader: User, operation: Any, mark: str) -> dict[str, Any]:
    """The reviewer is another: nobody reviews their own card."""
    reviewer = User.objects.get(
        memberships__compartment_id=operation.compartment_id, memberships__role="operator"
    )
    card = bolo.draw_card(
        actor=leader,
        operation=operation,
        kind="person",
        title=f"{mark} letter writer",
        why=f"{mark} came twice",
        features={"hair": f"{mark} grey"},
        drill="observe_report",
        tell=f"{mark} desk",
        legal_basis="legitimate_interests",
        purpose=f"{mark} purpose",
        proportionality=f"{mark} weighed",
        reviewer=reviewer,
    )
    shown = bolo.add_picture(actor=leader, card=card, data=picture(), caption=f"{mark} coat")
    card = bolo.issue_card(actor=leader, card=card)
    bolo.review_card(actor=reviewer, card=card, words=f"{mark} still needed")
    seen = {"actor": leader, "card": card, "operation": operation, "words": f"{mark} at the door"}
    denied = bolo.report_sighting(**seen)
    bolo.decide_sighting(actor=leader, sighting=denied, confirmed=False, reason=f"{mark} florist")
    waiting = bolo.report_sighting(**seen)
    return {"bolo": card.pk, "bolo_picture": shown.pk, "bolo_sighting": waiting.pk}

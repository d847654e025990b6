"""Ways compared, a house to be chosen, and news of a flight, of team A."""

import json
from datetime import timedelta
from typing import Any

from tests import factories

from varangian.operations.services import add_movement
from varangian.platform.access.models import User
from varangian.travel import services


def choice_records(leader: User, operation: Any, mark: str) -> dict[str, Any]:
    ends = [
        factories.place(operation, leader, name=f"{mark} {name}", position=at, kind="airport")
        for name, at in (("north field", [60.3, 24.9]), ("south field", [51.5, -0.4]))
    ]
    way = services.begin_comparison(
        actor=leader, operation=operation, origin=ends[0], destination=ends[1], party=2
    )
    services.tell_line(actor=leader, comparison=way, mode="rail", line="crowd", text=f"{mark} hall")
    house = services.begin_choice(
        actor=leader, operation=operation, kind="hotel", title=f"{mark} nights"
    )
    services.add_house(actor=leader, choice=house, name=f"{mark} inn")
    services.add_wish(actor=leader, choice=house, words=f"{mark} pool")
    return {"way": way.pk, "house": house.pk, "flight_news": _news(leader, operation, ends, mark)}


def _news(leader: User, operation: Any, ends: list[Any], mark: str) -> Any:
    starts = operation.starts or operation.created_at
    add_movement(
        actor=leader, operation=operation, kind="flight", title=f"{mark} flight", origin=ends[0],
        destination=ends[1], starts=starts, ends=starts + timedelta(hours=3),
        details={"flight_number": "ZZ9"},
    )  # fmt: skip
    row = {
        "ident_iata": "ZZ9", "scheduled_out": starts.isoformat(), "status": f"{mark} late",
        "estimated_out": (starts + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    data = json.dumps({"flights": [row]}).encode()
    found = services.read_status(actor=leader, operation=operation, data=data)
    return found["proposed"][0].pk

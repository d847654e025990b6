"""A brief that is out to the whole team, with a judgement for the desk and who has read it."""

from typing import Any

from varangian.planning import services
from varangian.platform.access.models import User


def brief_records(leader: User, operation: Any, mark: str) -> dict[str, Any]:
    brief = services.draft_brief(actor=leader, operation=operation)
    services.write_brief(
        actor=leader, brief=brief, bottom_line=f"{mark} holds.", readers="team", tlp="amber"
    )
    judged = services.add_judgement(
        actor=leader,
        brief=brief,
        text=f"{mark} stays away",
        probability="likely",
        confidence="low",
        basis=f"{mark} said so",
    )
    brief = services.issue_brief(actor=leader, brief=brief)
    services.read_brief(actor=leader, brief=brief)
    item = brief.items.filter(section="care").first()  # pyright: ignore
    return {"brief": brief.pk, "brief_item": item.pk, "brief_judgement": judged.pk}

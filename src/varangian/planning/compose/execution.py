"""Execution: the plan, the posts and the legs."""

from typing import Any

from varangian.operations.library import posts as standard_posts

from .line import Line, measure_lines, plan_lines, readers_of, write
from .material import Material, as_list


def concept(material: Material) -> list[Line]:
    """The profile stands under a plan; alone it would hide that there is none."""
    if not plan_lines(material, "concept"):
        return []
    profile = f"Profile: {material.operation.profile_level}."
    return [write("concept", "profile", profile, reason=material.about_operation)]


def tasks(material: Material) -> list[Line]:
    """Post by post: its standing duties, then what the register asks of it."""
    asked = measure_lines(material, "tasks")
    lines: list[Line] = []
    for post in material.posts:
        lines.append(_duties(post))
        lines += [line for line in asked if line.post == post.pk]
    lines += [line for line in asked if line.post is None]
    return lines + instructions(material)


def _duties(post: Any) -> Line:
    known = [
        p.duties for p in standard_posts().posts if p.role == post.role and p.title == post.title
    ]
    known += [p.duties for p in standard_posts().posts if p.role == post.role]
    holder = str(post.holder) if post.holder_id else "not filled"
    sign = f", call sign {post.call_sign}" if post.call_sign else ""
    duties = known[0] if known else "Duties by word of the team leader."
    return write(
        "tasks",
        f"post:{post.pk}",
        f"{post.title} ({holder}{sign}): {duties}",
        only=readers_of(post),
        reason=("post", post.pk),
        post=post.pk,
    )


def from_details(heading: str, *names: str) -> Any:
    """Lines of a heading that each movement carries in its details."""

    def lines(material: Material) -> list[Line]:
        return [
            write(
                heading,
                f"movement:{move.pk}:{name}:{number}",
                f"{move.title}: {text}",
                reason=("movement", move.pk),
                movement=move.pk,
            )
            for move in material.movements
            for name in names
            for number, text in enumerate(as_list(move.details.get(name)))
        ]

    return lines


instructions = from_details("tasks", "instructions")
"""What the leader said about a leg after the order was out."""
formations = from_details("formations", "formation")
routes = from_details("routes", "routes", "route")
danger_areas = from_details("danger_areas", "choke_points", "danger_areas")
vehicles = from_details("vehicles", "vehicles", "vehicle")
report_lines = from_details("report_lines", "report_lines")

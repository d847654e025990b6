"""People on duty, and duties by law."""

from dataclasses import dataclass
from math import ceil

from varangian.engines.crowdflow.standards.figures import Duty, FirstAidTable, Rules


@dataclass(frozen=True)
class Staff:
    stewards: int
    static_posts: int
    crowd_managers: int | None
    first_aiders: int | None
    first_aid_posts: int | None
    ambulances: int | None
    duty: Duty | None
    how: tuple[str, ...]


def staff(people: int, rules: Rules, *, static_posts: int = 0, high_risk: bool = False) -> Staff:
    """Static posts are filled first; the share by attendance comes on top. Staff count as people
    for the duties by law."""
    per = rules.per_steward_high_risk if high_risk else rules.per_steward
    moving = ceil(people / per.value)
    managers = None
    if rules.managers_at_least and rules.per_manager:
        managers = max(int(rules.managers_at_least.value), ceil(people / rules.per_manager.value))
    aid = first_aid(people, rules.first_aid) if rules.first_aid else (None, None, None)
    stewards = static_posts + moving
    how = [f"{static_posts} static posts + {people:,} / {per.value:g} ({per.source})"]
    if rules.first_aid:
        how.append(f"first aid: {rules.first_aid.source}, {rules.first_aid.edition}")
    duty = _duty(people + stewards, rules)
    return Staff(stewards, static_posts, managers, *aid, duty, tuple(how))


def first_aid(people: int, table: FirstAidTable) -> tuple[int, int, int]:
    """Aiders, posts, ambulances: straight between the rows, upwards; never fewer than the first
    row, and on beyond the last by its last slope."""
    rows = table.rows
    if people <= rows[0].people:
        return rows[0].aiders, rows[0].posts, rows[0].ambulances
    upper = next((k for k in range(1, len(rows)) if people <= rows[k].people), len(rows) - 1)
    a, b = rows[upper - 1], rows[upper]
    share = (people - a.people) / (b.people - a.people)
    return (
        ceil(a.aiders + share * (b.aiders - a.aiders) - 1e-9),
        ceil(a.posts + share * (b.posts - a.posts) - 1e-9),
        ceil(a.ambulances + share * (b.ambulances - a.ambulances) - 1e-9),
    )


def _duty(people: int, rules: Rules) -> Duty | None:
    reached = [duty for duty in rules.duties if people >= duty.people]
    return max(reached, key=lambda duty: duty.people) if reached else None


def martyns_law(people: int, rules: Rules) -> str:
    """The name of the duty for so many people, staff included; "" below all."""
    duty = _duty(people, rules)
    return duty.name if duty else ""

"""Figures that came with a plan, recomputed."""

from dataclasses import dataclass

from varangian.engines.crowdflow.standards.capacity import Capacities, whole
from varangian.engines.crowdflow.standards.figures import Rules
from varangian.engines.crowdflow.venue.model import Venue
from varangian.engines.crowdflow.venue.profile import Claim

SLACK = 0.01


@dataclass(frozen=True)
class Contradiction:
    what: str
    claimed: int
    computed: int
    source: str
    why: str


def contradictions(venue: Venue, ours: Capacities, rules: Rules) -> list[Contradiction]:
    """Each claim by its own inputs first, then against what the plan gives."""
    found = [c for claim in venue.claims for c in _claim(claim, ours, rules)]
    for zone in venue.of("zone"):
        held = next((h for h in ours.held if h.zone == zone.id), None)
        if held and zone.props.people and zone.props.people > held.people:
            why = f"{held.how} holds {held.people:,}"
            found.append(
                Contradiction(f"zone {zone.id}", zone.props.people, held.people, "the plan", why)
            )
    if venue.people and ours.people is not None and venue.people > ours.people:
        why = f"{ours.least} allows {ours.people:,}"
        found.append(Contradiction("expected", venue.people, ours.people, "the plan", why))
    return found


def _claim(claim: Claim, ours: Capacities, rules: Rules) -> list[Contradiction]:
    own = _by_its_own_inputs(claim, rules)
    if own is not None:
        computed, why = own
        if abs(claim.people - computed) > max(1, SLACK * computed):
            return [Contradiction(claim.what, claim.people, computed, claim.source, why)]
    plan = ours.people if claim.what == "capacity" else ours.of(claim.what)
    if plan is not None and claim.people > plan:
        why = f"the plan gives {plan:,}"
        return [Contradiction(claim.what, claim.people, plan, claim.source, why)]
    return []


def _by_its_own_inputs(claim: Claim, rules: Rules) -> tuple[int, str] | None:
    if claim.area_m2 and claim.per_m2:
        computed, really = whole(claim.area_m2 * claim.per_m2), claim.people / claim.area_m2
        return computed, (
            f"{claim.area_m2:g} m2 at {claim.per_m2:g} on a square metre are {computed:,}; "
            f"{claim.people:,} would be {really:.2f} on a square metre"
        )
    minutes = claim.minutes or getattr(rules.exits.normal_minutes, "value", None)
    if claim.exit_width_m and minutes:
        rate = claim.per_metre_minute or rules.exits.sober.level.value
        computed = whole(claim.exit_width_m * rate * minutes)
        return computed, f"{claim.exit_width_m:g} m x {rate:g} x {minutes:g} min is {computed:,}"
    return None

"""Urgency, escalation chains and the load that a person can bear. Pure."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import Entry, Keyed, LibraryFile, load_yaml, pick, unique
from varangian.platform.access.roles import roles_for

RANK = {"inform": 0, "attention": 1, "now": 2}
Urgency = Literal["inform", "attention", "now"]


def _readers(roles: tuple[str, ...]) -> tuple[str, ...]:
    may = {role.value for role in roles_for("alert.view")}
    if blind := set(roles) - may:
        raise ValueError(f"who may not see alerts cannot answer one: {', '.join(sorted(blind))}")
    return roles


class Step(Keyed):
    roles: Annotated[tuple[str, ...], AfterValidator(_readers)] = Field(min_length=1)
    channels: tuple[Literal["screen", "push", "apprise"], ...] = Field(min_length=1)
    everyone: bool = False
    wait_s: int = Field(ge=5, le=7 * 24 * 3600)
    repeat: int = Field(default=0, ge=0, le=100)


class Chain(Keyed):
    steps: Annotated[tuple[Step, ...], AfterValidator(unique)] = Field(min_length=1)
    raise_to: Urgency | None = None
    ack_timeout_s: int | None = Field(default=None, ge=30)


class Load(Entry):
    group_s: int = Field(ge=1)
    chatter_raises: int = Field(ge=1)
    chatter_s: int = Field(ge=1)
    chatter_shelf_s: int = Field(ge=60)
    flood_alerts: int = Field(ge=2)
    flood_s: int = Field(ge=60)
    flood_digest_s: int = Field(ge=10)
    steady_per_10_min: float
    manageable_per_10_min: float
    shares: dict[Urgency, int]
    shelf_most_minutes: dict[Urgency, int]
    retry_s: tuple[int, ...]


class Escalation(LibraryFile):
    chains: Annotated[tuple[Chain, ...], AfterValidator(unique)] = Field(min_length=1)
    load: Load

    def of(self, source: str, urgency: str) -> Chain:
        own = next((chain for chain in self.chains if chain.id == source), None)
        return own or pick(self.chains, urgency, "chain of escalation")


@cache
def escalation() -> Escalation:
    return load_yaml("varangian.alerts", "escalation.yaml", Escalation)


def load() -> Load:
    return escalation().load


def rises(before: str, after: str) -> bool:
    return RANK[after] > RANK[before]


def advance(
    chain: Chain, step: int, repeats: int, *, for_ever: bool
) -> tuple[Step | None, int, int]:
    """The step to take now, and where the chain stands after it. None: all were taken."""
    if step >= len(chain.steps):
        if not for_ever:
            return None, step, repeats
        return chain.steps[-1], step, repeats
    taken = chain.steps[step]
    return (taken, step, repeats + 1) if repeats < taken.repeat else (taken, step + 1, 0)


def band(per_10_min: float) -> str:
    """The words of EEMUA 191 for a rate of alarms."""
    limits = load()
    if per_10_min <= limits.steady_per_10_min:
        return "acceptable"
    return "manageable" if per_10_min <= limits.manageable_per_10_min else "over-demanding"

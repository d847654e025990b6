"""Who may do what: one table, read by pages, API, CLI and the matrix test."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to one engagement or operation."""

    DETAIL_LEADER = "detail_leader"
    OFFICER = "officer"
    DRIVER = "driver"
    ANALYST = "analyst"
    OPERATOR = "operator"
    CLIENT = "client"

    @property
    def words(self) -> str:
        return {"client": "Client or assistant"}.get(
            self.value, self.value.replace("_", " ").title()
        )


L, O, D, A, P, C = Role  # noqa: E741

EVERYONE = frozenset(Role)
TEAM = EVERYONE - {C}
DESK = frozenset({L, A, P})

ACTIONS: dict[str, frozenset[Role]] = {
    "engagement.view": DESK,
    "engagement.change": frozenset({L}),
    "member.change": frozenset({L}),
    "principal.view": EVERYONE,
    "principal.change": frozenset({L, A}),
    "principal.unmask": frozenset({L, A, P}),
    "principal.medical": frozenset({L, O, P}),
    "principal.erase": frozenset({L}),
    "privacy.change": frozenset({L, C}),
    "routine.view": DESK,
    "way.record": TEAM,
    "place.view": TEAM,
    "place.change": frozenset({L, A, P}),
    "survey.view": TEAM,
    "survey.answer": TEAM,
    "survey.settle": DESK,
    "survey.sign": frozenset({L}),
    "operation.view": EVERYONE,
    "operation.change": frozenset({L, P}),
    "movement.view": EVERYONE,
    "movement.change": frozenset({L, P}),
    "post.view": TEAM,
    "post.change": frozenset({L, P}),
    "itinerary.import": frozenset({L, A, P, C}),
    "itinerary.accept": frozenset({L, P}),
    "threat.view": DESK,
    "threat.change": frozenset({L, A}),
    "threat.approve": frozenset({L}),
    "risk.view": DESK,
    "risk.change": frozenset({L, A}),
    "risk.accept": frozenset({L}),
    "measure.view": TEAM,
    "measure.change": frozenset({L, A}),
    "order.view": EVERYONE,
    "order.change": frozenset({L, P}),
    "order.sign": frozenset({L}),
    "order.acknowledge": TEAM,
    "readiness.view": DESK,
    "readiness.decide": frozenset({L}),
    "readiness.override": frozenset({L, P}),
    "card.view": TEAM,
    "card.change": frozenset({L, P}),
    "comms.view": TEAM,
    "comms.change": frozenset({L, P}),
    "comms.words": frozenset({L, O, D, P}),
    "comms.test": frozenset({L, O, D, P}),
    "advance.view": TEAM,
    "advance.change": frozenset({L, P}),
    "exercise.view": TEAM,
    "exercise.run": frozenset({L, P}),
    "debrief.view": TEAM,
    "debrief.add": TEAM,
    "debrief.lead": frozenset({L}),
    "debrief.act": frozenset({L, P}),
    "lesson.view": TEAM,
    "lesson.send": frozenset({L}),
    "lesson.answer": DESK,
    "programme.view": DESK,
    "programme.report": frozenset({L, P}),
    "pack.view": frozenset({L, P}),
    "pack.change": frozenset({L, P}),
    "roster.view": TEAM,
    "roster.change": frozenset({L, P}),
    "roster.override": frozenset({L}),
    "signal.view": TEAM,
    "feed.import": frozenset({L, A, P}),
    "alert.view": frozenset({L, O, A, P}),
    "alert.handle": frozenset({L, O, A, P}),
    "log.view": frozenset({L, O, D, A, P}),
    "log.write": TEAM,
    "log.export": frozenset({L, P}),
    "stale.clear": frozenset({L, A, P}),
}

READING = frozenset(action for action in ACTIONS if action.endswith(".view")) | {
    "principal.unmask",
    "principal.medical",
    "comms.words",
}
"""What changes nothing: allowed from an exercise also on what stands behind it."""

LIVE_ONLY = frozenset({"roster.change", "roster.override"})
"""People and vehicles are held for real: nothing of that is tried in an exercise."""

OVERSIGHT = frozenset({L, A, P})
"""Roles on an engagement that reach down into each of its operations."""

SEEN_FROM_BELOW = frozenset(
    {"principal.view", "principal.medical", "principal.unmask", "place.view"}
    | {"survey.view", "survey.answer", "lesson.view", "routine.view"}
)
"""What a member of an operation may see of the engagement above it, and add: the advance of one
operation answers for the places that all of them share, and what one learnt the next one meets."""


def roles_for(action: str) -> frozenset[Role]:
    return ACTIONS[action]

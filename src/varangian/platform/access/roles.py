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
    "exposure.view": DESK,
    "exposure.change": frozenset({L, A}),
    "exposure.accept": frozenset({L}),
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
    "duty.view": TEAM,
    "duty.take": TEAM,
    "duress.view": TEAM,
    "duress.handle": frozenset({L, O, P}),
    "duress.end": frozenset({L, P}),
    "check.view": TEAM,
    "check.record": frozenset({L, O, P}),
    "check.change": frozenset({L, P}),
    "device.view": TEAM,
    "device.enrol": TEAM,
    "device.change": frozenset({L, P}),
    "position.view": TEAM,
    "node.view": DESK,
    "node.change": frozenset({L, P}),
    "fence.view": TEAM,
    "fence.change": frozenset({L, P}),
    "itinerary.import": frozenset({L, A, P, C}),
    "itinerary.accept": frozenset({L, P}),
    "map.view": DESK,
    "map.see": TEAM,
    "map.build": DESK,
    "dossier.view": TEAM,
    "dossier.change": frozenset({L, A, P}),
    "dossier.approve": frozenset({L}),
    "presence.view": TEAM,
    "presence.confirm": frozenset({L, O, D, P}),
    "presence.change": frozenset({L, O, P}),
    "vehicle.view": TEAM,
    "vehicle.change": frozenset({L, P}),
    "vehicle.check": frozenset({L, O, D, P}),
    "vehicle.clear": frozenset({L, P}),
    "vehicle.assign": frozenset({L, P}),
    "vehicle.release": frozenset({L}),
    "driver.change": frozenset({L, P}),
    "driver.drive": frozenset({L, O, D, P}),
    "route.view": frozenset({L, O, D, P}),
    "route.change": frozenset({L, P}),
    "route.approve": frozenset({L}),
    "route.draw": frozenset({L}),
    "route.report": frozenset({L, O, D, P}),
    "track.view": frozenset({L, O, D, P}),
    "track.change": frozenset({L, P}),
    "track.drive": frozenset({L, O, D, P}),
    "choice.view": frozenset({L, O, A, P}),
    "choice.change": frozenset({L, A, P}),
    "choice.decide": frozenset({L}),
    "camera.view": frozenset({L, O, A, P}),
    "camera.watch": frozenset({L, O, P}),
    "camera.search": frozenset({L, O, P}),
    "camera.change": frozenset({L, P}),
    "camera.oversee": frozenset({L}),
    "kept_event.view": frozenset({L, P}),
    "kept_event.keep": frozenset({L, P}),
    "kept_event.export": frozenset({L, P}),
    "kept_event.oversee": frozenset({L}),
    "walk.view": frozenset({L, O, P}),
    "walk.decide": frozenset({L, P}),
    "sensor.view": frozenset({L, O, A, P}),
    "sensor.change": frozenset({L, P}),
    "face_record.view": DESK,
    "face_record.draft": DESK,
    "face_record.sign": frozenset({L}),
    "face_record.revoke": frozenset({L, P}),
    "face_entry.view": frozenset({L, A}),
    "face_entry.change": frozenset({L, A}),
    "face_entry.review": frozenset({L, A}),
    "face_match.view": frozenset({L, P}),
    "face_match.decide": frozenset({L, P}),
    "face_match.export": frozenset({L, P}),
    "face_match.oversee": frozenset({L}),
    "clip.view": frozenset({L, O, A, P}),
    "clip.add": TEAM,
    "crowd.view": TEAM,
    "crowd.change": frozenset({L, A, P}),
    "crowd.approve": frozenset({L}),
    "crowd.count": TEAM,
    "threat.view": DESK,
    "threat.change": frozenset({L, A}),
    "threat.approve": frozenset({L}),
    "person.view": DESK,
    "person.change": frozenset({L, A}),
    "person.review": DESK,
    "person.merge": frozenset({L, A}),
    "person.export": frozenset({L}),
    "person.erase": frozenset({L}),
    "person.oversee": frozenset({L}),
    "bolo.view": TEAM,
    "bolo_file.view": DESK,
    "bolo.change": frozenset({L, A}),
    "bolo.issue": frozenset({L}),
    "bolo.recall": DESK,
    "bolo.review": DESK,
    "bolo.decide": DESK,
    "letter.view": DESK,
    "letter.add": DESK,
    "letter.change": frozenset({L, A}),
    "tvra.view": DESK,
    "tvra.change": frozenset({L, A}),
    "tvra.check": frozenset({L, O, A, P}),
    "tvra.approve": frozenset({L}),
    "risk.view": DESK,
    "risk.change": frozenset({L, A}),
    "risk.accept": frozenset({L}),
    "measure.view": TEAM,
    "measure.change": frozenset({L, A}),
    "order.view": EVERYONE,
    "order.change": frozenset({L, P}),
    "order.sign": frozenset({L}),
    "order.acknowledge": EVERYONE,
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
    "brief.view": TEAM,
    "brief.read": TEAM,
    "brief.change": DESK,
    "brief.issue": frozenset({L, A}),
    "roster.view": TEAM,
    "roster.change": frozenset({L, P}),
    "roster.override": frozenset({L}),
    "signal.view": TEAM,
    "feed.import": frozenset({L, A, P}),
    "pattern.view": frozenset({L, O, A, P}),
    "pattern.judge": DESK,
    "alert.view": frozenset({L, O, A, P}),
    "alert.handle": frozenset({L, O, A, P}),
    "log.view": frozenset({L, O, D, A, P}),
    "log.write": TEAM,
    "log.export": frozenset({L, P}),
    "stale.clear": frozenset({L, A, P}),
    "incident.view": TEAM,
    "incident.report": TEAM,
    "incident.command": frozenset({L, O, P}),
    "incident.evidence": DESK,
    "casualty.view": frozenset({L, O, D, P}),
    "casualty.write": frozenset({L, O, D, P}),
    "muster.view": TEAM,
    "muster.call": frozenset({L, O, P}),
    "muster.answer": TEAM,
    "party.change": frozenset({L, O, P}),
    "watch.view": DESK,
    "watch.keep": frozenset({L, P}),
}

READING = frozenset(action for action in ACTIONS if action.endswith(".view")) | {
    "principal.unmask",
    "principal.medical",
    "comms.words",
}
"""What changes nothing: allowed from an exercise also on what stands behind it."""

LIVE_ONLY = frozenset({"roster.change", "roster.override", "vehicle.assign"})
"""People and vehicles are held for real: nothing of that is tried in an exercise."""

OVERSIGHT = frozenset({L, A, P})
"""Roles on an engagement that reach down into each of its operations."""

SEEN_FROM_BELOW = frozenset(
    {"principal.view", "principal.medical", "principal.unmask", "place.view"}
    | {"survey.view", "survey.answer", "lesson.view", "routine.view", "bolo.view", "exposure.view"}
    | {"survey.view", "survey.answer", "lesson.view", "routine.view"}
    | {"vehicle.view", "vehicle.check", "vehicle.clear", "crowd.view"}
)
"""What a member of an operation may see of the engagement above it, and add: the advance of one
operation answers for the places that all of them share, what one learnt the next one meets, and a
card that is out for all of them reaches each."""


def roles_for(action: str) -> frozenset[Role]:
    return ACTIONS[action]

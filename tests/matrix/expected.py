"""What a member of team A may do with each operation of the API: the action that rules it."""

RESOURCES = {
    "/members": ("operation.view", "member.change"),
    "/principals/{slug}/medical": ("principal.medical", "principal.change"),
    "/principals/{slug}/unmask": ("principal.unmask", "principal.medical"),
    "/principals/{slug}/windows": ("principal.view", "privacy.change"),
    "/principals/{slug}/stored": ("privacy.change", "privacy.change"),
    "/principals/{slug}/routine": ("routine.view", "routine.view"),
    "/movements/{pk}/way": ("way.record", "way.record"),
    "/principals": ("principal.view", "principal.change"),
    "/places": ("place.view", "place.change"),
    "/places/{pk}/survey": ("place.view", "survey.answer"),
    "/places/{pk}/survey/settle": ("survey.view", "survey.settle"),
    "/places/{pk}/survey/versions": ("survey.view", "survey.sign"),
    "/operations/{slug}/places": ("place.view", "place.change"),
    "/operations/{slug}/advance": ("advance.view", "advance.change"),
    "/advance-tasks": ("advance.view", "advance.change"),
    "/advance-tasks/{pk}/still-so": ("advance.view", "survey.answer"),
    "/engagements": ("engagement.view", "engagement.change"),
    "/operations/{slug}/movements": ("movement.view", "movement.change"),
    "/movements": ("movement.view", "movement.change"),
    "/operations/{slug}/posts": ("post.view", "post.change"),
    "/posts": ("post.view", "post.change"),
    "/operations/{slug}/log/bundle": ("log.export", "log.export"),
    "/operations/{slug}/log": ("log.view", "log.write"),
    "/alerts": ("alert.view", "alert.handle"),
    "/signals": ("signal.view", "feed.import"),
    "/operations/{slug}/threats": ("threat.view", "threat.change"),
    "/threats": ("threat.view", "threat.change"),
    "/operations/{slug}/assessments": ("threat.view", "threat.change"),
    "/operations/{slug}/risks": ("risk.view", "risk.change"),
    "/risks/{pk}/accept": ("risk.view", "risk.accept"),
    "/risks": ("risk.view", "risk.change"),
    "/operations/{slug}/itineraries": ("movement.view", "itinerary.import"),
    "/itineraries": ("movement.view", "itinerary.accept"),
    "/operations/{slug}/measures": ("measure.view", "measure.change"),
    "/operations/{slug}/measures/proposal": ("risk.view", "measure.change"),
    "/operations/{slug}/measures/wishes": ("risk.view", "measure.change"),
    "/measures": ("measure.view", "measure.change"),
    "/operations/{slug}/map": ("movement.view", "movement.change"),
    "/operations/{slug}/readiness": ("readiness.view", "order.change"),
    "/operations/{slug}/readiness/{artefact}/withdraw": ("order.sign", "order.sign"),
    "/operations/{slug}/decisions": ("readiness.view", "readiness.decide"),
    "/operations/{slug}/override": ("readiness.override", "readiness.override"),
    "/operations/{slug}/go": ("readiness.view", "readiness.view"),
    "/operations/{slug}/thread": ("stale.clear", "stale.clear"),
    "/operations/{slug}/comms": ("comms.view", "comms.change"),
    "/operations/{slug}/comms/tests": ("comms.view", "comms.test"),
    "/operations/{slug}/comms/words": ("comms.words", "comms.words"),
    "/operations/{slug}/cards": ("card.view", "card.change"),
    "/operations/{slug}/rehearsals": ("card.view", "card.change"),
    "/cards": ("card.view", "card.change"),
    "/operations/{slug}/debrief": ("debrief.view", "debrief.lead"),
    "/operations/{slug}/debrief/observations": ("debrief.view", "debrief.add"),
    "/observations": ("debrief.view", "debrief.lead"),
    "/observations/{pk}/action": ("debrief.view", "debrief.act"),
    "/observations/{pk}/lessons": ("lesson.view", "lesson.send"),
    "/operations/{slug}/lessons": ("lesson.view", "lesson.send"),
    "/lessons": ("lesson.view", "lesson.answer"),
    "/engagements/{slug}/indicators": ("programme.view", "programme.view"),
    "/engagements/{slug}/report": ("programme.report", "programme.report"),
    "/operations/{slug}/packs": ("pack.view", "pack.change"),
    "/packs": ("pack.view", "pack.change"),
    "/operations/{slug}/plan": ("order.change", "order.change"),
    "/movements/{pk}/routes": ("order.change", "order.change"),
    "/orders/{pk}/verdict": ("order.change", "order.change"),
    "/orders/{pk}/approve": ("order.view", "order.sign"),
    "/orders/{pk}/acknowledgements": ("post.view", "order.acknowledge"),
    "/orders": ("order.view", "order.change"),
    "/operations/{slug}/orders": ("order.view", "order.change"),
    "/operations/{slug}/exercises": ("exercise.view", "exercise.run"),
    "/operations/{slug}/changes": ("order.change", "order.change"),
    "/changes": ("order.change", "order.change"),
    "/changes/{pk}/send": ("order.change", "order.sign"),
    "/operations": ("operation.view", "operation.change"),
}
"""Beginning of the path: (to look, to change). The longest beginning wins."""

UNRULED = {
    "POST /connectors/{name}",
    "DELETE /members/{compartment}/{email}",
    "GET /principals/{slug}/contacts",
    "GET /principals/{slug}/windows",
    "GET /orders/{pk}/lines",
    "GET /orders/{pk}/pdf",
    "GET /orders/{pk}/acknowledgements",
    "GET /exercises/{slug}",
    "POST /exercises/{slug}/begin",
    "POST /exercises/{slug}/end",
    "POST /injects/{pk}/deliver",
    "POST /deliveries/{pk}/acknowledge",
    "POST /orders/{pk}/acknowledgements",
}
"""Ruled by more than one action, by the post a person holds, or only seen from an exercise; the
feature's own tests say how."""


def action(path: str, method: str) -> str | None:
    """None: it is one of UNRULED. What is in neither table raises KeyError."""
    bare = path.removeprefix("/api/v1")
    if f"{method} {bare}" in UNRULED:
        return None
    ways = [begin for begin in RESOURCES if bare == begin or bare.startswith(f"{begin}/")]
    if not ways:
        raise KeyError(f"teach the matrix which action rules {bare} (tests/matrix/expected.py)")
    look, change = RESOURCES[max(ways, key=len)]
    return look if method == "GET" else change

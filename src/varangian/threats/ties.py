"""How threats and risks are named on the thread."""

from django.urls import reverse

from varangian.platform.thread.registry import register


def register_kinds() -> None:
    register(
        "threat",
        words="Threat",
        model="threats.ThreatSource",
        caption=lambda source: f"{source.label} {source.title}",
        url=lambda source: reverse("threats:source", args=[source.pk]),
    )
    register(
        "risk",
        words="Risk",
        model="threats.RiskLine",
        caption=lambda risk: f"{risk.label} {risk.title}",
        url=lambda risk: reverse("threats:risk", args=[risk.pk]),
    )
    register(
        "bolo",
        words="BOLO card",
        model="threats.BoloCard",
        caption=lambda card: f"{card.label} {card.title}",
        url=lambda card: reverse("threats:bolo", args=[card.pk]),
    )
    register(
        "person",
        words="Person",
        model="threats.Person",
        caption=lambda person: f"{person.label} {person.shown_name}",
        url=lambda person: reverse("threats:person", args=[person.pk]),
    )

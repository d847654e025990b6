"""Mission: what we are to achieve, and within which limits."""

from .line import Line, write
from .material import Material


def task(material: Material) -> list[Line]:
    intent = material.operation.intent.strip()
    if not intent:
        return []
    return [write("task", "intent", intent, reason=material.about_operation)]


def limits(material: Material) -> list[Line]:
    contract, about = material.operation.engagement, material.about_operation
    given = (("scope", "Scope"), ("authority", "Authority"), ("insurance", "Insurance"))
    return [
        write("limits", name, f"{words}: {getattr(contract, name)}", reason=about, tied=False)
        for name, words in given
        if getattr(contract, name)
    ]

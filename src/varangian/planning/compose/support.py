"""Service support: the medical plan and the medical card. All else comes from the plan's texts."""

from typing import Any

from varangian.kernel.geometry import haversine_km
from varangian.principals.rules import MEDICAL

from .line import Line, write
from .material import Material, joined

ALERTS = ("allergies", "medication")
CARD = ("blood_group", "conditions", "medication", "doctor", "insurer", "next_of_kin", "notes")


def medical_plan(material: Material) -> list[Line]:
    stops = [place for place in material.visited() if place.located and place.kind != "airport"]
    return [
        write(
            "medical_plan",
            f"place:{place.pk}",
            _centre(place, stops),
            reason=("place", place.pk),
            also=tuple(("place", stop.pk) for stop in stops),
        )
        for place in material.help_places("trauma_centre", "hospital")
    ]


def _centre(place: Any, stops: list[Any]) -> str:
    phone = f"Telephone {place.phone}" if place.phone else ""
    far = ""
    if place.located and stops:
        spans = [(haversine_km(tuple(place.position), tuple(s.position)), s.name) for s in stops]
        far = f"Straight line {', '.join(f'{km:.1f} km from {name}' for km, name in spans)}"
    kind = place.get_kind_display()
    return joined([f"{kind}: {place.name}", place.address, phone, place.notes, far])


def medical_alerts(material: Material) -> list[Line]:
    return _from_card("medical_alerts", ALERTS, material)


def medical_card(material: Material) -> list[Line]:
    return _from_card("medical_card", CARD, material)


def _from_card(heading: str, names: tuple[str, ...], material: Material) -> list[Line]:
    return [
        write(
            heading,
            name,
            f"{MEDICAL[name]}: {material.medical[name]}",
            reason=material.about_principal,
        )
        for name in names
        if material.medical.get(name)
    ]

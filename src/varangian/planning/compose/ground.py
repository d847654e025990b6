"""Ground: where we work."""

from typing import Any

from .line import Line, write
from .material import Material, as_list, joined


def places(material: Material) -> list[Line]:
    return [_place("places", place) for place in material.visited()]


def havens(material: Material) -> list[Line]:
    lines = [_place("havens", place) for place in material.help_places("safe_haven")]
    for move in material.movements:
        lines += [
            write(
                "havens",
                f"movement:{move.pk}:{number}",
                f"{move.title}: {text}",
                reason=("movement", move.pk),
                movement=move.pk,
            )
            for number, text in enumerate(as_list(move.details.get("havens")))
        ]
    return lines


def _place(heading: str, place: Any) -> Line:
    kind = place.get_kind_display()
    unlocated = "" if place.located else "Not on the map yet"
    phone = f"Telephone {place.phone}" if place.phone else ""
    text = joined([f"{place.name} ({kind.lower()})", place.address, phone, place.notes, unlocated])
    return write(heading, f"place:{place.pk}", text, reason=("place", place.pk))

"""A pattern in words that an officer can check."""

from varangian.kernel.words import plural

from .model import Pattern

TELLING = 0.3
"""Powers of ten: behaviour that is half as likely by chance is worth a sentence."""


def told(pattern: Pattern) -> str:
    """What was seen where, and why that is more than chance."""
    what = pattern.name if pattern.vehicle else pattern.name[:1].upper() + pattern.name[1:]
    lines = [
        f"{what}: {plural(len(pattern.sightings), 'sighting')} at "
        f"{plural(len(pattern.stops), 'place')} on {plural(pattern.days, 'day')}, up to "
        f"{pattern.span_km:.1f} km apart."
    ]
    if pattern.beside and pattern.beside[0] > pattern.beside[2]:
        hits, stays, expected = pattern.beside
        lines.append(
            f"Beside the principal {hits} of {stays} times; chance would give {expected:.1f}."
        )
    if pattern.odd and pattern.evidence.get("demeanour", 0) >= TELLING:
        hits, stays, expected = pattern.odd
        lines.append(
            f"Behaviour did not fit {hits} of {stays} times; usual would be {expected:.1f}."
        )
    lines.append(chance(pattern.by_chance))
    return " ".join(lines)


def chance(by_chance: float) -> str:
    if by_chance >= 0.1:
        return f"About {by_chance:.1f} as striking are to be expected by chance among all seen."
    return f"One as striking is to be expected by chance in {1 / by_chance:,.0f} such records."

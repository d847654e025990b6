"""One journey, every way to make it: a table of bands and words with their reasons, never a sum."""

from .cells import Seen, cell, near_ends
from .library import Mode, Modes
from .stages import legs
from .values import Column, Journey, Standing


def compare(library: Modes, journey: Journey) -> list[Column]:
    """In the order of the list; those that cannot be come last. There is no other order."""
    found = [_column(library, mode, journey) for mode in library.modes]
    return sorted(found, key=lambda one: one.standing == "no")


def _column(library: Modes, mode: Mode, journey: Journey) -> Column:
    standing, why = _possible(mode, journey)
    road_km = journey.road_km if mode.along_road else None
    parts = tuple(legs(library, mode, journey.km, road_km, near_ends(mode, journey)))
    seen = Seen(library, mode, journey, parts)
    cells = {one.id: cell(seen, one) for one in library.criteria}
    return Column(mode, standing, tuple(why), cells, parts)


def _possible(mode: Mode, journey: Journey) -> tuple[Standing, list[str]]:
    if (told := journey.told.get(mode.id, {}).get("possible")) is not None:
        return ("no" if told.words.lower().startswith("no") else "possible"), [told.signed]
    if mode.id in journey.booked:
        return "possible", [journey.booked[mode.id][0]]
    if journey.km is None:
        return "doubtful", ["An end is not on the map: the distance is not known"]
    if mode.least_km and journey.km < mode.least_km:
        return "no", [f"{journey.km:.0f} km is less than the {mode.least_km:g} km it is used for"]
    if mode.most_km and journey.km > mode.most_km:
        return "no", [f"{journey.km:.0f} km is more than the {mode.most_km:g} km it is used for"]
    doubts = []
    if mode.hub:
        ends = ("near the start", "near the end")
        pairs = zip(near_ends(mode, journey), ends, strict=True)
        doubts = [f"No {_hub_word(mode)} on record {end}" for hub, end in pairs if hub is None]
    if mode.on_water:
        doubts.append("Whether water joins the two ends is not known here")
    if mode.id == "helicopter" and journey.light == "night":
        doubts.append("It would be dark")
    return ("doubtful" if doubts else "possible"), doubts


def _hub_word(mode: Mode) -> str:
    words = {"fbo": "airport or private terminal", "helipad": "landing site"}
    return words.get(mode.hub or "", mode.hub or "")

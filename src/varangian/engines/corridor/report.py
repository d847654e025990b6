"""A contact put into times and words."""

from datetime import UTC, datetime

from varangian.engines.corridor.model import Basis, Hazard, Leg, Match
from varangian.kernel.windows import TimeWindow

RESOLUTION_KM = 0.01


def match_of(
    leg: Leg,
    hazard: Hazard,
    *,
    window: TimeWindow,
    basis: Basis,
    fractions: tuple[float, float, float],
    nearest: tuple[float, float, float],
) -> Match | None:
    """None when the windows share no time.

    ``window`` and ``basis`` are the leg's. ``fractions`` of the leg: first contact, last
    contact, share in contact. ``nearest``: kilometres, latitude, longitude.
    """
    shared = window.overlap(hazard.window)
    if shared is None:
        return None
    first, last, minutes = shared.start, shared.end, shared.minutes()
    if basis == "position" and leg.end is not None and shared.end is not None:
        begin, lasts = leg.start.timestamp(), (leg.end - leg.start).total_seconds()
        first, last = (
            min(max(datetime.fromtimestamp(begin + f * lasts, UTC), shared.start), shared.end)
            for f in fractions[:2]
        )
        minutes = fractions[2] * lasts / 60
    km, lat, lon = nearest
    km = 0.0 if km < RESOLUTION_KM else km
    return Match(
        leg_id=leg.id,
        hazard_id=hazard.id,
        distance_km=km,
        overlap=shared,
        minutes=minutes,
        first_contact=first,
        last_contact=last,
        lat=lat,
        lon=lon,
        basis=basis,
        reason=_reason(leg, hazard, basis, km),
    )


def _reason(leg: Leg, hazard: Hazard, basis: Basis, km: float) -> str:
    if not km:
        words = "inside the hazard area" if basis == "stay" else "passes through the hazard area"
    else:
        verb = "is" if basis == "stay" else "passes"
        words = f"{verb} {km:.1f} km from the hazard area, in the buffer of {leg.buffer_km:g} km"
    if basis == "corridor":
        words += "; position in time unknown, so the whole path counts"
    if leg.end is None:
        words += "; the end of the leg is unknown"
    if hazard.window.end is None:
        words += "; the end of the hazard is unknown"
    return words

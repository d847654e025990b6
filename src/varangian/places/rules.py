"""What a position may be."""

from collections.abc import Sequence

from varangian.kernel.results import Refused


def checked_position(value: Sequence[float]) -> list[float]:
    """[latitude, longitude] in degrees, WGS 84, six decimals (11 cm)."""
    try:
        latitude, longitude = (float(part) for part in value)
    except (TypeError, ValueError) as error:
        raise Refused("A position is a latitude and a longitude", where=str(value)) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused(
            "This is no place on earth",
            where=f"{latitude}, {longitude}",
            mend="Latitude is -90 to 90, longitude -180 to 180.",
        )
    return [round(latitude, 6), round(longitude, 6)]

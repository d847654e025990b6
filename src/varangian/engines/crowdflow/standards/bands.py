"""Names for densities, flows and spaces."""

from varangian.engines.crowdflow.standards.figures import Scale, standards


def density_band(per_m2: float) -> str:
    return _name(standards().density, per_m2)


def walkway_service(*, per_metre_minute: float | None = None, m2: float | None = None) -> str:
    """Level of service A to F of a walkway, by flow or by the space of a person."""
    if per_metre_minute is not None:
        return _name(standards().walkway_flow, per_metre_minute)
    return _name(standards().walkway_space, m2 or 0.0)


def queue_service(m2: float) -> str:
    return _name(standards().queue_space, m2)


def _name(scale: Scale, value: float) -> str:
    name = scale.bands[0].name
    for band in scale.bands:
        if value >= band.above:
            name = band.name
    return name

"""Where the principal will be by the plan, each place by its name: nobody has to look it up."""

from dataclasses import dataclass

from varangian.engines.crowdflow.cover.being import on_floor
from varangian.engines.crowdflow.venue.model import Item, Venue


@dataclass(frozen=True)
class Known:
    """``x`` and ``y``: on the floor of the model, which a stage is not."""

    name: str
    level: int
    x: float
    y: float


def known_places(venue: Venue) -> tuple[Known, ...]:
    """The middle of each way and stay, in the order drawn; of stages where no stay is drawn."""
    stays = venue.of("stay") or venue.of("stage")
    return tuple(_known(venue, item) for item in (*venue.of("way"), *stays))


def _known(venue: Venue, item: Item) -> Known:
    line = item.shape.geom_type == "LineString"
    at = item.shape.interpolate(0.5, normalized=True) if line else item.shape.centroid
    x, y = on_floor(venue, item.level, at.x, at.y)
    return Known(item.props.name or item.label, item.level, round(x, 1), round(y, 1))

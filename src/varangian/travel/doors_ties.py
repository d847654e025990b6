"""Doors are a part of a place: the floor below shows them beside its facts and survey."""

from varangian.places.models import Place

NO_DOORS = (Place.Kind.ROUTE, Place.Kind.CITY)


def tie() -> None:
    from varangian.places import tabs

    tabs.add(
        tabs.Tab("doors", "Doors", "door-enter", "travel:doors", lambda it: it.kind not in NO_DOORS)
    )

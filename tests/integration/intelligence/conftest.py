"""One operation with a leg through an invented storm's reach."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

HELSINKI, AIRPORT, FAR = [60.17, 24.94], [60.317, 24.963], [48.2, 16.37]


@pytest.fixture
def team(db):
    from tests import factories

    from varangian.operations.services import add_movement
    from varangian.places.services import add_place
    from varangian.platform.access.scope import SYSTEM

    leader = factories.person("Lea Leader")
    operation = factories.operation(leader, slug="helsinki")
    contract = operation.engagement
    start = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    def place(name: str, position: list[float] | None):
        return add_place(
            actor=SYSTEM,
            compartment_id=contract.compartment_id,
            key_id=contract.key_id,
            name=name,
            position=position,
        )

    hotel, airport = place("Hotel", HELSINKI), place("Airport", AIRPORT)
    drive = add_movement(
        actor=leader,
        operation=operation,
        kind="road",
        title="Airport to hotel",
        origin=airport,
        destination=hotel,
        starts=start,
        ends=start + timedelta(minutes=40),
        zone="Europe/Helsinki",
    )
    return SimpleNamespace(
        leader=leader,
        operation=operation,
        contract=contract,
        hotel=hotel,
        airport=airport,
        drive=drive,
        start=start,
        place=place,
    )

"""Vehicles of team A, one on a leg, one that is being checked, one with a find."""

from typing import Any

from tests.factories import picture

from varangian.operations.queries import movement
from varangian.platform.access.models import User
from varangian.travel import services


def fleet_records(leader: User, contract: Any, leg: Any, driver: User, mark: str) -> dict[str, Any]:
    car = _car(leader, contract, f"{mark} car", "MTX-1")
    services.note_equipment(actor=leader, vehicle=car, sort="kit", name="tow", note=mark)
    services.add_armour(
        actor=leader, vehicle=car, standard=f"{mark} standard", edition="1", number=f"{mark} 7"
    )
    services.hand_over(actor=leader, vehicle=car, state="locked", where=f"{mark} garage")
    defect = services.raise_defect(actor=leader, vehicle=car, words=f"{mark} lamp")
    set_ = services.assign_vehicle(
        actor=leader, movement=movement(leader, leg), vehicle=car, driver=driver
    )
    services.write_driver(actor=leader, person=driver, languages=[f"{mark} language"])
    check = services.begin_check(actor=driver, vehicle=car, checklist="full")
    photo = services.add_check_photo(
        actor=driver, inspection=check, item="ground", data=picture(), name=f"{mark}.png"
    )
    other = _car(leader, contract, f"{mark} van", "MTX-2")
    stopped = services.begin_check(actor=driver, vehicle=other, checklist="full")
    find = services.report_find(actor=driver, inspection=stopped, words=f"{mark} tape")
    return {
        "vehicle": car.pk,
        "defect": defect.pk,
        "allotment": set_.pk,
        "check": check.pk,
        "check_photo": photo.pk,
        "find": find.pk,
    }


def _car(leader: User, contract: Any, name: str, plate: str) -> Any:
    return services.add_vehicle(
        actor=leader,
        engagement=contract,
        name=name,
        plate=plate,
        kind="saloon",
        seats=5,
        notes=f"{name} notes",
    )

"""How vehicles and their checks look in the API and in ``--json``."""

from typing import Any

from ..fleet.standing import Line
from ..models import Custody, Defect, Find, Inspection
from ..queries.allotments import armour_words
from ..queries.fleet import Standing
from ..queries.inspections import checklist_of


def vehicle_shape(at: Standing) -> dict[str, Any]:
    car, soonest = at.vehicle, at.soonest
    return {
        "id": str(car.pk),
        "slug": car.slug,
        "name": car.name,
        "engagement": car.compartment.label,
        "kind": car.kind,
        "make_model": car.make_model,
        "seats": car.seats,
        "profile": car.profile,
        "drive": car.drive,
        "range_km": car.range_km,
        "terrain": car.terrain,
        "features": car.features,
        "odometer_km": car.odometer_km,
        "odometer_at": car.odometer_at,
        "ready": at.ready,
        "state": at.words,
        "search_due": at.due.grade,
        "custody": at.custody.state if at.custody else "unknown",
        "expires_next": line_shape(soonest) if soonest else None,
        "retired_at": car.retired_at,
    }


def vehicle_file(at: Standing) -> dict[str, Any]:
    """The whole of it, with the plate."""
    car = at.vehicle
    certificates = [row for row in car.armour.all() if row.removed_at is None]  # pyright: ignore
    return {
        **vehicle_shape(at),
        "plate": car.plate,
        "notes": car.notes,
        "armour": [
            {"id": str(r.pk), "words": armour_words(r), "ends": r.ends} for r in certificates
        ],
        "equipment": [
            {"id": str(r.pk), "sort": r.sort, "name": r.name, "ends": r.ends, "noted_at": r.at}
            for r in car.equipment.all()  # pyright: ignore
            if r.removed_at is None
        ],
        "defects": [defect_shape(row) for row in at.defects],
        "finds": [find_shape(row) for row in at.finds],
        "lines": [line_shape(line) for line in at.lines],
        "search_why": at.due.why,
    }


def line_shape(line: Line) -> dict[str, Any]:
    return {
        "what": line.key,
        "title": line.title,
        "state": line.state,
        "words": line.words,
        "ends": line.ends,
    }


def defect_shape(row: Defect) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "vehicle": str(row.vehicle_id),  # pyright: ignore
        "words": row.words,
        "blocking": row.blocking,
        "by": str(row.by or "console"),
        "at": row.at,
        "cleared_by": str(row.cleared_by) if row.cleared_by else None,
        "cleared_at": row.cleared_at,
        "cleared_words": row.cleared_words,
    }


def custody_shape(row: Custody) -> dict[str, Any]:
    return {
        "state": row.state,
        "where": row.where,
        "keeper": row.keeper,
        "starts": row.starts,
        "ends": row.ends,
        "by": str(row.by or "console"),
    }


def check_shape(row: Inspection) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "vehicle": row.vehicle.slug,
        "movement": str(row.movement_id) if row.movement_id else None,  # pyright: ignore
        "checklist": row.checklist,
        "kind": row.kind,
        "grade": row.grade,
        "state": row.state,
        "flags": row.flags,
        "faults": row.faults,
        "by": str(row.by),
        "began_at": row.began_at,
        "ended_at": row.ended_at,
        "second_by": str(row.second_by) if row.second_by else None,
        "second_at": row.second_at,
        "seals": row.seals,
        "expires_at": row.expires_at,
        "expired_at": row.expired_at,
        "expired_why": row.expired_why,
    }


def check_file(row: Inspection) -> dict[str, Any]:
    """With its steps, each with what was answered and how many pictures there are."""
    pictures = [photo.item for photo in row.photos.all()]  # pyright: ignore
    steps = [
        {
            "id": step.id,
            "zone": step.zone,
            "ask": step.ask,
            "photo": step.photo,
            "blocking": step.blocking,
            "pictures": pictures.count(step.id),
            **{
                name: row.answers.get(step.id, {}).get(name, "") for name in ("state", "note", "at")
            },
        }
        for step in checklist_of(row).items
    ]
    return {**check_shape(row), "steps": steps}


def find_shape(row: Find) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "vehicle": row.vehicle.slug,
        "item": row.item,
        "words": row.words,
        "by": str(row.by or "console"),
        "at": row.at,
        "released_by": str(row.released_by) if row.released_by else None,
        "released_at": row.released_at,
        "reason": row.reason,
    }

"""Comparisons of ways and news of flights as pages, the API and the command line say them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..models import FlightNews, ModeComparison
from ..modes.library import SIDES, modes
from ..modes.values import BASIS_WORDS, Cell, Column

STANDING_WORDS = {"possible": "can be taken", "doubtful": "not certain", "no": "not for this"}


def comparison_row(row: ModeComparison) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "movement": str(row.movement_id) if row.movement_id else None,
        "leg": f"{row.movement.serial}. {row.movement.title}" if row.movement else "",
        "origin": row.origin.name,
        "destination": row.destination.name,
        "starts": row.starts,
        "party": row.party,
        "state": row.state,
        "chosen": row.chosen,
        "chosen_title": modes().get(row.chosen).title if row.chosen else "",
        "reason": row.reason,
        "decided_by": str(row.decided_by) if row.decided_by else None,
        "decided_at": row.decided_at,
        "made_by": str(row.made_by) if row.made_by else None,
        "made_at": row.made_at,
    }


def comparison_shape(row: ModeComparison, columns: Sequence[Column]) -> dict[str, Any]:
    """A decided one is as it was then."""
    frozen = row.state == ModeComparison.State.DECIDED and row.payload
    return {**comparison_row(row), **(row.payload if frozen else table_shape(columns))}


def table_shape(columns: Sequence[Column]) -> dict[str, Any]:
    library = modes()
    return {
        "library": {"version": library.version, "reviewed": library.reviewed.isoformat()},
        "lines": [
            {
                "id": one.id,
                "side": one.side,
                "side_title": SIDES[one.side],
                "title": one.title,
                "why": one.why,
            }
            for one in library.criteria
        ],
        "ways": [column_shape(one) for one in columns],
    }


def column_shape(one: Column) -> dict[str, Any]:
    return {
        "mode": one.mode.id,
        "title": one.mode.title,
        "standing": one.standing,
        "standing_words": STANDING_WORDS[one.standing],
        "why": [*one.why],
        "cells": {key: cell_shape(cell) for key, cell in one.cells.items()},
        "stages": [
            {
                "title": leg.stage.title,
                "public": leg.stage.wait,
                "held_by": leg.stage.held_by,
                "low": round(leg.span[0]) if leg.span else None,
                "high": round(leg.span[1]) if leg.span else None,
                "words": leg.words,
            }
            for leg in one.legs
        ],
        "ask": [{"id": row.id, "ask": row.ask, "why": row.why} for row in one.mode.ask],
    }


def cell_shape(cell: Cell) -> dict[str, Any]:
    return {
        "words": cell.words,
        "basis": cell.basis,
        "basis_words": BASIS_WORDS[cell.basis],
        "low": cell.low,
        "high": cell.high,
        "reasons": [*cell.reasons],
    }


def flight_shape(row: FlightNews) -> dict[str, Any]:
    said = row.said
    return {
        "id": str(row.pk),
        "operation": row.operation.slug,
        "movement": str(row.movement_id),
        "leg": f"{row.movement.serial}. {row.movement.title}",
        "source": row.source,
        "state": row.state,
        "number": said.get("number", ""),
        "what": said.get("what", ""),
        "words": said.get("words", ""),
        "gate": said.get("gate", ""),
        "planned_out": row.movement.starts,
        "planned_in": row.movement.ends,
        "out": _time(said.get("out")),
        "into": _time(said.get("into")),
        "at": row.at,
        "decided_by": str(row.decided_by) if row.decided_by else None,
        "decided_at": row.decided_at,
    }


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

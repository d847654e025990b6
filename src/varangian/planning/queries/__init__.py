"""Reads of planning."""

from .measures import (
    effects_seen,
    measure,
    measure_numbered,
    measures,
    operation_with_measures,
    standard_taken,
)

__all__ = [
    "effects_seen",
    "measure",
    "measure_numbered",
    "measures",
    "operation_with_measures",
    "standard_taken",
]

"""Reads of threats."""

from .threats import (
    OPEN,
    RiskRow,
    assessments,
    matrix_cells,
    operation_with_register,
    overview,
    register,
    risk,
    risk_numbered,
    risk_row,
    risks,
    source,
    source_numbered,
    sources,
    taken,
)

__all__ = [
    "OPEN",
    "RiskRow",
    "assessments",
    "matrix_cells",
    "operation_with_register",
    "overview",
    "register",
    "risk",
    "risk_numbered",
    "risk_row",
    "risks",
    "source",
    "source_numbered",
    "sources",
    "taken",
]

"""Measures, orders, readiness: what planning keeps."""

from .orders import Acknowledgement, Measure, MeasureEffect, Order, OrderLine
from .readiness import Confirmation, Decision

__all__ = [
    "Acknowledgement",
    "Confirmation",
    "Decision",
    "Measure",
    "MeasureEffect",
    "Order",
    "OrderLine",
]

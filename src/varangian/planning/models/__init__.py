"""Measures, orders, readiness, cards, communications, advance: what planning keeps."""

from .advance import AdvanceTask
from .cards import Card, CardVersion, Rehearsal
from .comms import CommsPlan, CommsTest, CommsVersion
from .orders import Acknowledgement, Measure, MeasureEffect, Order, OrderLine
from .readiness import Confirmation, Decision

__all__ = [
    "Acknowledgement",
    "AdvanceTask",
    "Card",
    "CardVersion",
    "CommsPlan",
    "CommsTest",
    "CommsVersion",
    "Confirmation",
    "Decision",
    "Measure",
    "MeasureEffect",
    "Order",
    "OrderLine",
    "Rehearsal",
]

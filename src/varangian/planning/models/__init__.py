"""Measures, orders, readiness, cards, communications, advance: what planning keeps."""

from .advance import AdvanceTask
from .cards import Card, CardVersion, Rehearsal
from .changes import Change
from .comms import CommsPlan, CommsTest, CommsVersion
from .exercises import Delivery, Exercise, ExerciseReport, Inject
from .orders import Acknowledgement, Measure, MeasureEffect, Order, OrderLine
from .readiness import Confirmation, Decision

__all__ = [
    "Acknowledgement",
    "AdvanceTask",
    "Card",
    "CardVersion",
    "Change",
    "CommsPlan",
    "CommsTest",
    "CommsVersion",
    "Confirmation",
    "Decision",
    "Delivery",
    "Exercise",
    "ExerciseReport",
    "Inject",
    "Measure",
    "MeasureEffect",
    "Order",
    "OrderLine",
    "Rehearsal",
]

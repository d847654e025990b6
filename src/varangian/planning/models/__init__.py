"""The records of planning."""

from .advance import AdvanceTask
from .cards import Card, CardVersion, Rehearsal
from .changes import Change
from .comms import CommsPlan, CommsTest, CommsVersion
from .debrief import Debrief, Lesson, LessonAnswer, Observation
from .exercises import Delivery, Exercise, ExerciseReport, Inject
from .orders import Acknowledgement, Measure, MeasureEffect, Order, OrderLine
from .packs import Pack, PackDoor, PackVisit
from .readiness import Confirmation, Decision
from .ways import WayTaken
from .wishes import MeasureWishes

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
    "Debrief",
    "Decision",
    "Delivery",
    "Exercise",
    "ExerciseReport",
    "Inject",
    "Lesson",
    "LessonAnswer",
    "Measure",
    "MeasureEffect",
    "MeasureWishes",
    "Observation",
    "Order",
    "OrderLine",
    "Pack",
    "PackDoor",
    "PackVisit",
    "Rehearsal",
    "WayTaken",
]

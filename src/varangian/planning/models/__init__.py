"""The records of planning."""

from .advance import AdvanceTask
from .brief import Brief, BriefItem, BriefJudgement, BriefReading
from .cards import Card, CardVersion, Rehearsal
from .changes import Change
from .comms import CommsPlan, CommsTest, CommsVersion
from .debrief import Debrief, Lesson, LessonAnswer, Observation
from .exercises import Delivery, Exercise, ExerciseReport, Inject
from .orders import Acknowledgement, Measure, MeasureEffect, Order, OrderLine
from .packs import Pack, PackDoor, PackVisit
from .readiness import Confirmation, Decision
from .roster import (
    Absence,
    Assignment,
    CalendarLink,
    Hold,
    OfficerRecord,
    Roster,
    RosterEdition,
    RosterRun,
    Shift,
)
from .ways import WayTaken
from .wishes import MeasureWishes

__all__ = [
    "Absence",
    "Acknowledgement",
    "AdvanceTask",
    "Assignment",
    "Brief",
    "BriefItem",
    "BriefJudgement",
    "BriefReading",
    "CalendarLink",
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
    "Hold",
    "Inject",
    "Lesson",
    "LessonAnswer",
    "Measure",
    "MeasureEffect",
    "MeasureWishes",
    "Observation",
    "OfficerRecord",
    "Order",
    "OrderLine",
    "Pack",
    "PackDoor",
    "PackVisit",
    "Rehearsal",
    "Roster",
    "RosterEdition",
    "RosterRun",
    "Shift",
    "WayTaken",
]

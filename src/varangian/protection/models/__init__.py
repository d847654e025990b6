"""Tables of the running detail."""

from .casualty import Casualty, CasualtyEntry
from .checks import Check, CheckRule, CheckWatch
from .duress import Duress, DuressKey, PinPair, Press, Via
from .incidents import Command, Evidence, Incident, IncidentTask, Milestone, Notification
from .muster import Muster, MusterDoor, MusterPerson
from .nodes import Lane, Node, NodeAct, Outcome, Parcel, Uplink
from .patterns import PatternVerdict
from .phone import FieldReport, Phone, Receipt
from .watch import Handling, HandlingStep, WatchHandover

__all__ = [
    "Casualty",
    "CasualtyEntry",
    "Check",
    "CheckRule",
    "CheckWatch",
    "Command",
    "Duress",
    "DuressKey",
    "Evidence",
    "FieldReport",
    "Handling",
    "HandlingStep",
    "Incident",
    "IncidentTask",
    "Lane",
    "Milestone",
    "Muster",
    "MusterDoor",
    "MusterPerson",
    "Node",
    "NodeAct",
    "Notification",
    "Outcome",
    "Parcel",
    "PartyMember",
    "PatternVerdict",
    "Phone",
    "PinPair",
    "Press",
    "Receipt",
    "Uplink",
    "Via",
    "WatchHandover",
]

"""Tables of travel."""

from .destinations import (
    Advisory,
    AdvisoryImport,
    AdvisorySource,
    AdvisoryVersion,
    Destination,
    DossierApproval,
    DossierFact,
    DossierSnapshot,
    NumberCheck,
    Said,
    TravelHazard,
)
from .drivers import Allotment, DriverFile, FleetHold, Wheel
from .fleet import Armour, Custody, Defect, Equipment, Vehicle
from .inspections import Find, Inspection, InspectionPhoto
from .itinerary import ItineraryDraft, RefusedFile
from .maps import MapFile, RoadMap
from .modes import FlightNews, FlightSource, ModeComparison
from .movement_tracking import LegRun, TrackingPlan
from .presence import PartyPerson, PresenceFact, SafeClock
from .route_days import PlaceDoor, RouteDay, RouteWork
from .routes import RouteDraw, RoutePlan
from .stays import StayChoice
from .watchers import RouteWatcher

__all__ = [
    "Advisory",
    "AdvisoryImport",
    "AdvisorySource",
    "AdvisoryVersion",
    "Allotment",
    "Armour",
    "Custody",
    "Defect",
    "Destination",
    "DossierApproval",
    "DossierFact",
    "DossierSnapshot",
    "DriverFile",
    "Equipment",
    "Find",
    "FleetHold",
    "FlightNews",
    "FlightSource",
    "Inspection",
    "InspectionPhoto",
    "ItineraryDraft",
    "LegRun",
    "MapFile",
    "ModeComparison",
    "NumberCheck",
    "PartyPerson",
    "PlaceDoor",
    "PresenceFact",
    "RefusedFile",
    "RoadMap",
    "RouteDay",
    "RouteDraw",
    "RoutePlan",
    "RouteWatcher",
    "RouteWork",
    "SafeClock",
    "Said",
    "StayChoice",
    "TrackingPlan",
    "TravelHazard",
    "Vehicle",
    "Wheel",
]

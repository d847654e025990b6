"""Devices, what they said of where they are, and what was not believed."""

from .devices import Device
from .fences import Fence, FenceSide
from .missions import TakMission, TakMissionFile, TakSubscription
from .positions import LastPosition, Position, Refusal
from .pulse import Pulse
from .tak import Beacon, TakCertificate, TakInvitation, TakPackage, TakPresence

__all__ = [
    "Beacon",
    "Device",
    "Fence",
    "FenceSide",
    "LastPosition",
    "Position",
    "Pulse",
    "Refusal",
    "TakCertificate",
    "TakInvitation",
    "TakMission",
    "TakMissionFile",
    "TakPackage",
    "TakPresence",
    "TakSubscription",
]

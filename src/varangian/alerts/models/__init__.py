"""Alerts, and how they reach a person."""

from .alert import Alert, Annunciation, NuisanceReport
from .delivery import Delivery
from .reach import ChannelSwitch, PersonalChannel, PushIdentity, PushSubscription

__all__ = [
    "Alert",
    "Annunciation",
    "ChannelSwitch",
    "Delivery",
    "NuisanceReport",
    "PersonalChannel",
    "PushIdentity",
    "PushSubscription",
]

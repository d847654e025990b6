"""Reads of the alerts."""

from .alerts import (
    VIEWS,
    alert,
    alert_by_code,
    alerts,
    alerts_by_id,
    deliveries,
    group_of,
    handlers,
    ids_about,
    nuisance,
    of_signals,
    open_count,
    queue,
)
from .load import load
from .reach import channels, open_services, subscriptions, switches

__all__ = [
    "VIEWS",
    "alert",
    "alert_by_code",
    "alerts",
    "alerts_by_id",
    "channels",
    "deliveries",
    "group_of",
    "handlers",
    "ids_about",
    "load",
    "nuisance",
    "of_signals",
    "open_count",
    "open_services",
    "queue",
    "subscriptions",
    "switches",
]

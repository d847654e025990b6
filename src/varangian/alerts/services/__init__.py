"""The only writers of alerts."""

from .engine import escalate, expire, tick
from .handling import acknowledge, assign, close, dismiss, handle_many, report_nuisance, respond
from .raising import raise_alert, settle, supersede, supersede_unmatched
from .reach import (
    add_channel,
    public_key,
    remove_channel,
    set_switch,
    subscribe,
    try_channel,
    unsubscribe,
)
from .shelving import shelve, unshelve

__all__ = [
    "acknowledge",
    "add_channel",
    "assign",
    "close",
    "dismiss",
    "escalate",
    "expire",
    "handle_many",
    "public_key",
    "raise_alert",
    "remove_channel",
    "report_nuisance",
    "respond",
    "set_switch",
    "settle",
    "shelve",
    "subscribe",
    "supersede",
    "supersede_unmatched",
    "tick",
    "try_channel",
    "unshelve",
    "unsubscribe",
]

"""The only writers of what is public about a principal."""

from .imports import drop_import, take_import, take_in
from .items import (
    accept_exposure,
    add_exposure,
    change_exposure,
    look_again,
    note_look,
    open_exposure,
    raise_threat,
    read_exposure,
)
from .takedowns import add_takedown, change_takedown, end_takedown, tell_overdue

__all__ = [
    "accept_exposure",
    "add_exposure",
    "add_takedown",
    "change_exposure",
    "change_takedown",
    "drop_import",
    "end_takedown",
    "look_again",
    "note_look",
    "open_exposure",
    "raise_threat",
    "read_exposure",
    "take_import",
    "take_in",
    "tell_overdue",
]

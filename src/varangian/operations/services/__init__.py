"""The only writers of the spine."""

from .duties import end_duty, set_status, start_duty
from .engagements import close_engagement, open_engagement
from .exercising import copy_for_exercise, end_copy
from .movements import (
    add_movement,
    change_movement,
    place_movement,
    remove_movement,
    set_movement_state,
)
from .operations import change_operation, open_operation, set_operation_state
from .posts import add_post, assign_post, cover_movements, relieve_post, remove_post

__all__ = [
    "add_movement",
    "add_post",
    "assign_post",
    "change_movement",
    "change_operation",
    "close_engagement",
    "copy_for_exercise",
    "cover_movements",
    "end_copy",
    "end_duty",
    "open_engagement",
    "open_operation",
    "place_movement",
    "relieve_post",
    "remove_movement",
    "remove_post",
    "set_movement_state",
    "set_operation_state",
    "set_status",
    "start_duty",
]

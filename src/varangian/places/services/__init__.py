"""The only writers of places."""

from .photos import add_photo
from .places import add_place, blank_place, change_place, locate_place
from .surveys import answer_fact, answer_many, settle_fact, still_so, tell_expired
from .versions import sign_survey

__all__ = [
    "add_photo",
    "add_place",
    "answer_fact",
    "answer_many",
    "blank_place",
    "change_place",
    "locate_place",
    "settle_fact",
    "sign_survey",
    "still_so",
    "tell_expired",
]

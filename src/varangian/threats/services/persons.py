"""The only writers of persons of interest."""

from .persons_cards import draw_card_of, prefilled, tie_card
from .persons_end import erase_person
from .persons_files import (
    ask_about_ended,
    change_person,
    listed,
    looked,
    move_person,
    name_in_threat,
    refer_person,
    review_person,
    unname_in_threat,
)
from .persons_merge import merge_persons, unmerge_persons
from .persons_records import add_court_order, add_fact, add_image, add_tie, withdraw

__all__ = [
    "add_court_order",
    "add_fact",
    "add_image",
    "add_tie",
    "ask_about_ended",
    "change_person",
    "draw_card_of",
    "erase_person",
    "listed",
    "looked",
    "merge_persons",
    "move_person",
    "name_in_threat",
    "prefilled",
    "refer_person",
    "review_person",
    "tie_card",
    "unmerge_persons",
    "unname_in_threat",
    "withdraw",
]

"""The only writers of BOLO cards."""

from .bolo_cards import add_picture, change_card, draw_anew, draw_card, remove_picture
from .bolo_life import expire_cards, issue_card, looked, recall_card, review_card
from .bolo_sightings import decide_sighting, machine_sighting, report_sighting

__all__ = [
    "add_picture",
    "change_card",
    "decide_sighting",
    "draw_anew",
    "draw_card",
    "expire_cards",
    "issue_card",
    "looked",
    "machine_sighting",
    "recall_card",
    "remove_picture",
    "report_sighting",
    "review_card",
]

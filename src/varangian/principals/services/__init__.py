"""The only writers of principals, and the one way to read what is masked."""

from .contacts import add_contact, change_contact, remove_contact
from .files import (
    archive_principal,
    change_principal,
    create_principal,
    mark_reviews_due,
    set_medical,
    verify_principal,
)
from .masks import erase, looked_at, unmask
from .privacy import add_window, remove_window, set_preferences

__all__ = [
    "add_contact",
    "add_window",
    "archive_principal",
    "change_contact",
    "change_principal",
    "create_principal",
    "erase",
    "looked_at",
    "mark_reviews_due",
    "remove_contact",
    "remove_window",
    "set_medical",
    "set_preferences",
    "unmask",
    "verify_principal",
]

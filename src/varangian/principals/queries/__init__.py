"""Reads of principals."""

from .people import (
    contact,
    contacts,
    field_for,
    name_for,
    principal,
    principals,
    private_now,
    private_spans,
    roles_at,
    search,
    sections_open,
    sections_unmaskable,
    stored_about,
    stored_for,
    window,
    windows,
)

__all__ = [
    "contact",
    "contacts",
    "field_for",
    "name_for",
    "principal",
    "principals",
    "private_now",
    "private_spans",
    "roles_at",
    "search",
    "sections_open",
    "sections_unmaskable",
    "stored_about",
    "stored_for",
    "window",
    "windows",
]

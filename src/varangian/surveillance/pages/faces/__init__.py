"""Screens of the face watchlist: its record, who is looked for, and the review of candidates."""

from . import entries, records, review

paths = [*records.paths, *entries.paths, *review.paths]

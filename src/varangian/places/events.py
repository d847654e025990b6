"""News of places for the features above."""

from django.dispatch import Signal

place_changed = Signal()
"""place, fields, actor"""

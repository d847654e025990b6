"""News of places for the features above."""

from django.dispatch import Signal

place_changed = Signal()
"""place, fields, actor"""
survey_answered = Signal()
"""fact, place, actor: a fact was verified, changed, disputed or settled"""

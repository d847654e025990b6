"""News of threats and risks for the features above. Sent inside the transaction."""

from django.dispatch import Signal

risk_added = Signal()
"""risk, standard (the library's entry, or None for an own line), actor"""
bolo_confirmed = Signal()
"""sighting, card, actor: a person has confirmed a sighting against a BOLO card"""

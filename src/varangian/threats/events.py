"""News of threats and risks for the features above. Sent inside the transaction."""

from django.dispatch import Signal

risk_added = Signal()
"""risk, standard (the library's entry, or None for an own line), actor"""

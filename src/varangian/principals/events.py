"""News of principals for the features above. Sent inside the transaction."""

from django.dispatch import Signal

principal_changed = Signal()
"""principal, fields (names only, never what they hold), actor"""
principal_erased = Signal()
"""principal, actor; sent after the key is destroyed"""

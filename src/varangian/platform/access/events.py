"""News of people for the features above. Sent inside the transaction."""

from django.dispatch import Signal

person_shut_out = Signal()
"""user, actor: sessions, tokens and links are dead; what else lets them in must end too."""

"""News of crowds for the features above. Sent inside the transaction."""

from django.dispatch import Signal

stewards_posted = Signal()
"""operation, posts (each with how many people it takes), starts, ends, actor: the posts of a crowd
management plan were made. A feature above makes their shifts and answers with how many it made."""

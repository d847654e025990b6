"""News of principals for the features above. Sent inside the transaction."""

from django.dispatch import Signal

principal_changed = Signal()
"""principal, fields (names only, never what they hold), actor"""
principal_erased = Signal()
"""principal, actor; sent after the key is destroyed"""
exposure_raised = Signal()
"""item, actor: somebody says that an item of exposure is a threat. Receivers answer with the words
of what they drafted, as a list"""
takedown_overdue = Signal()
"""task: a take-down is overdue, told again each time the job finds it so"""
takedown_ended = Signal()
"""task, actor, reason: nobody needs to be asked about this task any more"""

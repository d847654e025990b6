"""News of the spine for the features above. Sent inside the transaction."""

from django.dispatch import Signal

operation_opened = Signal()
"""operation, actor"""
operation_state_asked = Signal()
"""operation, state, actor: sent before it changes; a feature above refuses by raising Refused."""
operation_state_set = Signal()
"""operation, actor"""
movement_changed = Signal()
"""movement, changes (field words), actor"""
movement_added = Signal()
"""movement, actor"""
movement_removed = Signal()
"""movement, actor"""
post_changed = Signal()
"""post, actor"""
people_counted = Signal()
"""operation_id, source, rows: what ``operations.counting`` offers has counted. A row: zone, door,
entered and left since the last word; people, None for a line; under_counted, so dense that too few
are seen"""
duty_changed = Signal()
"""duty, event (started, status, ended), actor"""

"""News of the running detail. Sent inside the transaction."""

from django.dispatch import Signal

incident_changed = Signal()
"""incident, event (reported, active, contained, command, arrived, closed ...), actor"""
muster_changed = Signal()
"""muster, event (called, answered, closed), actor"""

"""News of cameras and sensors for the features above. Sent inside the transaction."""

from django.dispatch import Signal

seen = Signal()
"""event, operation: whatever a camera or a sensor told; ``event`` is the kept record"""
plate_read = Signal()
"""operation, plate, position, at, source (its name): a number-plate reader read one. A receiver
that looks out for it answers True; a plate that nobody looks out for is not kept"""
face_confirmed = Signal()
"""match, entry, actor: a person has confirmed that a face before a camera is of the watchlist"""

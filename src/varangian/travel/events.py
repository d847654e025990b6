"""News of travel for the features above. Sent inside the transaction."""

from django.dispatch import Signal

party_changed = Signal()
"""operation, person, event (joined or left), actor"""
presence_told = Signal()
"""operation, person (None: the principal), fact, actor"""
allotment_asked = Signal()
"""movement, vehicle, driver, starts, ends, actor: sent before a vehicle is assigned; a feature
above refuses by raising Refused, for instance because the driver is on leave."""
allotted = Signal()
"""allotment, actor"""
find_reported = Signal()
"""find, actor"""
find_released = Signal()
"""find, actor"""
drill_asked = Signal()
"""operation, actor: a feature above answers with the lines of its contingency card for a suspect
item, or with nothing."""
roster_asked = Signal()
"""actor, person: what the roster above knows of them. A feature answers with facts in the shape of
an officer of the roster's file (licences, driving, medical, languages), or with nothing."""
duties_asked = Signal()
"""person_id, since, until: a feature above answers with the spans (starts, ends) of duties that
are rostered and not yet taken up. It tells when, and nothing more."""

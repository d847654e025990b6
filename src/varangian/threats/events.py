"""News of threats and risks for the features above. Sent inside the transaction."""

from django.dispatch import Signal

risk_added = Signal()
"""risk, standard (the library's entry, or None for an own line), actor"""
bolo_confirmed = Signal()
"""sighting, card, actor: a person has confirmed a sighting against a BOLO card"""
source_added = Signal()
"""source, actor"""
tvra_approved = Signal()
"""tvra, treatments (those that are no measure yet), actor; who makes measures of them answers with
their ids by the treatment's id"""
strategy_task_late = Signal()
"""task: what somebody was to do about a person of interest is past its date"""
strategy_task_ended = Signal()
"""task, actor: it was done or dropped"""

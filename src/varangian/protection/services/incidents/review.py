"""The last word about an incident."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ...models import Incident
from .ground import locked, mark, named, tell, text_of


@transaction.atomic
def review_incident(
    *, actor: Actor, incident: Incident, happened: str, well: str = "", improve: str = ""
) -> Incident:
    """Looked at again when it is over: the last word, which ends its life."""
    named(actor)
    incident = locked(actor, incident, "incident.command", ended=True)
    if incident.state != Incident.State.CLOSED:
        raise Refused("Only a closed incident is reviewed", where=incident.label)
    incident.review = {
        "happened": text_of("happened", happened, least=3),
        "well": text_of("well", well),
        "improve": text_of("improve", improve),
        "by": str(actor),
        "at": now().isoformat(),
    }
    incident.state = Incident.State.REVIEWED
    incident.save()
    tell(incident, "reviewed", f"{incident.label} reviewed by {actor}", actor)
    mark(incident, "reviewed", now())
    return incident

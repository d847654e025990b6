"""What ends by itself: records, entries, and candidates that nobody decided."""

from django.db.models import Q

from varangian.alerts.services import supersede
from varangian.kernel.clock import now
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.crypto import keys
from varangian.platform.live.services import publish
from varangian.platform.storage.parts import drop_parts
from varangian.platform.thread.services import untie

from ...models import FaceDeployment, FaceEntry, FaceMatch
from .common import TOPIC, say

KIND = SOURCE = "face_match"


def erase_match(match: FaceMatch) -> None:
    """Row, crops and key: nothing of it opens again, here or in a backup."""
    drop_parts(match.shots)
    where, pk, key = match.compartment_id, match.pk, match.key_id
    supersede(source=SOURCE, about=pk, reason="Erased")
    untie(right=(KIND, pk))
    match.delete()
    keys.destroy(key)
    publish(topic=TOPIC, record=pk, compartment_id=where)


@system_read("retention of the face watchlist")
def end_faces() -> int:
    """The tick: returns how many ended."""
    from .watchlist import end_entry

    present, ended = now(), 0
    for record in FaceDeployment.objects.filter(state="signed", valid_until__lte=present):
        record.state = FaceDeployment.State.ENDED
        record.save(update_fields=["state"])
        say(record, "ended", f"Face deployment {record.label} has ended", SYSTEM)
        ended += 1
    live = (FaceEntry.State.PROPOSED, FaceEntry.State.LISTED)
    for entry in FaceEntry.objects.filter(state__in=live, expires_at__lte=present):
        end_entry(entry, FaceEntry.State.EXPIRED, SYSTEM)
        ended += 1
    over = Q(expires_at__lte=present) | Q(entry__state__in=FaceEntry.GONE)
    for match in FaceMatch.objects.filter(over):
        erase_match(match)
        ended += 1
    return ended

"""Keep pictures of the advance: the original as it came, and a preview to look at."""

from datetime import datetime

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.storage.images import read_picture
from varangian.platform.storage.services import keep

from ..models import Place, SurveyPhoto
from ..queries.surveys import form_of
from .surveys import CLOCKS_DIFFER, asked, named


@transaction.atomic
def add_photo(
    *,
    actor: Actor,
    place: Place,
    item: str,
    data: bytes,
    name: str = "",
    caption: str = "",
    taken_at: datetime | None = None,
) -> SurveyPhoto:
    """A picture for one slot of the form; the one that was there before stays on record."""
    require(actor, "survey.answer", place.compartment_id)
    named(actor)
    form = form_of(place)
    rule = asked(form.photo, item)
    taken_at = taken_at or now()
    if taken_at > now() + CLOCKS_DIFFER:
        raise Refused("This was taken in the future", where=rule.title, mend="Correct the time.")
    picture = read_picture(data, rule.title)
    owner = {"key": place.key, "compartment_id": place.compartment_id}
    found = SurveyPhoto.objects.create(
        compartment_id=place.compartment_id,
        key_id=place.key_id,
        place=place,
        form=form.id,
        item=item,
        caption=caption.strip()[:400],
        original=keep(data=data, name=name or item, media_type=picture.media_type, **owner),
        preview=keep(data=picture.preview, name=item, media_type="image/jpeg", **owner),
        by=actor,
        taken_at=taken_at,
    )
    publish(topic="surveys", record=place.pk, compartment_id=place.compartment_id)
    return found

"""Rules of behaviour of one camera: kept as written, only when every rule can be read."""

from django.db import transaction

from varangian.engines.vision.behaviours import Fault, look_over
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from ..models import Camera
from .cameras import must_stand, tell


def faults(camera: Camera, text: str) -> list[Fault]:
    """Everything that does not fit, with rule, key and mending; for the picture as it comes now."""
    try:
        return look_over(text, _size(camera)).faults if text.strip() else []
    except Refused as refused:
        return [Fault(refused.what, refused.where, refused.mend)]


@transaction.atomic
def rule_camera(*, actor: Actor, camera: Camera, text: str) -> Camera:
    """The reader of the camera takes them up with its next beat. Empty text ends all rules."""
    must_stand(actor, camera)
    if found := faults(camera, text):
        first, more = found[0], len(found) - 1
        raise Refused(first.what + (f", and {more} more" if more else ""), first.where, first.mend)
    camera.behaviours = text if text.strip() else ""
    camera.save(update_fields=["behaviours"])
    what = "Rules of behaviour set" if camera.behaviours else "Rules of behaviour ended"
    tell(camera, "ruled", f"{what}: {camera.name}", actor)
    return camera


def _size(camera: Camera) -> tuple[int, int] | None:
    wide, _, high = camera.run.size.partition("x")  # pyright: ignore
    return (int(wide), int(high)) if wide.isdecimal() and high.isdecimal() else None

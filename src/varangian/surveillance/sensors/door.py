"""``/sense/<token>`` of the live process: a sensor tells what it noticed."""

from varangian.platform.live.posting import Posting

from ..services.sensing import hear_token
from .reading import Unreadable, read

SENSORS = Posting(
    prefix="/sense/",
    device="sensor",
    asked="what the sensor noticed",
    read=read,
    unreadable=Unreadable,
    keep=lambda digest, told: hear_token(digest=digest, told=told),
)

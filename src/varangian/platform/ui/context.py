"""What every page knows. Everything that costs a query is asked only by the frame that shows it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from varangian import __version__

from . import bar, nav


def frame(request: HttpRequest) -> dict[str, Any]:
    host = request.get_host().rsplit(":", 1)[0]
    live = settings.LIVE_ORIGIN or f"{request.scheme}://{host}:{settings.LIVE_PORT}"
    return {
        "version": __version__,
        "live_url": f"{live}/live",
        "max_upload": settings.MAX_UPLOAD_BYTES,
        "rail": cache(lambda: nav.shown(request)),
        "hands": cache(lambda: bar.hands(request)),
        "banners": cache(lambda: bar.banners(request.user)),
        "stages": cache(lambda: bar.stages(request)),
    }

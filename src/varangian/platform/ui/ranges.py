"""Parts of a file over HTTP (RFC 9110, 14): a map asks for the few tiles that it shows."""

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

NOWHERE = (1, 0)
ASKED = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def ranged(request: HttpRequest, path: Path, *, etag: str, media_type: str) -> HttpResponseBase:
    """The whole, or the one part that is asked for. Several parts at once get the whole."""
    size = path.stat().st_size
    span = _span(request, size, f'"{etag}"')
    if span == NOWHERE:
        answer: HttpResponseBase = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
    elif span is None:
        answer = FileResponse(path.open("rb"), content_type=media_type)
        answer["Content-Length"] = str(size)
    else:
        first, last = span
        with path.open("rb") as file:
            file.seek(first)
            answer = HttpResponse(file.read(last - first + 1), content_type=media_type, status=206)
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{etag}"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte; None for the whole, NOWHERE for what is not there."""
    asked = ASKED.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    if not asked[1]:
        first, last = max(size - int(asked[2]), 0), size - 1
        return (first, last) if int(asked[2]) and size else NOWHERE
    first = int(asked[1])
    last = min(int(asked[2]), size - 1) if asked[2] else size - 1
    if asked[2] and int(asked[2]) < first:
        return None
    return (first, last) if first < size else NOWHERE

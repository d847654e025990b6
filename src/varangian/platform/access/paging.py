"""Pages of at most fifty, and writes that can be repeated safely."""

from collections.abc import Callable
from functools import wraps
from hashlib import file_digest
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.platform.crypto.providers import provider

MOST = 50
CLAIM = """insert into access_replay (user_id, key, request_digest, status, body, at)
values (%s, %s, %s, 0, '', %s) on conflict do nothing returning id"""


class Paging(Schema):
    limit: int = MOST
    offset: int = 0


PageOf = Query[Paging]


def page(rows: Any, paging: Paging, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """``{items, count, next}``: ``next`` is the offset of the following page, or null."""
    if not (1 <= paging.limit <= MOST and 0 <= paging.offset < 2**31):
        raise Refused(f"limit is 1 to {MOST}, offset is 0 or more", where="query")
    count = rows.count()
    end = paging.offset + paging.limit
    items = [shape(row) for row in rows[paging.offset : end]]
    return {"items": items, "count": count, "next": end if end < count else None}


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """With an Idempotency-Key header, the second identical write answers as the first did."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        if not key:
            return view(request, *args, **kwargs)
        return _once(request, key[:120], lambda: view(request, *args, **kwargs))

    return wrapped


def _once(request: HttpRequest, key: str, call: Callable[[], Any]) -> Any:
    mark = digest([request.method, request.path, _sent(request)])
    claim = _claim(request.user.pk, key, mark)
    if claim is None:
        return _answer_again(request, key, mark)
    answer = call()
    _keep_answer(claim, mark, answer)
    return answer


def _claim(user: Any, key: str, mark: str) -> int | None:
    """The row of this key, or None when it is taken. While the same request is still being worked
    on elsewhere this waits for its end."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [user, key, mark, now()])
        row = cursor.fetchone()
    return row[0] if row else None


def _answer_again(request: HttpRequest, key: str, mark: str) -> HttpResponse:
    from .models import Replay

    known = Replay.objects.filter(user=request.user, key=key).first()
    if known is None:
        raise Conflict("The same request has only now been forgotten; send it again", where=key)
    if known.request_digest != mark:
        raise Refused("This idempotency key was used for another request", where=key)
    body = provider().unwrap(bytes(known.body), mark.encode())
    return HttpResponse(body, status=known.status, content_type="application/json")


def _keep_answer(claim: int, mark: str, answer: Any) -> None:
    from .models import Replay

    status, body = _frozen(answer)
    sealed = provider().wrap(body, mark.encode())
    Replay.objects.filter(pk=claim).update(status=status, body=sealed)


def _sent(request: HttpRequest) -> Any:
    """The body, or the fields and files of an upload, whose body was read while it arrived."""
    if request.content_type != "multipart/form-data":
        return request.body.hex()
    files = [(name, file.name, _hash_of(file)) for name, file in sorted(request.FILES.items())]
    return [sorted(request.POST.lists()), files]


def _hash_of(file: Any) -> str:
    found = file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def _frozen(answer: Any) -> tuple[int, bytes]:
    from ninja.renderers import JSONRenderer

    status, body = answer if isinstance(answer, tuple) else (200, answer)
    if body is None:
        return status, b""
    return status, JSONRenderer().render(HttpRequest(), body, response_status=status).encode()


def forget_answers() -> None:
    """Answers are sealed with the key of the house, which an erased subject's texts must not be."""
    from .models import Replay

    Replay.objects.all().delete()

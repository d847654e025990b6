"""The thread of an operation over the API."""

from django.http import HttpRequest
from ninja import Router

from varangian.operations import queries as operations

from ..queries.thread import drawn, thread_shape

router = Router(tags=["thread"])


@router.get("/operations/{slug}/thread")
def show_thread(request: HttpRequest, slug: str, stale: bool = False):
    """Records, ties, what is stale and why, and circular dependencies in words."""
    operation = operations.operation(request.user, slug)
    return thread_shape(drawn(request.user, operation, only_stale=stale))

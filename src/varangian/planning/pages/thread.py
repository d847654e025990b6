"""The thread of an operation: a picture, and the same as lists."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from varangian.operations import queries as operations
from varangian.operations import tabs

from ..queries.thread import drawn


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    context = {
        "operation": operation,
        "drawn": drawn(request.user, operation, only_stale=_only_stale(request)),
        "tabs": tabs.of_operation(request.user, operation, "thread"),
    }
    return render(request, "planning/thread.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    found = drawn(request.user, operation, only_stale=_only_stale(request))
    return render(request, "planning/_thread.html", {"operation": operation, "drawn": found})


def _only_stale(request: HttpRequest) -> bool:
    return request.GET.get("show") == "stale"


paths = [
    path("<slug:slug>/thread/", show, name="thread"),
    path("<slug:slug>/thread/part/", part, name="thread_part"),
]

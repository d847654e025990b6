"""Saved views: a person's own filters of a list, above the list."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused

from .models import SavedView

MOST = 12
NEVER_KEPT = ("page", "format", "q", "text")
"""Words that somebody looked for may name a person; views are not sealed."""


def shown(request: HttpRequest) -> dict[str, Any]:
    """The views of this list, which of them is open, and whether this filter can be kept."""
    here = kept_part(request.GET)
    mine = list(SavedView.objects.filter(user=request.user, page=request.path))
    return {
        "rows": [{"view": view, "here": view.query == here} for view in mine],
        "query": here,
        "new": bool(here) and all(view.query != here for view in mine),
    }


def kept_part(query: QueryDict) -> str:
    """The filter in one spelling: choices only, no page number and no empty fields."""
    pairs = [(k, v) for k, values in query.lists() for v in values if v and k not in NEVER_KEPT]
    found = QueryDict(mutable=True)
    for name, value in sorted(pairs):
        found.appendlist(name, value)
    return found.urlencode()


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    page, name = _page(request), request.POST.get("name", "").strip()
    query = kept_part(QueryDict(request.POST.get("query", "")))
    if not (0 < len(name) <= 60 and 0 < len(query) <= 600):
        mend = "Filter the list, then name the view."
        raise Refused("A view needs a name and a filter", where="name", mend=mend)
    mine = SavedView.objects.filter(user=request.user, page=page)
    if mine.exclude(name=name).count() >= MOST:
        raise Refused(f"A list keeps {MOST} views", where=name, mend="Drop one first.")
    mine.update_or_create(user=request.user, page=page, name=name, defaults={"query": query})
    return redirect(f"{page}?{query}")


@login_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    page = _page(request)
    name = request.POST.get("name", "")
    SavedView.objects.filter(user=request.user, page=page, name=name).delete()
    return redirect(page)


def _page(request: HttpRequest) -> str:
    """A path of ours: nobody is sent elsewhere by a form."""
    page = request.POST.get("page", "")
    try:
        resolve(page)
    except Resolver404 as error:
        raise Refused("There is no such list", where="page") from error
    return page

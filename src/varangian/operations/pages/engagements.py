"""Engagements on screen."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.principals import queries as principal_queries

from .. import queries, services
from ..forms import EngagementForm
from ..models import Engagement


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.engagements(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "operations/engagements.html", {"page": page})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = EngagementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = services.open_engagement(actor=request.user, **form.cleaned_data)
        return redirect("operations:engagement", slug=opened.slug)
    return render(request, "operations/engagement_new.html", {"form": form})


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = queries.engagement(request.user, slug)
    place = engagement.compartment_id
    context = {
        "engagement": engagement,
        "operations": queries.operations(request.user).filter(engagement=engagement)[:50],
        "principals": principal_queries.principals(request.user).filter(compartment_id=place),
        "may_change": may(request.user, "engagement.change", place)
        and engagement.state != Engagement.State.CLOSED,
    }
    return render(request, "operations/engagement.html", context)


@reauthenticated
def close(request: HttpRequest, slug: str) -> HttpResponse:
    engagement = queries.engagement(request.user, slug)
    require(request.user, "engagement.change", engagement.compartment_id)
    if request.method == "POST":
        services.close_engagement(actor=request.user, engagement=engagement)
        messages.success(request, "The engagement is closed.")
        return redirect("operations:engagement", slug=slug)
    running = queries.operations(request.user).filter(engagement=engagement)
    context = {
        "engagement": engagement,
        "running": running.exclude(state__in=["closed", "cancelled"])[:50],
    }
    return render(request, "operations/engagement_close.html", context)

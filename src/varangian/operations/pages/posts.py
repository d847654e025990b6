"""Posts of the detail on screen."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.queries import members
from varangian.platform.access.scope import may
from varangian.platform.thread.queries import neighbours

from .. import queries, services
from ..forms import PostForm
from .operations import tabs


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    people = members(request.user, operation.compartment_id)
    form = PostForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        services.add_post(actor=request.user, operation=operation, **form.fields_of())
        return redirect("operations:posts", slug=slug)
    context = {
        "operation": operation,
        "posts": queries.posts(request.user, operation),
        "members": people,
        "form": form,
        "may_change": may(request.user, "post.change", operation.compartment_id),
        "tabs": tabs(request, operation, "posts"),
    }
    return render(request, "operations/posts.html", context)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = queries.post(request.user, pk)
    people = members(request.user, post.compartment_id)
    if request.method == "POST":
        wanted = request.POST.get("holder", "")
        chosen = {str(m.user_id): m.user for m in people}.get(wanted)
        if wanted and chosen is None:
            raise Refused("This person is not a member of the operation", where=post.title)
        services.assign_post(actor=request.user, post=post, holder=chosen)
        legs = set(request.POST.getlist("movements"))
        rows = queries.movements(request.user, post.operation)
        covered = [row for row in rows if str(row.pk) in legs]
        services.cover_movements(actor=request.user, post=post, movements=covered)
        return redirect("operations:posts", slug=post.operation.slug)
    context = {
        "post": post,
        "operation": post.operation,
        "members": people,
        "movements": queries.movements(request.user, post.operation),
        "covered": {cover.movement_id for cover in post.covers.all()},
        "thread": neighbours(request.user, "post", pk),
        "may_change": may(request.user, "post.change", post.compartment_id),
    }
    return render(request, "operations/post.html", context)


@login_required
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = queries.post(request.user, pk)
    services.remove_post(actor=request.user, post=post)
    return redirect("operations:posts", slug=post.operation.slug)

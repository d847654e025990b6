"""The page deed of the thread: a named person has looked again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused

from .services import clear


@require_POST
@login_required
def clear_mark(request: HttpRequest) -> HttpResponse:
    note = request.POST.get("note", "").strip()[:400]
    if not note:
        raise Refused("Say what you found", where="note", mend="One sentence is enough.")
    try:
        record = UUID(request.POST.get("record", ""))
    except ValueError as error:
        raise Refused("This is not the identifier of a record", where="record") from error
    clear(actor=request.user, kind=request.POST.get("kind", ""), record=record, note=note)
    messages.info(request, "Marked as looked at again, with your note.")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if safe else "/")


urlpatterns = [
    path("thread/", include(([path("clear", clear_mark, name="clear")], "thread"))),
]

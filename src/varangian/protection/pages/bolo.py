"""BOLO cards of the running detail: the panel of the Board, and pictures for phones."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from varangian.platform.storage.services import read
from varangian.threats.queries import bolo as queries
from varangian.threats.services import bolo as services

ON_THE_BOARD = 6
HOUR = 3600
"""The panel renews itself all day: that a person has a card before them is noted once an hour."""


@login_required
def board(request: HttpRequest) -> HttpResponse:
    rows = queries.out(request.user)
    shown = list(rows[:ON_THE_BOARD])
    for card in shown:
        if caches["near"].add(f"bolo on the board:{request.user.pk}:{card.pk}", 1, HOUR):
            services.looked(actor=request.user, card=card, how="shown on the Board")
    context = {"bolos": shown, "bolo_count": rows.count()}
    return render(request, "protection/_bolo.html", context)


@login_required
def carried(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The small picture of a card that is out, taken along by a phone; the taking is on record."""
    found = queries.picture(request.user, pk)
    services.looked(actor=request.user, card=found.card, how="picture taken along on a phone")
    answer = HttpResponse(read(found.small), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


urlpatterns = [path("board/bolo/", board, name="board_bolo")]

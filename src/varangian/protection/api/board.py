"""The Board over the API."""

from django.http import HttpRequest
from ninja import Router

from ..queries import board
from ..shapes.board import board_shape

router = Router(tags=["board"])


@router.get("/board")
def show_board(request: HttpRequest):
    return board_shape(request.user)


@router.get("/board/map")
def show_map(request: HttpRequest):
    return board.map_features(request.user)

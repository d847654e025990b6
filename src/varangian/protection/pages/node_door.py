"""``/node/``: the door of the hub for its nodes. The token is the whole authority; no session and
no cookie is read. Every act is committed by itself before it is answered for."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.context import acting, as_house, release
from varangian.platform.ui.errors import problem

from ..models import Node
from ..queries.node_copy import copy_for
from ..services import node_taking, nodes
from ..services.node_positions import keep_positions
from ..shapes.acts import time_of

MOST_BYTES = 40 * 1024 * 1024
MOST_ACTS = 100
View = Callable[[HttpRequest, Node], HttpResponse]


def door(method: str) -> Callable[[View], Any]:
    """A view for a node that proved itself; refusals are problem documents."""

    def keep(view: View) -> Any:
        @csrf_exempt
        def answer(request: HttpRequest) -> HttpResponse:
            try:
                node = _node(request)
                if request.method != method:
                    return problem(405, f"This is asked with {method}")
                return view(request, node)
            except Refused as error:
                return problem(error.status, error.what, error.where, error.mend)
            except Error:
                return problem(503, "The database is away", mend="Send the same again.")
            finally:
                release()

        return answer

    return keep


def _node(request: HttpRequest) -> Node:
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    with as_house(purpose="a node speaks"):
        return nodes.node_of(secret)


@door("POST")
def acts(request: HttpRequest, node: Node) -> HttpResponse:
    """Acts in their order; without any it is the pulse of the node."""
    given = _read(request)
    rows = given.get("acts", [])
    if not isinstance(rows, list) or len(rows) > MOST_ACTS:
        raise Refused(f"A list of at most {MOST_ACTS} acts is expected", where="acts")
    ahead = _ahead(given)
    answers = []
    for sent in [_sent(row, ahead) for row in rows]:
        answers.append(node_taking.take(node=node, sent=sent))
        if answers[-1]["state"] == "kept":
            break
    with as_house(purpose="a node speaks"):
        nodes.heard(node=node, waiting=_count(given), ahead_s=ahead.total_seconds())
    return JsonResponse({"acts": answers, "now": now()})


@door("POST")
def positions(request: HttpRequest, node: Node) -> HttpResponse:
    given = _read(request)
    rows = given.get("fixes")
    if not isinstance(rows, list):
        raise Refused("A list of positions is expected", where="fixes")
    with acting(node.made_by, purpose=f"positions of node {node.label}"):
        kept = keep_positions(node=node, rows=rows, ahead=_ahead(given))
    return JsonResponse({"kept": kept, "now": now()})


@door("GET")
def copy(request: HttpRequest, node: Node) -> HttpResponse:
    with acting(node.made_by, purpose=f"copy for node {node.label}"):
        found = copy_for(node)
        if found["digest"] == request.GET.get("have"):
            return JsonResponse({"same": True})
        nodes.note_copied(node=node)
    return JsonResponse(found)


def _read(request: HttpRequest) -> dict[str, Any]:
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused("This is more than a node sends at once", mend="Send fewer acts.")
    try:
        found = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused("This is not JSON", where="body") from error
    if not isinstance(found, dict):
        raise Refused("An object is expected", where="body")
    return found


def _ahead(given: dict[str, Any]) -> timedelta:
    """How far the clock of the node is ahead of ours, by what it says as it sends."""
    return time_of(given["sent_at"], "sent_at") - now() if given.get("sent_at") else timedelta(0)


def _count(given: dict[str, Any]) -> int:
    waiting = given.get("waiting")
    return min(waiting, 2**31 - 1) if isinstance(waiting, int) else 0


def _sent(row: Any, ahead: timedelta) -> node_taking.Sent:
    try:
        return node_taking.Sent(
            key=UUID(str(row["key"])),
            number=int(row["number"]),
            kind=str(row["kind"])[:30],
            at=node_taking.on_our_clock(time_of(row["at"], "at"), ahead),
            person=UUID(row["person"]) if row.get("person") else None,
            body=dict(row.get("body") or {}),
            files={str(name): str(data) for name, data in (row.get("files") or {}).items()},
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused("An act of a node cannot be read", where=str(error)[:80]) from error


paths = [
    path("node/acts", acts, name="acts"),
    path("node/positions", positions, name="positions"),
    path("node/copy", copy, name="copy"),
]

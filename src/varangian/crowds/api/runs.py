"""Crowd runs and the principal's way out over the API."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from varangian.engines.crowdflow.principal import advise, rope_line
from varangian.platform.access.paging import PageOf, idempotent, page

from .. import services
from ..filming import film_shape
from ..queries import venues as queries
from ..shapes.plain import json_plain
from ..shapes.venues import run_row

router = Router()


class RunIn(Schema):
    people: int = 500
    version: int | None = None
    runs: int = 30
    seed: int = 1
    blocked: list[str] = []
    surge_gate: str = ""
    surge_people: int = 0
    incident: list[float] = []


@router.get("/venues/{uuid:pk}/runs")
def list_crowd_runs(request: HttpRequest, pk: UUID, paging: PageOf):
    found = queries.runs(request.user, queries.plan(request.user, pk))
    return page(found, paging, lambda run: run_row(run, whole=False))


@router.post("/venues/{uuid:pk}/runs", response={202: dict})
@idempotent
def ask_crowd_run(request: HttpRequest, pk: UUID, given: RunIn):
    """Answers with the run; ask for it until it is done."""
    wish = given.model_dump()
    version = queries.version(request.user, queries.plan(request.user, pk), wish.pop("version"))
    run = services.ask_run(actor=request.user, version=version, **wish)
    return 202, run_row(services.run_later(run))


@router.get("/crowd-runs/{uuid:pk}")
def show_crowd_run(request: HttpRequest, pk: UUID):
    return run_row(queries.run(request.user, pk))


@router.get("/crowd-runs/{uuid:pk}/film")
def show_crowd_film(request: HttpRequest, pk: UUID):
    """Densities moment by moment, a byte a cell in base64, rows from south to north."""
    maps = queries.film_of(queries.run(request.user, pk))
    return film_shape(maps)


@router.post("/crowd-runs/{uuid:pk}/stop")
@idempotent
def stop_crowd_run(request: HttpRequest, pk: UUID):
    run = queries.run(request.user, pk)
    return run_row(services.stop_run(actor=request.user, row=run), whole=False)


@router.get("/crowd-runs/{uuid:pk}/way-out")
def show_way_out(
    request: HttpRequest, pk: UUID, x: float = 0, y: float = 0, level: int = 0, leave: float = 0
):
    """Go now, hold, other vehicle, safe room: each with what it costs. The leader decides."""
    run = queries.run(request.user, pk)
    found = advise(queries.way_maps_of(run), level=level, at=(x, y), leave=leave)
    return json_plain(asdict(found))


@router.get("/rope-line")
def plan_rope_line(
    request: HttpRequest,  # noqa: ARG001
    length: float = 20,
    people: int = 60,
    stand_off: float = 0.6,
):
    return asdict(rope_line(length, people, stand_off=stand_off))

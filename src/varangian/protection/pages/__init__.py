"""Screens of the running detail."""

from django.urls import include, path

from . import (
    board,
    bolo,
    casualty,
    checks,
    duress,
    incident_deeds,
    incidents,
    muster,
    node_door,
    nodes,
    on_duty,
    own_duress,
    patterns,
    phone,
    watch,
)

duress_paths = [*duress.paths, *own_duress.paths, *checks.paths]
incident_paths = [
    *casualty.paths,
    *incident_deeds.paths,
    *incidents.paths,
    *muster.paths,
    *watch.paths,
]
urlpatterns = [
    *board.urlpatterns,
    *bolo.urlpatterns,
    *on_duty.urlpatterns,
    *patterns.urlpatterns,
    *phone.urlpatterns,
    path("", include((duress_paths, "duress"))),
    path("", include(([*nodes.paths, *node_door.paths], "nodes"))),
    path("", include((incident_paths, "incidents"))),
]

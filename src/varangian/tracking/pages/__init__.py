"""Screens of tracking."""

from django.urls import include, path

from . import devices, fences, maps, tak

paths = [
    path("positions.json", maps.everybody, name="positions"),
    path("of/<slug:slug>/", devices.index, name="devices"),
    path("of/<slug:slug>/rows/", devices.rows, name="device_rows"),
    path("of/<slug:slug>/map.json", maps.of_operation, name="map"),
    path("of/<slug:slug>/positions.json", maps.positions_of, name="positions_of"),
    path("of/<slug:slug>/fences/", fences.index, name="fences"),
    path("of/<slug:slug>/fences/new/", fences.add, name="fence_add"),
    path("devices/<uuid:pk>/", devices.show, name="device"),
    path("devices/<uuid:pk>/state/", devices.state, name="device_state"),
    path("devices/<uuid:pk>/trail.json", maps.trail, name="trail"),
    path("devices/<uuid:pk>/change/", devices.change, name="device_change"),
    path("devices/<uuid:pk>/token/", devices.renew, name="device_token"),
    path("devices/<uuid:pk>/track/", devices.track, name="device_track"),
    path("devices/<uuid:pk>/revoke/", devices.revoke, name="device_revoke"),
    path("fences/<uuid:pk>/", fences.show, name="fence"),
    path("fences/<uuid:pk>/remove/", fences.remove, name="fence_remove"),
]
urlpatterns = [path("tracking/", include((paths, "tracking"))), *tak.urlpatterns]

"""Screens of the alerts."""

from django.urls import include, path

from . import alerts, load, reach

urlpatterns = [
    path(
        "alerts/",
        include(
            (
                [
                    path("", alerts.index, name="list"),
                    path("part/", alerts.part, name="part"),
                    path("queue/", alerts.queue, name="queue"),
                    path("many/", alerts.many, name="many"),
                    path("load/", load.index, name="load"),
                    path("reach/", reach.index, name="reach"),
                    path("reach/add/", reach.add, name="add_channel"),
                    path("reach/<uuid:pk>/remove/", reach.remove, name="remove_channel"),
                    path("reach/<uuid:pk>/try/", reach.attempt, name="try_channel"),
                    path("push/", reach.subscribe, name="push"),
                    path("push/key/", reach.key, name="push_key"),
                    path("push/<uuid:pk>/remove/", reach.unsubscribe, name="remove_push"),
                    path("channels/", reach.channels, name="channels"),
                    path("channels/<slug:service>/", reach.switch, name="switch"),
                    path("worker.js", reach.worker, name="worker"),
                    path("code/<slug:code>/", alerts.by_code, name="code"),
                    path("<uuid:pk>/", alerts.show, name="show"),
                    path("<uuid:pk>/acknowledge/", alerts.acknowledge, name="acknowledge"),
                    path("<uuid:pk>/respond/", alerts.respond, name="respond"),
                    path("<uuid:pk>/assign/", alerts.assign, name="assign"),
                    path("<uuid:pk>/shelve/", alerts.shelve, name="shelve"),
                    path("<uuid:pk>/unshelve/", alerts.unshelve, name="unshelve"),
                    path("<uuid:pk>/nuisance/", alerts.nuisance, name="nuisance"),
                    path("<uuid:pk>/dismiss/", alerts.dismiss, name="dismiss"),
                    path("<uuid:pk>/close/", alerts.close, name="close"),
                ],
                "alerts",
            )
        ),
    ),
]

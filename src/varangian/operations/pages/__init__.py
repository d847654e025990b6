"""Screens of the spine."""

from django.urls import include, path

from . import engagements, movements, operations, posts

urlpatterns = [
    path(
        "operations/",
        include(
            (
                [
                    path("", operations.index, name="list"),
                    path("new/", operations.new, name="new"),
                    path("engagements/", engagements.index, name="engagements"),
                    path("engagements/new/", engagements.new, name="engagement_new"),
                    path("engagements/<slug:slug>/", engagements.show, name="engagement"),
                    path("engagements/<slug:slug>/close/", engagements.close, name="close"),
                    path("movements/<uuid:pk>/", movements.show, name="movement"),
                    path("movements/<uuid:pk>/state/", movements.state, name="movement_state"),
                    path("movements/<uuid:pk>/remove/", movements.remove, name="movement_remove"),
                    path("posts/<uuid:pk>/", posts.show, name="post"),
                    path("posts/<uuid:pk>/remove/", posts.remove, name="post_remove"),
                    path("<slug:slug>/", operations.show, name="show"),
                    path("<slug:slug>/edit/", operations.edit, name="edit"),
                    path("<slug:slug>/state/", operations.state, name="state"),
                    path("<slug:slug>/legs/", operations.legs, name="legs"),
                    path("<slug:slug>/map.json", operations.map_data, name="map"),
                    path("<slug:slug>/timeline.json", operations.timeline_data, name="timeline"),
                    path("<slug:slug>/movements/new/", movements.new, name="movement_new"),
                    path("<slug:slug>/posts/", posts.index, name="posts"),
                ],
                "operations",
            )
        ),
    ),
]

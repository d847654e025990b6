from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "varangian.operations"
    label = "operations"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register
        from varangian.platform.ui import bar, find
        from varangian.principals.events import principal_changed, principal_erased

        from . import frame, principals, tabs

        principal_changed.connect(principals.on_changed, dispatch_uid="operations.changed")
        principal_erased.connect(principals.on_erased, dispatch_uid="operations.erased")

        register(
            "operation",
            words="Operation",
            model="operations.Operation",
            caption=lambda row: row.title,
            url=lambda row: reverse("operations:show", args=[row.slug]),
        )
        register(
            "movement",
            words="Leg",
            model="operations.Movement",
            caption=lambda row: f"{row.serial}. {row.title}",
            url=lambda row: reverse("operations:movement", args=[row.pk]),
        )
        register(
            "post",
            words="Post",
            model="operations.Post",
            caption=lambda row: row.title,
            url=lambda row: reverse("operations:post", args=[row.pk]),
        )
        tabs.add(
            "posts",
            "Posts",
            icon="users-group",
            url_name="operations:posts",
            action="post.view",
            rank=50,
        )
        bar.hand(frame.operations_in_hand)
        find.register("operation", words="Operations", icon="radar", search=frame.find_operations)

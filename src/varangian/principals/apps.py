from django.apps import AppConfig


class PrincipalsConfig(AppConfig):
    name = "varangian.principals"
    label = "principals"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register
        from varangian.platform.ui import find

        from .finder import search, search_exposure

        register(
            "principal",
            words="Principal",
            model="principals.Principal",
            caption=lambda principal: principal.code_name,
            url=lambda principal: reverse("principals:show", args=[principal.slug]),
        )
        register(
            "exposure",
            words="Exposure",
            model="principals.Exposure",
            caption=lambda item: f"{item.label} {item.get_kind_display()}",
            url=lambda item: reverse(
                "principals:exposure_item", args=[item.principal.slug, item.pk]
            ),
        )
        register(
            "takedown",
            words="Take-down",
            model="principals.TakeDown",
            caption=lambda task: f"Take-down of {task.item.label}",
            url=lambda task: reverse(
                "principals:exposure_item", args=[task.principal.slug, task.item_id]
            ),
        )
        find.register("principal", words="Principals", icon="crown", search=search)
        find.register("exposure", words="Exposure", icon="world", search=search_exposure)

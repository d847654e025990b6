from django.apps import AppConfig


class PrincipalsConfig(AppConfig):
    name = "varangian.principals"
    label = "principals"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register
        from varangian.platform.ui import find

        from .finder import search

        register(
            "principal",
            words="Principal",
            model="principals.Principal",
            caption=lambda principal: principal.code_name,
            url=lambda principal: reverse("principals:show", args=[principal.slug]),
        )
        find.register("principal", words="Principals", icon="crown", search=search)

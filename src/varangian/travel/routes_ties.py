"""What route plans tell the floors below: the thread, and the tab of an operation."""


def tie() -> None:
    from django.urls import reverse

    from varangian.operations import tabs
    from varangian.platform.thread.registry import register

    register(
        "route_plan",
        words="Routes",
        model="travel.RoutePlan",
        caption=lambda row: f"Routes, version {row.version}",
        url=lambda row: reverse("travel:route_plan", args=[row.pk]),
    )
    tabs.add(
        "routes",
        "Routes",
        icon="route",
        url_name="travel:routes",
        action="route.view",
        rank=12,
    )

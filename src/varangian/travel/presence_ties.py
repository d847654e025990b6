"""What presence brings to the house when it loads."""


def tie() -> None:
    from varangian.operations import tabs
    from varangian.platform.jobs import ticks

    from .services.presence import watch_clocks

    tabs.add(
        "presence",
        "Who is where",
        icon="map-pin",
        url_name="travel:presence",
        action="presence.view",
        rank=15,
    )
    ticks.every(30, "watch the clocks of parties", watch_clocks)

"""What choices of ways and houses tell the floors below: the thread, and a tab."""


def tie() -> None:
    from django.urls import reverse

    from varangian.operations import tabs
    from varangian.platform.thread.registry import register

    register(
        "mode_comparison",
        words="Ways compared",
        model="travel.ModeComparison",
        caption=lambda row: f"{row.origin.name} to {row.destination.name}",
        url=lambda row: reverse("travel:way", args=[row.pk]),
    )
    register(
        "stay_choice",
        words="Choice of a house",
        model="travel.StayChoice",
        caption=lambda row: row.title,
        url=lambda row: reverse("travel:house", args=[row.pk]),
    )
    tabs.add(
        "choices",
        "Choices",
        icon="adjustments",
        url_name="travel:choices",
        action="choice.view",
        rank=13,
    )

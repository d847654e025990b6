"""Contractor packs on the thread and as a tab; an operation that ends closes its packs."""

from django.urls import reverse

from varangian.operations import tabs
from varangian.operations.events import operation_state_set
from varangian.platform.thread import registry

from .services.packs import shut_with


def register_all() -> None:
    registry.register(
        "pack",
        words="Contractor pack",
        model="planning.Pack",
        caption=lambda row: f"{row.label}: {row.recipient}",
        url=lambda row: reverse("planning:pack", args=[row.pk]),
    )
    tabs.add(
        "packs",
        "Contractors",
        icon="link",
        url_name="planning:packs",
        action="pack.view",
        rank=46,
    )
    operation_state_set.connect(shut_with, dispatch_uid="packs end with their operation")

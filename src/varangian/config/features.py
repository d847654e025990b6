"""The parts that each feature may bring, found by their usual names."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings

FLOORS = (
    "platform.access",
    "platform.audit",
    "platform.crypto",
    "platform.database",
    "platform.processes",
    "platform.storage",
    "platform.thread",
    "platform.ui",
    "vision",
)


def modules(name: str) -> list[ModuleType]:
    """The module ``name`` of every floor and feature that has one, lowest first."""
    from .settings import FEATURES

    assert settings.configured
    paths = [f"varangian.{feature}" for feature in (*FLOORS, *FEATURES)]
    return [import_module(f"{path}.{name}") for path in paths if find_spec(f"{path}.{name}")]

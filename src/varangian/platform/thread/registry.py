"""How each kind of record on the thread is named, read and shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps


@dataclass(frozen=True)
class Kind:
    name: str
    words: str
    model: str
    caption: Callable[[Any], str]
    url: Callable[[Any], str]


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    words: str,
    model: str,
    caption: Callable[[Any], str],
    url: Callable[[Any], str],
) -> None:
    """Features call this once, when they are loaded."""
    _kinds[name] = Kind(name, words, model, caption, url)


def kind(name: str) -> Kind:
    return _kinds[name]


def kinds() -> dict[str, Kind]:
    return _kinds


def records(actor: Any, name: str, ids: list[UUID]) -> dict[UUID, Any]:
    """The records of one kind that this person may see."""
    model: Any = apps.get_model(_kinds[name].model)
    return {row.pk: row for row in model.objects.visible_to(actor).filter(pk__in=ids)}


def of_operation(actor: Any, name: str, operation: UUID) -> Any:
    """Those of one kind that belong to an operation, as far as this person may see them."""
    model: Any = apps.get_model(_kinds[name].model)
    return model.objects.visible_to(actor).filter(operation_id=operation)

"""Events that were kept as evidence, over the API and at the console: never where files lie."""

from typing import Any

from ..models import KeptEvent, KeptUse


def kept_shape(kept: KeptEvent) -> dict[str, Any]:
    return {
        "id": kept.pk,
        "label": kept.label,
        "operation": kept.operation.slug,
        "event": kept.event,
        "source": kept.source_name,
        "words": kept.told["words"],
        "at": kept.told["at"],
        "reason": kept.reason,
        "reference": kept.reference,
        "digest": kept.digest,
        "files": [{n: v for n, v in one.items() if n != "parts"} for one in kept.files],
        "kept_by": str(kept.kept_by),
        "kept_at": kept.kept_at,
        "ends_at": kept.ends_at,
    }


def kept_use_shape(use: KeptUse) -> dict[str, Any]:
    return {
        "id": use.pk,
        "kept": use.kept,
        "label": use.label,
        "what": use.kind,
        "person": str(use.person),
        "purpose": use.purpose,
        "sha256": use.sha256,
        "at": use.at,
    }

"""Values as JSON has them."""

from math import isfinite
from typing import Any


def json_plain(value: Any) -> Any:
    """JSON knows neither infinity nor NaN: a time that never came is null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: json_plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [json_plain(one) for one in value]
    return value

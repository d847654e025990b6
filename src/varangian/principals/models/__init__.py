"""Tables of principals."""

from .exposure import (
    Exposure,
    ExposureChange,
    ExposureImport,
    ExposureLook,
    TakeDown,
)
from .people import Contact, Principal, PrivacyWindow

__all__ = [
    "Contact",
    "Exposure",
    "ExposureChange",
    "ExposureImport",
    "ExposureLook",
    "Principal",
    "PrivacyWindow",
    "TakeDown",
]

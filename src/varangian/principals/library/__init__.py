"""Libraries of principals: what can be public, what it is worth to whom, and what helps."""

from .exposure import ExposureLibrary, exposure

__all__ = ["ExposureLibrary", "exposure"]

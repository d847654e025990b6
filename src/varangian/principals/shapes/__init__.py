"""How a principal and what is public about them look in every channel."""

from .people import Opened, contact_shape, row_shape, shape, window_shape

__all__ = ["Opened", "contact_shape", "row_shape", "shape", "window_shape"]

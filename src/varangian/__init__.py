"""Varangian: the operations platform of a close-protection team."""

__version__ = "0.1.0"

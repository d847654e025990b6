"""Jobs live in the same database and the same transaction as the records they serve."""

from procrastinate.contrib.django import app

__all__ = ["app"]

"""The fixtures of the matrix; other folders import them where they need the world."""

from .fixtures import _django_db_helper, house, settled

__all__ = ["_django_db_helper", "house", "settled"]

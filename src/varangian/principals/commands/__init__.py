"""Commands of principals."""

from . import exposure, people

groups = {**people.groups, **exposure.groups}

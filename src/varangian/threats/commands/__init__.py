"""Commands of threats."""

from . import bolo, threats

groups = {**threats.groups, **bolo.groups}

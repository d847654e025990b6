"""Commands of threats."""

from . import bolo, communications, threats

groups = {**threats.groups, **bolo.groups, **communications.groups}

"""The live process: one LISTEN connection, one event stream for every open screen."""

from varangian.platform.live.app import application
from varangian.platform.ui.logs import configure

configure("live")

__all__ = ["application"]

"""``varangian device|fence|gateway|tak ...``"""

from . import devices, fences, gateway, tak

groups = {**devices.groups, **fences.groups, **gateway.groups, **tak.groups}

"""What a change of plan does, before anybody sends it: pure, from records to what it touches."""

from .apply import Plan, apply, said
from .legs import Leg, Wish
from .touch import Scene, Touch, touches

__all__ = ["Leg", "Plan", "Scene", "Touch", "Wish", "apply", "said", "touches"]

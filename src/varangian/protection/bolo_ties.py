"""BOLO cards in the running detail: on phones, and what a confirmed sighting sets going."""

from typing import Any

from varangian.surveillance.events import face_confirmed, plate_read
from varangian.threats.events import bolo_confirmed

from .queries import phone_bolo
from .services import bolo_acts, faces, nearness, plates


def on_confirmed(sighting: Any, card: Any, actor: Any, **_: Any) -> None:
    """Told in minutes on foot from the principal, where the place is known."""
    if sighting.position:
        nearness.report_near(
            actor=actor,
            operation=sighting.operation,
            what=f"{card.label}, confirmed",
            position=sighting.position,
            confirmed=True,
            weighed=False,
        )


def tie() -> None:
    assert phone_bolo and bolo_acts
    bolo_confirmed.connect(on_confirmed, dispatch_uid="protection.bolo")
    plate_read.connect(plates.on_plate, dispatch_uid="protection.plates")
    face_confirmed.connect(faces.on_face, dispatch_uid="protection.faces")

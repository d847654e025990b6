"""A watchlist in force on one camera, with a network that is only pretended."""

import base64
from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from tests.factories import picture

from varangian.engines.vision.catalogue import models
from varangian.kernel.clock import now
from varangian.platform.access.scope import SYSTEM
from varangian.surveillance.models import FaceDeployment, FaceEntry
from varangian.surveillance.services.cameras import add_camera
from varangian.surveillance.services.faces import describing, matching, records, watchlist
from varangian.surveillance.services.placing import Grip

RNG = np.random.default_rng(9)
LAW = {
    "purpose": "To notice the letter writer at the gate",
    "legal_basis": "Order of the district of an invented town",
    "necessity": "Guards cannot know the face by heart",
    "dpia": "DPIA-7 of 1 November 2026, by Ida Invented",
    "places": "The north gate",
    "signage": "Signs at both ends of the street",
}
PAPER = b"%PDF-1.7\n% an invented assessment\ntrailer\n%%EOF\n"
ENTRY = {
    "title": "Letter writer",
    "purpose": "To notice him before he reaches the door",
    "legal_basis": "Order of the district of an invented town",
    "proportionality": "Two days, one gate",
    "drill": "Observe and report",
}


def template(seed: int = 1) -> str:
    values = np.random.default_rng(seed).normal(0, 0.1, 128).astype("<f4")
    return base64.b64encode(values.tobytes()).decode()


def described(seed: int = 1) -> describing.Described:
    known = models()["dlib-resnet"]
    quality = {"width": 120.0, "sharpness": 300.0, "yaw": 0.0, "roll": 0.0}
    return describing.Described(template(seed), known.name, known.sha256, quality)


def pretend(monkeypatch: Any, seed: int = 1) -> None:
    monkeypatch.setattr(describing, "describe", lambda data, name="": described(seed))


def gate(scene: Any, name: str = "Gate") -> Any:
    return add_camera(
        actor=SYSTEM, owner=scene, name=name, source="rtsp://camera.example/gate",
        purpose="The gate", legal_basis="Consent of the owner", position=[60.17, 24.94],
    )  # fmt: skip


def drawn(who: Any, scene: Any, *cameras: Any, **given: Any) -> FaceDeployment:
    said = {**LAW, "valid_until": now() + timedelta(days=2), "deletion_days": 2}
    said |= {"assessment": PAPER, "assessment_name": "dpia-7.pdf", **given}
    return records.draw_record(actor=who, operation=scene, cameras=list(cameras), **said)


def proposed(who: Any, scene: Any, reviewer: Any, **given: Any) -> FaceEntry:
    said = {**ENTRY, "reference": "File 77/26", "expires_at": now() + timedelta(days=3), **given}
    return watchlist.propose_entry(actor=who, operation=scene, reviewer=reviewer, **said)


def listed(who: Any, scene: Any, reviewer: Any, **given: Any) -> FaceEntry:
    entry = proposed(who, scene, reviewer, **given)
    watchlist.add_picture(actor=who, entry=entry, data=picture((80, 80)), name="a.png")
    return watchlist.accept_entry(actor=reviewer, entry=entry)


def grip(camera: Any) -> Grip:
    from varangian.surveillance.services import placing

    held = Grip(camera.pk, 1, 0)
    placing.claim(grip=held, owner="w")
    return held


def crop(colour: str = "navy") -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 60), colour).save(out, "JPEG")
    return out.getvalue()


def said(entry: Any, **given: Any) -> tuple[dict[str, Any], bytes]:
    """What the reader of a camera sends for a candidate of three shots."""
    crops = [crop("navy"), crop("teal"), crop("gray")]
    head = {
        "say": "match",
        "entry": str(entry.pk),
        "similarity": 0.71,
        "agreeing": 3,
        "seconds": 1.2,
        "quality": {"width": 60.0, "sharpness": 200.0, "yaw": 0.1, "roll": 2.0},
        "sizes": [len(one) for one in crops],
        "vectors": [template(11), template(12), template(13)],
        **given,
    }
    return head, b"".join(crops)


def candidate(camera: Any, entry: Any, **given: Any) -> Any:
    head, body = said(entry, **given)
    return matching.keep_match(grip=grip(camera), head=head, body=body)

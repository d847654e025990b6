"""``python -m varangian.surveillance.streams.describe``: one photo on standard input, one line of
JSON out: its template, or in words why there is none."""

import base64
import json
import os
import sys
from typing import Any

from varangian.kernel.results import Refused

from .child import limits


def described(data: bytes, finder: Any, embedder: Any) -> dict[str, Any]:
    """Too small, blurred or turned away is refused: a poor template finds the wrong people."""
    from varangian.engines.vision.faces import pictures
    from varangian.engines.vision.faces.quality import quality

    image = pictures.read(data)
    face = pictures.only_face(image, finder)
    judged = quality(image, face)
    if faults := judged.faults(embedder.limits):
        raise Refused(
            "This face cannot be compared: " + "; ".join(faults),
            mend="Use a sharp photo from the front, with the face large in it.",
        )
    vector = embedder.embed(image, face)
    values = base64.b64encode(vector.values.astype("<f4").tobytes()).decode()
    return {
        "template": values,
        "model": vector.model,
        "sha256": vector.sha256,
        "quality": judged.plain(),
    }


def main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak in our place
    data = sys.stdin.buffer.read()
    limits()
    try:
        from varangian.engines.vision.faces.centerface import CenterFace
        from varangian.engines.vision.faces.dlib_resnet import DlibResNet

        told = described(data, CenterFace(), DlibResNet())
    except Refused as refused:
        told = {"what": refused.what, "where": refused.where, "mend": refused.mend}
    except MemoryError:
        told = {"what": "The picture is too large", "where": "", "mend": "Make it smaller."}
    out.write(json.dumps(told).encode())
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""Small invented videos: a grey yard, and a box that walks through it."""

from pathlib import Path

RATE = 15


def clip(
    path: Path,
    *,
    seconds: float,
    codec: str = "libx264",
    moving: bool = True,
    still_until: float = 0,
    moving_until: float = 1e9,
    size: tuple[int, int] = (640, 360),
) -> Path:
    import av
    import numpy as np

    width, height = size
    with av.open(str(path), "w") as made:
        stream = made.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "libx264":
            stream.options = {"g": str(RATE), "preset": "veryfast"}
        for number in range(round(seconds * RATE)):
            image = np.full((height, width, 3), 60, np.uint8)
            image[: height // 9] = 150
            if moving and still_until <= number / RATE < moving_until:
                x = (number * 9) % (width - 80)
                image[height // 3 : height * 2 // 3, x : x + 60] = (40, 160, 220)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            for packet in stream.encode(frame):
                made.mux(packet)
        for packet in stream.encode(None):
            made.mux(packet)
    return path

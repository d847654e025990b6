"""Small videos made on the spot: a dark block that walks over a light floor."""

from fractions import Fraction
from pathlib import Path

import numpy as np

WIDTH, HEIGHT = 320, 192


def picture(step: int, *, empty: bool = False) -> np.ndarray:
    """H x W x 3 RGB; the block is 40 x 80 and goes 6 pixels a step."""
    image = np.full((HEIGHT, WIDTH, 3), 180, np.uint8)
    image[::16, :, :] = 150
    if not empty:
        x = 10 + 6 * step % (WIDTH - 60)
        image[60:140, x : x + 40] = (30, 40, 90)
    return image


def write(
    path: Path,
    frames: int = 50,
    *,
    rate: int = 25,
    stamps: list[int] | None = None,
    quiet: range = range(0),
) -> Path:
    """``stamps``: time stamps in 1/25 s instead of the regular ones; ``quiet``: empty steps."""
    import av

    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, rate)
        stream.codec_context.max_b_frames = 0
        stream.codec_context.gop_size = 10
        for step in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(step, empty=step in quiet), format="rgb24")
            frame.pts, frame.time_base = step, Fraction(1, rate)
            for packet in stream.encode(frame):
                out.mux(_stamped(packet, step, stamps))
        for packet in stream.encode():
            out.mux(packet)
    return path


def _stamped(packet, step: int, stamps: list[int] | None):
    if stamps is not None:
        packet.pts = packet.dts = stamps[step]
    return packet

"""The list of parts that a player asks for again and again (HLS, RFC 8216). Pure."""

from collections.abc import Sequence
from math import ceil


def playlist(parts: Sequence[tuple[int, float, str]]) -> str:
    """``parts``: number, seconds and address, oldest first, all of one run of the stream."""
    longest = max(1, *(ceil(seconds) for _, seconds, _ in parts), 1)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{longest}",
        f"#EXT-X-MEDIA-SEQUENCE:{parts[0][0]}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    for _, seconds, address in parts:
        lines += [f"#EXTINF:{seconds:.3f},", address]
    return "\n".join(lines) + "\n"

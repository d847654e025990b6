"""Open a stream that nobody trusts: known protocols and containers alone, and words of ours for
what goes wrong, since what the library says holds the address."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from varangian.engines.vision.libraries import library

av = library("av")
faults = av.error

PROTOCOLS = {
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsp,rtp,udp,tcp,tls,srtp,rtsps",
    "http": "http,tcp",
    "https": "https,http,tls,tcp",
    "file": "file",
}
FORMATS = (
    "rtsp,sdp,rtp,mpegts,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,avi,h264,hevc,mjpeg,mpjpeg,"
    "jpeg_pipe,image2,image2pipe"
)
"""No playlists: they name other addresses, and a hostile one names ours."""
OPEN_S, READ_S = 8.0, 8.0
MOST_PIXELS = 3840 * 2160


class Unplayable(Exception):
    """With a reason in words of ours."""


def open_stream(source: str, files: str) -> Any:
    scheme = urlsplit(source).scheme
    options = {"protocol_whitelist": PROTOCOLS[scheme], "format_whitelist": FORMATS}
    if scheme.startswith("rtsp"):
        options |= {"rtsp_transport": "tcp", "max_delay": "500000"}
    where = file_of(source, files) if scheme == "file" else source
    try:
        found = av.open(where, options=options, timeout=(OPEN_S, READ_S))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise Unplayable(why(error)) from None
    video = next(iter(found.streams.video), None)
    if video is None:
        found.close()
        raise Unplayable("The stream has no picture")
    if video.width * video.height > MOST_PIXELS:
        found.close()
        raise Unplayable("The picture is larger than 3840 x 2160")
    video.thread_type, video.thread_count = "SLICE", 1
    return found


def file_of(source: str, files: str) -> str:
    """A file of the folder that the house opened for this, and nothing beside it."""
    folder = Path(files).resolve()
    path = (folder / unquote(urlsplit(source).path).lstrip("/")).resolve()
    if not files or not path.is_relative_to(folder) or not path.is_file():
        raise Unplayable("There is no such file in the folder of camera files")
    return str(path)


def why(error: Exception) -> str:
    """The reason without a word of what the library says."""
    known = (
        (getattr(faults, "HTTPUnauthorizedError", ()), "The camera refused user or password"),
        (getattr(faults, "HTTPForbiddenError", ()), "The camera refused user or password"),
        (getattr(faults, "HTTPNotFoundError", ()), "The camera knows no such stream"),
        (getattr(faults, "ConnectionRefusedError", ()), "Nobody listens at this address"),
        (getattr(faults, "TimeoutError", ()), "The camera did not answer in time"),
        (getattr(faults, "ExitError", ()), "The camera did not answer in time"),
        (getattr(faults, "InvalidDataError", ()), "What it sends is no picture that can be read"),
        (getattr(faults, "EOFError", ()), "The stream ended"),
    )
    return next((words for kind, words in known if kind and isinstance(error, kind)), "No picture")

"""What may be opened, and how it is named where people and logs can see it."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from varangian.kernel.results import Refused

LIVE = ("rtsp", "rtsps", "http", "https")
# FFmpeg would follow a playlist of a stranger to files of this machine; only these may be named.
REMOTE = "rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https,httpproxy,crypto"


def is_live(address: str) -> bool:
    """Whether it is a camera's address rather than a file. Raises Refused for anything else."""
    scheme, found, _ = address.partition("://")
    if not found:
        if not Path(address).is_file():
            raise Refused("There is no such file", where=address, mend="Check the path.")
        return False
    if scheme.lower() not in LIVE:
        raise Refused(
            f"Pictures are not taken from {scheme}://",
            where=shown(address),
            mend=f"Use a file or one of {', '.join(f'{s}://' for s in LIVE)}.",
        )
    return True


def shown(address: str) -> str:
    """The address without name, password and query: fit for a log."""
    if "://" not in address:
        return address
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return address.partition("://")[0] + "://…"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def options(live: bool) -> dict[str, str]:
    """FFmpeg's options: few protocols, TCP for RTSP, no long probing, damaged frames dropped."""
    if not live:
        return {"protocol_whitelist": "file", "fflags": "+discardcorrupt"}
    return {
        "protocol_whitelist": REMOTE,
        "rtsp_transport": "tcp",
        "fflags": "+discardcorrupt+nobuffer",
        "probesize": "1000000",
        "analyzeduration": "2000000",
        "allowed_media_types": "video",
    }

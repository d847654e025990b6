"""The whole content security policy, on one page."""

from typing import Any


def policy(*, live_port: int, live_origin: str) -> dict[str, Any]:
    """Only our own origin; the live stream is the same host on another port."""
    live = (
        [live_origin]
        if live_origin
        else [
            f"http://127.0.0.1:{live_port}",
            f"http://localhost:{live_port}",
        ]
    )
    return {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *live],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }

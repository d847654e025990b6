"""Headers that Django does not set by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

DENIED = "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()"


class PermissionsPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = DENIED
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

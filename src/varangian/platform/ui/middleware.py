"""Headers that Django does not set by itself."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from .errors import problem

DENIED = "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()"
SPOKEN_TO = "/m/"
"""The phone of the detail records a voice note when its holder presses the button."""


class PermissionsPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        voice = request.path == SPOKEN_TO
        policy = DENIED.replace("microphone=()", "microphone=(self)") if voice else DENIED
        response.headers["Permissions-Policy"] = policy
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ApiWords:
    """What Django itself refuses under /api/ is refused as the API refuses: a problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        status = response.status_code
        if status < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/"):
            return response
        if "json" in response.headers.get("Content-Type", ""):
            return response
        answer = problem(status, HTTPStatus(status).phrase)
        for name, value in response.headers.items():
            if name != "Content-Length":
                answer.headers.setdefault(name, value)
        answer.cookies = response.cookies
        return answer

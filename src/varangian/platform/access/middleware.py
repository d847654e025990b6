"""One request is one transaction, bound to the person who makes it."""

from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import caches
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse

from varangian.kernel.chain import digest
from varangian.kernel.ids import new_id
from varangian.kernel.results import Refused
from varangian.platform.ui.errors import database_away, misfit, refusal

from .context import act_as, release
from .stage import SESSION

Handler = Callable[[HttpRequest], HttpResponse]
ALONE = ("/static/", "/healthz", "/duress/", "/node/")
"""Nothing of a session is needed here, or these open transactions of their own."""
SECRETS = ("/enter/", "/pack/", "/calendar/", "/m/wipe/")
"""What follows in these addresses is a key: no purpose and no log keeps it."""


class Nobody:
    pk = None
    name = "anonymous"
    is_system = False
    is_active = False
    is_authenticated = False


class Sightings(UserSessionsMiddleware):
    """Notes where a session was last seen, at most once a minute: each note is a commit."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent, address = request.headers.get("User-Agent", ""), request.META.get("REMOTE_ADDR")
        sight = digest([request.session.session_key, agent, address])
        if caches["near"].add(f"seen:{sight}", True, timeout=60):
            return super().__call__(request)
        return self.get_response(request)


class Unit:
    """Opens the transaction, names the actor, rolls back on any failure."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALONE):
            return self.get_response(request)
        try:
            with transaction.atomic():
                return self._inside(request)
        except OperationalError:
            return database_away(request)
        finally:
            release()

    def _inside(self, request: HttpRequest) -> HttpResponse:
        user = request.user if request.user.is_authenticated else Nobody()
        path = next((p for p in SECRETS if request.path.startswith(p)), request.path)
        purpose = request.headers.get("X-Purpose", "") or f"{request.method} {path}"
        entered = bool(request.session.get(SESSION)) and user.is_authenticated
        act_as(user, purpose=purpose, request=str(new_id()), exercise=entered)
        response = self.get_response(request)
        if response.status_code >= (400 if request.path.startswith("/api/") else 500):
            transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Refusals become a page or a fragment in plain words, and nothing half done is kept."""
        refused = error if isinstance(error, Refused) else misfit(error)
        if refused is None:
            return None
        transaction.set_rollback(True)
        return refusal(request, refused)

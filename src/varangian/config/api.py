"""The API: the same services as the pages, for tokens and for the house's own scripts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from varangian import __version__
from varangian.kernel.results import Refused
from varangian.platform.access.tokens import Bearer, SessionKey
from varangian.platform.ui.errors import problem

from .features import modules

api = NinjaAPI(
    title="Varangian",
    version=__version__,
    auth=[Bearer(), SessionKey()],
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(error.status, error.what, error.where, error.mend)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "Sign in, or send a token", mend="Authorization: Bearer vt_…")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(422, "The request does not fit the schema", "; ".join(_faults(error.errors)))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "There is no such record, or it is not yours to see")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, error.message)


def _faults(errors: list[dict[str, Any]]) -> list[str]:
    return [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in errors]


for module in modules("api"):
    api.add_router("", module.router)

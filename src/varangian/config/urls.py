"""Addresses: each feature brings its own ``pages.urlpatterns`` and ``api.router``."""

from django.urls import include, path, re_path

from varangian.platform.ui import pages

from .api import api
from .features import modules
from .health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", pages.no_such_path),
    path("api/v1/", api.urls),
    re_path(r"^api(/.*)?$", pages.no_such_path),
    path("account/", include("allauth.urls")),
    *[url for module in modules("pages") for url in module.urlpatterns],
]
handler400 = "varangian.platform.ui.pages.unreadable"
handler403 = "varangian.platform.ui.pages.forbidden"
handler404 = "varangian.platform.ui.pages.missing"
handler500 = "varangian.platform.ui.pages.broken"

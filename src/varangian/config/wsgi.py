"""Pages and API for granian's WSGI threads."""

from django.core.wsgi import get_wsgi_application

from varangian.platform.ui.logs import configure

configure("web")
application = get_wsgi_application()

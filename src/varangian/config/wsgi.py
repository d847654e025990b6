"""Pages and API for granian's WSGI threads."""

import gc

from django.core.wsgi import get_wsgi_application

from varangian.platform.ui.logs import configure

configure("web")
application = get_wsgi_application()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

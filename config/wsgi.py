"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
gc.disable()  # until everything is loaded (``config.apps``)

application = get_wsgi_application()
# Before the first request, so that nobody who hands in waits for Celery to be loaded.
import_string("config.celery.app")

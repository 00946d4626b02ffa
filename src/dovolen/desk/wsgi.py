"""What the web server runs."""

import os
import threading
import time

from django.core.wsgi import get_wsgi_application


def _leave_with(parent: int) -> None:
    """A server process whose parent was killed would hold the port for ever."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
application = get_wsgi_application()
if os.environ.get("DOVOLEN_TREE") == str(os.getppid()):
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()

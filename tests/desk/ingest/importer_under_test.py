"""The importer with small batches and a short lease; killed so many seconds after it took an import. Run as a module.

It kills itself, as a power cut would: on a busy machine a killer outside often comes when all is done.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
django.setup()

from dovolen.desk.ingest.work import loading, running, staging, undoing  # noqa: E402

BATCH = 20
LEASE = timedelta(seconds=0.5)


def main() -> None:
    """Work until its parent is gone."""
    staging.BATCH = loading.BATCH = BATCH
    undoing.BATCH = BATCH
    loading.BREATH = undoing.BREATH = 0.03
    running.LEASE = loading.LEASE = undoing.LEASE = LEASE
    work = running._do

    def killed(*given: Any) -> None:
        """The work, cut off in the middle; what ends sooner is not."""
        timer = threading.Timer(float(sys.argv[1]), os.kill, (os.getpid(), signal.SIGKILL))
        if float(sys.argv[1]):
            timer.start()
        work(*given)
        timer.cancel()

    running._do = killed
    while True:
        if not running.step(lease=LEASE):
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())

"""Makes one snapshot of the house in the base of DOVOLEN_HOME and prints what it took as JSON."""

from __future__ import annotations

import json
import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import django

django.setup()
from django.utils import timezone  # noqa: E402

from dovolen.desk.analysis import actions, cube  # noqa: E402
from dovolen.desk.analysis.models import ASKED  # noqa: E402
from dovolen.desk.analysis.work import columns, making, mart, running  # noqa: E402
from dovolen.desk.core import apart  # noqa: E402

TOOK: dict[str, float] = defaultdict(float)


def timed(module: Any, name: str, part: str) -> None:
    """Seconds of the clock that a function takes are counted to a part."""
    whole: Callable[..., Any] = getattr(module, name)

    def watched(*given: Any, **named: Any) -> Any:
        begun = time.monotonic()
        try:
            return whole(*given, **named)
        finally:
            TOOK[part] += time.monotonic() - begun

    setattr(module, name, watched)


def main() -> None:
    for module, name, part in (
        (making, "read", "read"), (columns, "clients", "clients"), (cube, "keep", "files"), (mart, "write", "files"),
        (making, "_write_results", "results"), (making, "_publish", "results"),
    ):  # fmt: skip
        timed(module, name, part)
    os.nice(apart.NICE)
    made = actions.ask(centre=None, cause=ASKED, by=None, now=timezone.now())
    begun = time.monotonic()
    running.step(lease=timedelta(minutes=1))
    wall = time.monotonic() - begun
    made.refresh_from_db(fields=["state", "refusal", "n_customers", "n_orders"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "state": made.state, "wall": round(wall, 1), "cpu": round(used.ru_utime + used.ru_stime, 1),
        "peak": round(used.ru_maxrss / 1024), "parts": {part: round(seconds, 1) for part, seconds in TOOK.items()},
        "n_customers": made.n_customers, "n_orders": made.n_orders,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""`python -m dovolen.desk.demo fill|clear`: makes the demo in the base of DOVOLEN_HOME, in a process that ends with it.

Only an empty base is filled, and only a demo is cleared. Exit codes: 0 done, 3 filled before, 4 the base is
somebody's own, 5 the desk is at work on it.
"""

from __future__ import annotations

import os
import shutil
import sys

FILLED_BEFORE, OWN, AT_WORK = 3, 4, 5


def main(arguments: list[str]) -> int:
    """Do what is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    import django

    django.setup()
    return {"fill": fill, "clear": clear}[arguments[0]]()


def fill() -> int:
    """Fill an empty base."""
    from django.utils import timezone

    from dovolen.desk.demo import filling

    if filling.is_lived_in():
        return FILLED_BEFORE if filling.is_demo() else OWN
    made = filling.fill(now=timezone.now())
    print(f"dovolen: {made.n_customers} clients, {made.n_orders + made.n_lived} orders", file=sys.stderr)
    return 0


def clear() -> int:
    """Drop a demo, so that it can be made again."""
    from django.conf import settings

    from dovolen.desk.core import installation
    from dovolen.desk.demo import filling

    if installation.is_empty():
        return 0
    if filling.is_lived_in() and not filling.is_demo():
        return OWN
    if filling.is_at_work():
        return AT_WORK
    installation.empty()
    settings.HOME.seal.unlink(missing_ok=True)
    shutil.rmtree(settings.HOME.files, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

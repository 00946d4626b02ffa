"""One web server as `dovolen serve` starts it: python bench/pages_server.py MODULE:APPLICATION PORT PROCESSES."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

if __name__ == "__main__":
    target, port, processes = sys.argv[1:]
    Granian(
        target, address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, workers=int(processes),
        blocking_threads=4, websockets=False, log_level=LogLevels.warning,
    ).serve()  # fmt: skip

"""`dovolen demo`: an invented centre in a home of its own, made at first, then opened like any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dovolen.desk.commands import readiness, serving
from dovolen.desk.demo.told import PASSWORD, log_ins

HOME = "dovolen-demo"
FILLED_BEFORE, OWN, AT_WORK = 3, 4, 5
"""What the process that fills the base says by its exit code."""


class NoDemoError(OSError):
    """The demo cannot be made here; the text says why."""


def demo(*, host: str, port: int, anew: bool) -> int:
    """Open the demo at an address until told to stop. Raises: NoDemoError where the home is somebody's own."""
    os.environ["DOVOLEN_HOME"] = str(Path(os.environ.get("DOVOLEN_HOME") or HOME).absolute())
    serving.check_port(host, port)
    if anew:
        _run("clear")
        readiness.forget()
    readiness.make_ready()
    if _run("fill") == FILLED_BEFORE:
        print("dovolen: the demo stands as it was left; --anew makes it again up to today", file=sys.stderr)
    return serving.serve(host=host, port=port, processes=1, workers=1, greeting=greeting())


def greeting() -> str:
    """Who may come in."""
    people = "\n".join(f"  {login:<14}{name}" for login, name in log_ins())
    return f"Log in as one of these, password {PASSWORD}:\n{people}"


def _run(what: str) -> int:
    """Do it in a process that ends with it: the parent of the server stays small."""
    code = subprocess.run([sys.executable, "-m", "dovolen.desk.demo", what], check=False).returncode
    home = os.environ["DOVOLEN_HOME"]
    if code == OWN:
        raise NoDemoError(f"{home} holds a desk of your own: name another folder by DOVOLEN_HOME for the demo")
    if code == AT_WORK:
        raise NoDemoError("the demo is open elsewhere: stop that one first")
    if code not in (0, FILLED_BEFORE):
        raise NoDemoError("the demo was not made; what went wrong stands above")
    return code

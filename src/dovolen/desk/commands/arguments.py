"""The desk's part of the command line; everything heavy is loaded by the command that needs it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add the commands of the desk to those of the library."""
    _add_demo(commands)
    _add_serve(commands)
    _add_work(commands)
    _add_analyse(commands)
    _add_keeping(commands)


def _add_demo(commands: Any) -> None:
    parser = commands.add_parser(
        "demo",
        help="open the desk of an invented service centre: staff, two years of history, orders of today",
        description="Make the demo where it is not there yet, open it and print the address with log-ins for every "
        "role. It lies apart from your own desk, in DOVOLEN_HOME [./dovolen-demo]; delete that folder and it is gone.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at [127.0.0.1]")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at [8000]")
    parser.add_argument("--anew", action="store_true", help="make it again: history and orders up to this moment")
    parser.set_defaults(run=demo)


def _add_serve(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help="open the desk: the web application of a service centre",
        description="Start the web server and a worker in one process tree and print the address. The base, files and "
        "secrets lie in DOVOLEN_HOME [./dovolen-home]; DATABASE_URL names a PostgreSQL instead of SQLite.",
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 for the whole net [127.0.0.1]"
    )
    parser.add_argument("--port", type=int, default=8000, help="port to listen at [8000]")
    parser.add_argument("--processes", type=_some, default=1, metavar="N", help="processes that answer pages [1]")
    parser.add_argument("--workers", type=_some, default=1, metavar="N", help="processes that work off events [1]")
    parser.set_defaults(run=serve)


def _add_work(commands: Any) -> None:
    parser = commands.add_parser(
        "work",
        help="work off events and timers, beside servers on this or other hosts",
        description="Start workers alone. Any number of them may run on any hosts that share DATABASE_URL and files.",
    )
    parser.add_argument("--processes", type=_some, default=1, metavar="N", help="processes [1]")
    parser.set_defaults(run=work)


def _add_analyse(commands: Any) -> None:
    parser = commands.add_parser(
        "analyse",
        help="make a snapshot of the base now: what the pages of knowledge show",
        description="Study the live base in this process and publish what it says of the house and each centre. The "
        "desk works on meanwhile; it does the same by itself every night, after an import and when asked in the "
        "browser.",
    )
    parser.set_defaults(run=analyse)


def _add_keeping(commands: Any) -> None:
    parser = commands.add_parser(
        "backup",
        help="write base, files, secrets and last seal into one archive",
        description="Write an archive with checksums; the desk works on meanwhile. It holds secrets: keep it safe.",
    )
    parser.add_argument("to", nargs="?", type=Path, metavar="FILE", help="where [backups/ in the home folder]")
    parser.set_defaults(run=backup)
    parser = commands.add_parser(
        "restore",
        help="make this installation what an archive holds",
        description="Restore an archive onto SQLite or PostgreSQL, whichever it was made of; every sum is compared.",
    )
    parser.add_argument("archive", type=Path, metavar="FILE", help="what dovolen backup wrote")
    parser.add_argument("--over", action="store_true", help="replace what the base holds now")
    parser.set_defaults(run=restore)
    parser = commands.add_parser("upgrade", help="bring the base up to this version; makes a backup first")
    parser.set_defaults(run=upgrade)
    parser = commands.add_parser("verify", help="check that nobody changed the journal behind our back")
    parser.set_defaults(run=verify)


def _some(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to 64, not {text}")
    return int(text)


def demo(given: argparse.Namespace) -> int:
    """Open the desk of the demo."""
    from dovolen.desk.commands import demo as demonstration

    return demonstration.demo(host=given.host, port=given.port, anew=given.anew)


def serve(given: argparse.Namespace) -> int:
    """Open the desk."""
    from dovolen.desk.commands import serving

    return serving.serve(host=given.host, port=given.port, processes=given.processes, workers=given.workers)


def work(given: argparse.Namespace) -> int:
    """Start workers alone."""
    from dovolen.desk.commands import serving

    return serving.work(processes=given.processes)


def analyse(_given: argparse.Namespace) -> int:
    """Make a snapshot now."""
    from dovolen.desk.commands import analyst

    return analyst.analyse()


def backup(given: argparse.Namespace) -> int:
    """Write an archive."""
    from dovolen.desk.commands import keeping

    return keeping.backup(given.to)


def restore(given: argparse.Namespace) -> int:
    """Restore an archive."""
    from dovolen.desk.commands import keeping

    return keeping.restore(given.archive, over=given.over)


def upgrade(_given: argparse.Namespace) -> int:
    """Bring the base up to this version."""
    from dovolen.desk.commands import keeping

    return keeping.upgrade()


def verify(_given: argparse.Namespace) -> int:
    """Check the journal."""
    from dovolen.desk.commands import keeping

    return keeping.verify()

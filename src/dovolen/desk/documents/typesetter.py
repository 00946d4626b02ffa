"""The process that sets one paper: JSON comes in, a PDF goes out, and nothing else is within its reach.

Started by `press` as a program of its own; it knows neither Django nor the desk. What it gives: a line with the
number of pages, then the PDF. Exit codes: 0 printed, 3 too many pages, 4 a fault of the form.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import typst

TOO_LONG = 3
FAILED = 4
PAGES = "<pages>"
"""Where a form says how many pages it has become."""


def main() -> int:
    """Read the job, bound this process, print."""
    job = json.load(sys.stdin)
    _bound(job["memory"], job["seconds"])
    try:
        paper, n_pages = _printed(job)
    except MemoryError:
        return TOO_LONG
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic[:2000]}\n")
        return FAILED
    if n_pages > job["most_pages"]:
        return TOO_LONG
    sys.stdout.buffer.write(b"%d\n" % n_pages + paper)
    sys.stdout.buffer.flush()
    return 0


def _printed(job: dict[str, Any]) -> tuple[bytes, int]:
    """The PDF and its pages; of too many there is none.

    Its project is these few files in memory over the folder it stands in: there is nothing else that could be read.
    """
    files = {name: text.encode() for name, text in job["files"].items()}
    nowhere = Path.cwd() / "none"
    press: Any = typst.Compiler(
        files, root=str(Path.cwd()), font_paths=[job["fonts"]], ignore_system_fonts=True, sys_inputs=job["inputs"],
        package_path=str(nowhere), package_cache_path=str(nowhere),
    )  # fmt: skip
    n_pages = int(json.loads(press.query(PAGES, field="value", one=True)))
    if n_pages > job["most_pages"]:
        return b"", n_pages
    return bytes(
        press.compile(files, format="pdf", timestamp=job["timestamp"])
    ), n_pages  # it forgets them after a query


def _bound(memory: int, seconds: int) -> None:
    """So much memory and time, no file written; systems without such limits have the patience of the press alone."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, limit in (
            (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):  # fmt: skip
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())

"""The press: facts and a form go in, the bytes of a PDF come out, always the same for the same.

A text is data on its whole way: it travels as JSON and is set as letters; no form evaluates it. The work is done by a
process of its own with bounded time and memory, over a folder that holds the pictures of this paper or nothing, without
packages and without network.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dovolen.desk.core.errors import Refusal
from dovolen.desk.documents import typesetter

log = logging.getLogger("dovolen.papers")

FORMS = Path(__file__).resolve().parent / "paper_forms"
FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
COMMON = "common-1.typ"
LOGO, BUNDLE = "logo.jpg", "bundle-1"
MEMORY = 1024 * 1024 * 1024
SECONDS = 5
"""Of its own time that a paper may take; three hundred lines of the longest names take half of one."""
PATIENCE = 30
"""Seconds by the clock of the wall, on a machine that is busy."""
MOST_LETTERS = 150_000
"""Of all texts of one paper together."""
MOST_PAGES = 60
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Letters that show nothing and turn, hide or break what stands beside them."""
EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")
NO_PROXY_LEADS_OUT = "http://127.0.0.1:9"
_few_at_once = threading.BoundedSemaphore(2)


class PaperTooLong(Refusal):
    """Its texts are longer than any paper."""

    key = "papers.refused.too_long"


class NotPrinted(Refusal):
    """The press failed; the log says why."""

    key = "papers.refused.not_printed"


@dataclass(frozen=True)
class Printed:
    """A paper as it is kept."""

    pdf: bytes
    n_pages: int


def printed(
    form: str, facts: Mapping[str, Any], *, at: datetime, words: Mapping[str, str] | None = None,
    marks: Mapping[str, str] | None = None, beside: Mapping[str, bytes] | None = None, most_pages: int = MOST_PAGES,
) -> Printed:  # fmt: skip
    """A paper as PDF: `form` names its form, `facts` stand in it; `words` and `marks` do, but are not kept with them.

    `beside` are pictures that the form may show, by name. Raises: PaperTooLong, NotPrinted.
    """
    if _letters(facts) > MOST_LETTERS:
        raise PaperTooLong
    inputs = {
        "facts": json.dumps(clean(facts), ensure_ascii=False),
        "words": json.dumps(words or {}, ensure_ascii=False),
        "marks": json.dumps(dict(marks or {}) | dict.fromkeys(beside or {}, "here"), ensure_ascii=False),
    }
    files = {"main.typ": f"{form}.typ", COMMON: COMMON}
    job = {
        "files": {name: (FORMS / path).read_text("utf-8") for name, path in files.items()}, "inputs": inputs,
        "fonts": str(FONTS), "timestamp": int(at.timestamp()), "memory": MEMORY, "seconds": SECONDS,
        "most_pages": most_pages,
    }  # fmt: skip
    with _few_at_once:
        n_pages, _, pdf = _run(json.dumps(job).encode(), form, beside or {}).partition(b"\n")
    return Printed(pdf, int(n_pages))


def bundled(papers: Sequence[tuple[bytes, int, bool]], *, at: datetime) -> bytes:
    """Several papers in one print, each as it was printed: its bytes, its pages, whether they lie.

    Raises: PaperTooLong, NotPrinted.
    """
    files = {f"{place}.pdf": pdf for place, (pdf, _, _) in enumerate(papers)}
    facts = [
        {"file": f"{place}.pdf", "n_pages": n_pages, "is_landscape": is_landscape}
        for place, (_, n_pages, is_landscape) in enumerate(papers)
    ]
    most = MOST_PAGES * len(papers)
    return printed(BUNDLE, {"papers": facts}, at=at, beside=files, most_pages=most).pdf


def _run(job: bytes, form: str, beside: Mapping[str, bytes]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="dovolen-paper-") as folder:
        for name, picture in beside.items():
            (Path(folder) / name).write_bytes(picture)
        command = [sys.executable, "-I", typesetter.__file__]
        try:
            done = subprocess.run(
                command, input=job, capture_output=True, cwd=folder, env=_environment(), timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise PaperTooLong from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode == typesetter.TOO_LONG or done.returncode < 0:  # below zero: stopped by the system at a bound
        log.warning("form %s went beyond its bounds (%s)", form, done.returncode)
        raise PaperTooLong
    log.error("form %s was not set: %s", form, done.stderr.decode("utf-8", "replace")[-2000:])
    raise NotPrinted


def _environment() -> dict[str, str]:
    """Nothing of ours but what programs need to start; one thread, so that memory is bounded on every machine."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    closed = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NO_PROXY_LEADS_OUT)
    return {**kept, **closed, "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}


def _letters(value: Any) -> int:
    """How long all texts are together."""
    if isinstance(value, Mapping):
        return sum(_letters(part) for part in value.values())
    if isinstance(value, list | tuple):
        return sum(_letters(part) for part in value)
    return len(value) if isinstance(value, str) else 0


def clean(value: Any) -> Any:
    """Facts with nothing in their texts but what is seen, ends of lines, and no heap of empty lines."""
    if isinstance(value, str):
        seen = UNSEEN.sub("", value.replace("\r\n", "\n").replace("\t", " "))
        return EMPTY_LINES.sub("\n\n", seen.encode("utf-8", "ignore").decode())
    if isinstance(value, Mapping):
        return {name: clean(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    return value

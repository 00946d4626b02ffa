"""The text of every view as the shim writes it for each engine. `python -m tests.engines.golden` writes them anew.

Read the difference before committing it: it is what the engines will run.
"""

from __future__ import annotations

from pathlib import Path

from dovolen.insight.engines import written
from dovolen.insight.engines.dialect import translated
from dovolen.insight.facts import definitions
from tests.engines.sample import PARAMS

FOLDER = Path(__file__).with_name("golden")
DIALECTS = ("postgres", "spark", "clickhouse")


def golden(name: str, dialect: str) -> str:
    """The view `name` as `dialect` gets it."""
    return translated(written(definitions()[name], PARAMS), dialect, pretty=True) + "\n"


def main() -> None:
    """Write every file, and remove those of views that are gone."""
    for dialect in DIALECTS:
        folder = FOLDER / dialect
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("*.sql"):
            file.unlink()
        for name in definitions():
            (folder / f"{name}.sql").write_text(golden(name, dialect), "utf-8")


if __name__ == "__main__":
    main()

"""Write docs/reference from the code: `python scripts/reference.py [--check]`.

Pages: the command line, the columns of customers.parquet, the keys of study.json, canonical tables and views.
With --check nothing is written, and pages that would change are named.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from dovolen.desk.analysis import mart_contents
from dovolen.insight.facts import definitions, stands_on
from dovolen.insight.schema import TABLES
from dovolen.insight.sources import open_tables
from dovolen.insight.study import Study, study
from dovolen.insight.synth import invent, write
from dovolen.insight.words import Words

HOUSE = Path(__file__).resolve().parent.parent
REFERENCE = HOUSE / "docs" / "reference"
COMMANDS = (
    "",
    "study",
    "check",
    "map",
    "synth",
    "demo",
    "serve",
    "work",
    "analyse",
    "backup",
    "restore",
    "upgrade",
    "verify",
)
CLIENTS = 1_500
WORDS = Words("en")

CUSTOMER_NOTES = {
    "customer_id": "as the source wrote it",
    "name": "",
    "kind": "person, company, unknown",
    "class": "intermediary, regular, one_off; empty for the never served",
    "class_reasons": "what the rule saw, `name=value` by semicolons",
    "n_orders": "counted orders: not cancelled, revenue ≥ 0",
    "n_visits": "(client, day, centre)",
    "n_assets": "distinct assets ever",
    "first_at": "day of the earliest counted order, at the centre",
    "last_at": "day of the latest one",
    "recency_days": "days from the latest to the study's day",
    "revenue": "minor units of `currency`, returns taken off",
    "margin": "minor units; empty when a cost is missing anywhere",
    "avg_order": "revenue over counted orders, minor units",
    "rfm_r": "grade of recency, in the direction of the study",
    "rfm_f": "grade of frequency",
    "rfm_m": "grade of money",
    "rfm_segment": "one of eleven names; only on the grid of five",
    "rfm27": "three digits, grades of its own from 1 to 3, 3 = best",
    "reading": "recent, cooling, cold",
    "lifecycle": "new, active, loyal, returned, dormant, lost, blocked; empty for the never served",
    "life_code": "«ДНК»: one letter for his state at the end of each quarter",
    "limit_days": "silence after which he counts as dormant",
    "limit_from": "whose rhythm that is: own, group, base, default",
    "is_fleet": "a company with many assets or orders",
    "lifecycle_since": "day on which the state began; empty where that is not known",
    "currency": "ISO 4217",
    "satisfaction": "0–99, mean of his orders with a half-life of 180 days; his own answers outweigh the card",
    "satisfaction_worst3": "worst of his last three scored orders",
    "satisfaction_latest": "of his latest scored order",
    "satisfaction_coverage": "share of the card's weight that was known, 0–1",
    "eligible_for_offers": "mean and latest score above the cut",
    "p_return": "chance of a visit within 365 days; null where the model is not calibrated here",
    "chance_rank": "place by that chance among clients of the last year: 100 comes back most surely",
    "risk_points": "codes of the signs of leaving that stand now, by semicolons",
    "n_risk_points": "how many stand",
    "value_at_risk": "what he brought in 365 days × the chance that he does not come back; minor units",
    "predicted_visits": "visits expected in the next 365 days; null where no model fits",
    "predicted_value": "money expected in the next 365 days, minor units; null where none may be told",
    "value_basis": "what that money is: margin, or revenue where costs are unknown",
    "p_alive": "chance that he is still a client by the model of repeat buying",
    "value_rank": "place by expected value: 1 is the highest",
    "margin_share": "his margin over his revenue, orders with known costs",
    "brought": "minor units that clients he referred have brought",
    "abc": "A to 80 % of revenue, B to 95 %, C the rest; persons and companies apart",
    "key_client": "true, false or hidden key client",
    "left": "margin less bonuses, contact, complaints and debt; minor units",
    "same_as": "smallest identifier of the cluster of records that are one client; null when alone",
}
FILE_NOTES = {
    "orders": "One row an order that was scored: `satisfaction`, where it is from (`card`, `answer`), `card_score`, "
    "`coverage`, `low_confidence`, the score before later facts (`satisfaction_before`, `rescored_date`), three "
    "largest `reasons`, `card` with its version.",
    "points": "One row an order and fact: `value`, day `at`, `bin`, `points`; the base is a row too, so that points "
    "of an order sum to its score before clipping. A fact nobody knows has no value, bin −1 and the mean penalty.",
    "client_categories": "One row a client and category of asset: the same scores.",
    "duplicates": "One row a pair of records that may be one client: `score`, `decision` (`automatic`, `review`), "
    "`reasons` with their points.",
}


MART = """\
Each snapshot of the desk leaves a folder of Parquet files in its home folder, for BI and for programs of one's own:
`mart/<scope>/<day>-<number>/`, and `mart/<scope>/latest`, which always is a whole one. A scope is `house` or
`centre-<number>`. The three latest folders of each scope are kept.

There are no names, phones or texts of clients in it; `customer_id` and `order_id` are the keys of the desk. Money is in
minor units of `currency`. `study.json` holds every figure and sheet, see [study.json](study-json.md).

```sql
-- DuckDB
SELECT lifecycle, count(*), sum(revenue) / 100 FROM 'dovolen-home/mart/house/latest/clients.parquet' GROUP BY ALL;
```"""


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or say which are out of date."""
    pages = {
        "cli.md": command_line(),
        "tables.md": tables(),
        "definitions.md": views(),
        **_pages_of(sample := _sample()),
        "mart.md": mart(sample),
    }
    stale = [name for name, text in pages.items() if _current(REFERENCE / name) != text]
    if "--check" not in arguments:
        REFERENCE.mkdir(exist_ok=True)
        for name in stale:
            (REFERENCE / name).write_text(pages[name], encoding="utf-8")
        return 0
    if stale:
        print(f"out of date, run `make docs`: {', '.join(stale)}")
    return 1 if stale else 0


def _current(page: Path) -> str:
    return page.read_text("utf-8") if page.exists() else ""


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", "*Written by `make docs`; change the code, not this page.*", *parts]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def command_line() -> str:
    """Help of the command and its subcommands, as a terminal of a hundred columns shows it."""
    helps = []
    for command in COMMANDS:
        asked = [sys.executable, "-m", "dovolen", *filter(None, [command]), "--help"]
        env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHON_COLORS": "0"}
        shown = subprocess.run(asked, env=env, capture_output=True, text=True, check=True).stdout.strip()
        helps.append(f"## dovolen {command}".rstrip() + f"\n\n```text\n{shown}\n```")
    return _page("Command line", *helps)


def tables() -> str:
    """The canonical tables and their columns."""
    parts = []
    for table in TABLES.values():
        rows = [
            (f"`{column.name}`", column.kind, "needed" if column.needed else "", column.note)
            for column in table.columns
        ]
        parts.append(f"## {table.name}\n\nOne row is {table.row}.\n\n" + _table(("column", "kind", "", "note"), rows))
    return _page("Canonical tables", *parts)


def mart(sample: Study) -> str:
    """The files that each snapshot of the desk leaves for other programs."""
    clients = [*sample.customers().schema, *(field for field in sample.cascade().schema if field.name != "customer_id")]
    schemas: dict[str, Iterable[pa.Field]] = {
        "clients": [field for field in clients if field.name not in mart_contents.OF_PEOPLE],
        "orders": sample.views.fetch(mart_contents.ORDERS).schema,
        "days": sample.views.fetch(mart_contents.DAYS).schema,
    }
    for name, pieces in sample.files().items():
        schemas[mart_contents.RENAMED.get(name, name)] = next(iter(pieces())).schema
    parts = [
        f"## {one.name}.parquet\n\nOne row is {one.row}. {one.note}\n\n"
        + _table(("column", "type"), [(f"`{field.name}`", str(field.type)) for field in schemas[one.name]])
        for one in mart_contents.FILES
    ]
    return _page("The mart", MART, *parts)


def views() -> str:
    """Every view with what it says of itself."""
    heads = [f"## {name}\n\n{_said(text)}" for name, text in _in_order(definitions())]
    place = "Each view is one file of `src/dovolen/insight/sql/`, listed after those it stands on."
    return _page("Definitions", place, *heads)


def _in_order(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Views by name, each after those it reads from."""
    placed: dict[str, str] = {}

    def place(name: str) -> None:
        if name in texts and name not in placed:
            for below in stands_on(texts[name]):
                if below != name:
                    place(below)
            placed[name] = texts[name]

    for name in sorted(texts):
        place(name)
    return list(placed.items())


def _said(text: str) -> str:
    """The head of a view as prose: what it is, what it needs, what it gives."""
    head = [line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--")]
    prose = " ".join(line for line in head if line != "Keep.")
    said = re.sub(r" (Needs|Gives):", r"\n\n\1:", prose.split(": ", 1)[1])
    return said[0].upper() + said[1:]


def _sample() -> Study:
    """A study of an invented centre, for the keys that a study has."""
    with tempfile.TemporaryDirectory() as folder:
        write(invent(CLIENTS, 1), Path(folder))
        made = study(open_tables(folder))
        _ = made.figures, made.sheets
        made.customers()
        return made


def _pages_of(made: Study) -> dict[str, str]:
    return {"customers.md": customers(made), "study-json.md": study_json(made)}


def customers(made: Study) -> str:
    """Columns of customers.parquet. Raises: KeyError when one has no note here."""
    rows = [(f"`{field.name}`", str(field.type), CUSTOMER_NOTES[field.name]) for field in made.customers().schema]
    return _page(
        "customers.parquet",
        "One row a client, the never served among them. `customer_id` is a number or text, as in the source.",
        _table(("column", "type", "note"), rows),
        "`cascade.parquet` has `customer_id`, `state_before`, `state_after` and `flow`; "
        "opening + new + returned − dormant − lost − blocked = closing.",
        *(f"## {name}.parquet\n\n{FILE_NOTES[name]}" for name in made.files()),
    )


def study_json(made: Study) -> str:
    """Keys of figures and sheets, with units and rules."""
    figures = [
        (f"`{key}`", figure.unit, WORDS.name("figure", key), _rule(figure.rule))
        for key, figure in sorted(made.figures.items())
    ]
    sheets = [
        (f"`{key}`", ", ".join(f"{name} ({unit})" for name, unit in sheet.columns), _rule(sheet.rule))
        for key, sheet in sorted(made.sheets.items())
    ]
    return _page(
        "study.json",
        "Every figure and sheet of the report. Money is in minor units of `meta.currency`, shares are from 0 to 1, "
        "days are ISO dates. A figure has `value`, `unit`, `n`, `low`, `high`, `level`, `rule`, `since`, `until`; "
        "`few: true` means too few data: the value is null.",
        "## Figures\n\n" + _table(("key", "unit", "what", "rule"), figures),
        "## Sheets\n\n" + _table(("key", "columns", "rule"), sheets),
        "What a source cannot give is absent here and named under `impossible`, with the missing column.",
    )


def _rule(key: str) -> str:
    return WORDS.name("rule", key.removeprefix("rule.")).replace("\n", " ") if key else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

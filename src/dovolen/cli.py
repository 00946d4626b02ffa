"""The command line: study, check and map a source, invent a centre. Thin: the library does the work.

Exit codes: 0 done, 2 bad input, told in a sentence that a person can act on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.desk.commands import arguments
from dovolen.stages import Stages

if TYPE_CHECKING:
    from dovolen.insight.engines import Engine
    from dovolen.insight.schema import Tables

# Fits here are small: a second thread of the linear algebra would only wait, and be counted. Before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXAMPLES = """\
examples:
  dovolen study orders.csv --out report
      reads the export, recognises its columns, writes report/report.html
  dovolen study orders.xlsx --asof 2025-06-30 --compare 2024-06-30 --out june
      who the clients were at the end of June, and how the base changed in a year
  dovolen study sales.csv --group-by client,day,branch --out report
      lines without order numbers: one order = one client, day and branch
  dovolen map orders.csv > mine.toml
      the mapping it would use; edit it, then: dovolen study orders.csv --mapping mine.toml
  dovolen synth --customers 2000 --seed 1 --out demo && dovolen study demo --out report
      an invented service centre, and its report
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = _parser().parse_args(arguments)
    if not hasattr(given, "run"):
        _parser().print_help()
        return 2
    command: Callable[[argparse.Namespace], int] = given.run
    try:
        return command(given)
    except KeyboardInterrupt:
        return _refuse("stopped")
    except _refusals() as error:
        return _refuse(_told(error, getattr(given, "lang", "ru")))


def _refusals() -> tuple[type[Exception], ...]:
    from dovolen.insight.engines import EngineError
    from dovolen.insight.schema import SchemaError

    return SchemaError, EngineError, OSError


def _told(error: Exception, lang: str) -> str:
    """The sentence of an error in the reader's language, where it has words for it."""
    from dovolen.insight.schema import SchemaError
    from dovolen.insight.words import Words

    words = Words(lang)
    if isinstance(error, SchemaError) and error.key in words:
        return words.say(error.key, **error.values)
    return str(error)


def _refuse(sentence: str) -> int:
    print(f"dovolen: {sentence}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dovolen",
        description="Knows the clients of a service centre: point it at an export of orders, read who they are.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_study(commands)
    _add_check(commands)
    _add_map(commands)
    _add_synth(commands)
    arguments.add_to(commands)
    return parser


def _add_study(commands: Any) -> None:
    parser = commands.add_parser(
        "study",
        help="write the report: who the clients are, how the base changes, whom it loses",
        description="Study SOURCE and write report.html, report.xlsx, study.json, customers.parquet and "
        "cascade.parquet into the folder OUT.",
    )
    _add_reading(parser)
    day = parser.add_argument_group("days")
    day.add_argument("--asof", type=_day, metavar="DATE", help="study the base at the end of this day [last order]")
    day.add_argument("--compare", type=_day, metavar="DATE", help="earlier day to compare with [a year before]")
    grades = parser.add_argument_group("RFM")
    grades.add_argument("--grid", choices=("auto", "5", "3", "2"), help="grades a direction [auto: by base size]")
    grades.add_argument("--direction", choices=("best5", "best1"), help="which end is best, in labels [best5]")
    where = parser.add_argument_group("where and how")
    where.add_argument("--engine", metavar="URL", help="compute on postgres://, spark://, clickhouse:// or chdb://")
    where.add_argument("--config", type=Path, metavar="FILE", help="TOML with other thresholds")
    where.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")
    parser.set_defaults(run=study)


def _add_check(commands: Any) -> None:
    parser = commands.add_parser(
        "check",
        help="print what is wrong with the data, nothing more",
        description="Read SOURCE and print the proof that no row was dropped, and every finding about its quality.",
    )
    _add_reading(parser)
    parser.set_defaults(run=check)


def _add_map(commands: Any) -> None:
    parser = commands.add_parser(
        "map",
        help="propose a mapping of foreign columns, as TOML",
        description="Look at headers and values of FILE and print the mapping that fits. Save it, edit it, use it "
        "with --mapping.",
    )
    parser.add_argument("file", metavar="FILE", help="CSV, XLSX, XLS, ODS, JSON, Parquet, SQLite, DuckDB, postgres://…")
    _add_language(parser)
    parser.set_defaults(run=propose)


def _add_synth(commands: Any) -> None:
    parser = commands.add_parser(
        "synth",
        help="invent a service centre with known truth",
        description="Write canonical tables of an invented laptop and phone centre. The same seed gives the same rows.",
    )
    parser.add_argument("--customers", type=_count, default=2000, metavar="N", help="clients [2000]")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of chance [1]")
    parser.add_argument("--years", type=int, choices=range(1, 11), default=3, metavar="Y", help="years of history [3]")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")
    _add_language(parser)
    parser.set_defaults(run=synth)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="file (CSV, XLSX, XLS, ODS, JSON, Parquet, SQLite, DuckDB), folder, postgres://…",
    )
    reading = parser.add_argument_group("reading")
    reading.add_argument("--mapping", metavar="M", help="TOML file or preset name [recognised by itself]")
    reading.add_argument(
        "--columns", type=_pairs, metavar="OURS=THEIRS,…", help="columns by hand: customer_id=…,accepted_at=…,revenue=…"
    )
    reading.add_argument(
        "--group-by", type=_names, metavar="NAMES", help="make orders of lines: client,day,branch [order number]"
    )
    reading.add_argument("--currency", metavar="C", help="ISO code [mapping, header, else RUB]")
    reading.add_argument("--zone", metavar="Z", help="zone of the centre [mapping, else Europe/Moscow]")
    _add_language(parser)


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("ru", "en"), default="ru", help="language of what is written [ru]")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2025-06-30") from error


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text}: give a whole number from 1 to 10000000")
    return int(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _pairs(text: str) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in _names(text))
    if not all(pairs.values()):
        raise argparse.ArgumentTypeError("write pairs: customer_id=Client,accepted_at=Date,revenue=Sum")
    return pairs


# Commands


def study(given: argparse.Namespace) -> int:
    """Write the report and its tables."""
    import json

    import pyarrow.parquet as pq

    from dovolen.insight import config, report
    from dovolen.insight.engines import open_engine
    from dovolen.insight.schema import SchemaError
    from dovolen.insight.study import study as study_of

    stages = Stages(given.lang)
    settings = config.load(given.config, grid=given.grid, direction=given.direction)
    out = _folder(given.out)
    with stages("start", quiet=not given.engine):
        engine = open_engine(given.engine)
    with stages("read"):
        tables = _seen(given, engine) or _tables(given)
    found = study_of(
        tables, given.asof, settings, compare=given.compare, engine=engine, source=Path(str(given.source)).name
    )
    if found.asof < found.meta["earliest"]:
        raise SchemaError("error.asof_before_orders", {"asof": found.asof, "earliest": found.meta["earliest"]})
    with stages("quality"):
        _ = found.findings
    with stages("clients", quiet=not found.has_clients):
        if found.has_clients:
            pq.write_table(found.customers(), out / "customers.parquet")
            pq.write_table(found.cascade(), out / "cascade.parquet")
        for name, pieces in found.files().items():
            report.write_parquet(pieces(), out / f"{name}.parquet")
    with stages("figures"):
        _ = (found.figures, found.sheets)
        if card := found.scorecard():
            (out / "scorecard.toml").write_text(card, "utf-8")
    with stages("write"):
        text = json.dumps(report.study_json(found, given.lang), ensure_ascii=False, indent=1)
        (out / "study.json").write_text(text, "utf-8")
        report.write_xlsx(found, out / "report.xlsx", given.lang)
        report.write_html(found, out / "report.html", given.lang)
    engine.close()
    stages.end(out / "report.html")
    return 0


def _folder(path: Path) -> Path:
    """The folder to write into, made where it is not there yet."""
    from dovolen.insight.schema import SchemaError

    if path.exists() and not path.is_dir():
        raise SchemaError("error.out_is_file", {"out": path})
    path.mkdir(parents=True, exist_ok=True)
    return path


def check(given: argparse.Namespace) -> int:
    """Print the quality findings of a source."""
    from dovolen.insight.report import quality_text
    from dovolen.insight.study import study as study_of

    found = study_of(_tables(given), source=str(given.source))
    print(quality_text(found.quality, given.lang))
    return 0


def propose(given: argparse.Namespace) -> int:
    """Print the mapping that fits a file."""
    from dovolen.insight import mapping, sources

    sys.stdout.write(mapping.to_toml(sources.propose(given.file)))
    return 0


def synth(given: argparse.Namespace) -> int:
    """Write the tables of an invented centre."""
    from dovolen.insight import synth as invented

    stages = Stages(given.lang)
    with stages("invent"):
        invented.write(invented.invent(given.customers, given.seed, years=given.years), given.out)
    stages.end(given.out)
    return 0


def _seen(given: argparse.Namespace, engine: Engine) -> Tables | None:
    """Tables of the engine itself; a local file is read here and handed over."""
    from dovolen.insight.sources.seen import seen_tables

    return seen_tables(engine, given.source, currency=given.currency, zone=given.zone) if given.engine else None


def _tables(given: argparse.Namespace) -> Tables:
    from dovolen.insight import mapping, sources

    return sources.open_tables(
        given.source,
        mapping.load(given.mapping) if given.mapping else None,
        columns=given.columns,
        group_by=given.group_by,
        currency=given.currency,
        zone=given.zone,
        today=datetime.now(UTC).date(),
    )

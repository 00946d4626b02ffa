"""A study as files for people and programs: one self-contained page, a workbook, a JSON of every figure."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.insight import advice, opening, panels
from dovolen.insight.cells import Printer, sample_size
from dovolen.insight.results import Sheet, Studied
from dovolen.insight.words import Words
from dovolen.insight.workbook import write_xlsx

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["quality_text", "study_json", "write_html", "write_parquet", "write_xlsx"]

HERE = Path(__file__).parent
ASSETS = HERE.parent / "assets"
TEMPLATES = HERE / "templates"
PRINTED = 15
"""Rows of a long table on paper, as the style sheet cuts them."""

FONTS = {
    "golos-cyrillic.woff2": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "golos-latin-ext.woff2": "U+0100-02BA,U+1E00-1E9F,U+20A0-20AB,U+20AD-20C0,U+2C60-2C7F",
    "golos-latin.woff2": "U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212,U+FFFD",
}
"""The parts of the font and the characters each holds, as the font's own style sheet tells."""


def write_html(study: Studied, path: Path, lang: str = "ru") -> None:
    """Write the report as one page that needs no network. Without copied front-end files it shows tables only."""
    path.write_text(page(study, lang), encoding="utf-8")


def page(study: Studied, lang: str = "ru") -> str:
    """The report as HTML text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # slow to import; most commands need none
    from markupsafe import Markup

    words = Words(lang)
    printer = Printer(words, study.meta)
    chapters = panels.sections(study, printer)
    drawn = {one.key: one.chart for chapter in chapters for one in chapter.panels if one.chart}
    scripts = [_asset("echarts.min.js"), (TEMPLATES / "report.js").read_text(encoding="utf-8")] if _has_charts() else []
    env = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return env.get_template("report.html").render(
        lang=lang, say=words.say, printed=PRINTED, words=words, study=study, head=_head(study, printer),
        balances=opening.balances(study, printer), findings=opening.findings(study, printer),
        impossible=opening.impossible(study, printer), tiles=opening.tiles(study, printer),
        advice=advice.advise(study, printer), sections=chapters, rules=opening.rules(study, printer),
        has_charts=bool(scripts), charts=Markup(_inside_script({"lang": lang, "charts": drawn})),
        css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")), fonts=Markup(_fonts()),
        icons=Markup(_asset("icons.svg")), scripts=[Markup(script) for script in scripts], csp=_policy(scripts),
        direction=printer.direction(), asof=words.date(study.meta["asof"]),
    )  # fmt: skip


def _head(study: Studied, printer: Printer) -> list[tuple[str, str, str]]:
    """What stands on top: name, value, and where the value is from."""
    words, meta = printer.words, study.meta
    firsts = [figure.since for figure in study.figures.values() if figure.key == "base.orders" and figure.since]
    since = meta.get("earliest") or (firsts[0] if firsts else None)
    rows = [
        ("source", Path(str(meta["source"])).name or words.say("ui.none"), ""),
        ("asof", words.date(meta["asof"]), ""),
        ("period", words.period(since, meta["asof"]), ""),
        ("compare", words.date(meta["compare"]) if meta.get("compare") else "", ""),
        ("currency", str(meta["currency"]), words.name("from", meta.get("currency_from", "given"))),
        ("zone", str(meta["zone"]), words.name("from", meta.get("zone_from", "given"))),
        ("created", str(meta.get("created") or ""), ""),
    ]
    return [(words.say(f"ui.{key}"), value, origin) for key, value, origin in rows if value]


def _inside_script(value: object) -> str:
    """JSON that stays data inside a script element: clients' text cannot close it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: list[str]) -> str:
    """Nothing is fetched, and only the report's own scripts run."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    return (
        f"default-src 'none'; script-src {hashes or chr(39) + 'none' + chr(39)}; style-src 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _has_charts() -> bool:
    return (ASSETS / "echarts.min.js").exists()


@cache
def _asset(name: str) -> str:
    path = ASSETS / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return re.sub(r"(?i)</(?=script)", r"<\\/", text) if name.endswith(".js") else text


@cache
def _fonts() -> str:
    """The font's parts inside the page."""
    faces = []
    for name, characters in FONTS.items():
        if (path := ASSETS / name).exists():
            data = base64.b64encode(path.read_bytes()).decode()
            faces.append(
                '@font-face{font-family:"Golos Text Variable";font-weight:400 900;font-display:swap;'
                f"src:url(data:font/woff2;base64,{data}) format('woff2');unicode-range:{characters}}}"
            )
    return "\n".join(faces)


def write_parquet(pieces: Iterable[pa.Table], path: Path) -> None:
    """Write rows piece by piece, so that memory stays bounded; no file where there is no piece."""
    import pyarrow.parquet as pq  # a report without files for programs needs none

    writer = None
    for piece in pieces:
        writer = writer or pq.ParquetWriter(path, piece.schema, compression="zstd")
        writer.write_table(piece)
    if writer:
        writer.close()


def quality_text(study: Studied, lang: str = "ru") -> str:
    """What the data are worth, as plain text: the proof of the sum, then the findings."""
    words = Words(lang)
    printer = Printer(words, study.meta)
    lines: list[str] = []
    for one in opening.balances(study, printer):
        lines.append(f"{one.table}: {one.sentence} ({one.verdict})")
        lines += [
            f"  {count}: {reason}{f' ({examples})' if examples else ''}" for reason, count, examples in one.reasons
        ]
    lines += ["", words.say("sheet.quality.findings"), *_finding_lines(study.sheets.get("quality.findings"), printer)]
    return "\n".join(lines)


def _finding_lines(sheet: Sheet | None, printer: Printer) -> list[str]:
    words = printer.words
    if sheet is None:
        return [f"  {words.say('quality.clean')}"]
    lines = []
    for row in sheet.records():
        code, table, action = (printer.cell(sheet, name, row) for name in ("code", "table", "action"))
        share = "" if row["share"] is None else f", {words.share(row['share'])}"
        lines.append(f"  {code} ({table}): {words.number(row['count'])}{share}; {action}")
        if row["examples"]:
            lines.append(f"    {printer.cell(sheet, 'examples', row)}")
    return lines


def study_json(study: Studied, lang: str = "en") -> dict[str, Any]:
    """Every figure and sheet under its key, with rule, period, n and interval; names of people are left out.

    `figures[key]` = value, unit, n, low, high, level, few, since, until, rule (text), rule_key, note, currency.
    `sheets[key]` = columns (name, unit), rows, n, since, until, rule, rule_key, cut. Money in minor units.
    """
    words = Words(lang)
    shown = {key: sheet for key, sheet in study.sheets.items() if "customer_id" not in dict(sheet.columns)}
    return {
        "meta": _plain(dict(study.meta)),
        "figures": {key: _told(asdict(figure), words, study) for key, figure in study.figures.items()},
        "sheets": {key: _told(asdict(sheet) | {"n": sample_size(sheet)}, words, study) for key, sheet in shown.items()},
        "lists": {key: {"n": len(one.rows) + one.cut} for key, one in study.sheets.items() if key not in shown},
        "impossible": [{"what": what, "missing": column} for what, column in study.impossible],
    }


def _told(item: dict[str, Any], words: Words, study: Studied) -> dict[str, Any]:
    rule = item.pop("rule") or f"rule.{item['key']}"
    item |= {"rule": words.say(rule) if rule in words else "", "rule_key": rule}
    if item.get("unit") == "money":
        item["currency"] = study.meta["currency"]
    made: dict[str, Any] = _plain(item)
    return made


def _plain(value: Any) -> Any:
    """Values as JSON has them: days as ISO text, tuples as lists."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value

"""Advice from how clients were served and what it brought: weak points, risks, campaigns, key clients, the queue."""

from __future__ import annotations

from collections.abc import Iterator

from dovolen.insight.advice.parts import Advice, Source, number, plural
from dovolen.insight.cells import Printer
from dovolen.insight.results import Studied

LONG_QUEUE = 5
"""Working days of queue that a client feels."""
WASTED = ("harms", "more_visits_no_more_money", "fewer_visits_money_unclear", "fewer_visits")


def _at_risk(study: Studied, printer: Printer) -> Iterator[Advice]:
    """Money that stands behind clients with a sign of leaving."""
    clients, money = number(study, "risk.clients"), number(study, "risk.money")
    if clients and money:
        told = printer.words.money(money, printer.currency, compact=True)
        yield Advice("bad", plural(printer, "advice.at_risk", int(clients), "clients", money=told), "risk")


def _influences(study: Studied, printer: Printer) -> Iterator[Advice]:
    """The sign that costs most returns here, if one is proved to."""
    sheet = study.sheets.get("risk.points")
    proved = [row for row in sheet.records() if row["risk_says"] == "influences"] if sheet else []
    if proved:
        worst = min(proved, key=lambda row: row["risk_difference"])
        told = {
            "point": printer.words.say(f"risk.{worst['point']}"),
            "drop": printer.words.number(abs(worst["risk_difference"])),
        }
        yield Advice("warn", printer.words.say("advice.influences", **told), "risk")


def _weak_point(study: Studied, printer: Printer) -> Iterator[Advice]:
    """What costs the score most points."""
    sheet = study.sheets.get("satisfaction.facts")
    if sheet and (rows := [row for row in sheet.records() if row["points_share"]]):
        most = max(rows, key=lambda row: row["points_share"])
        told = {"fact": printer.cell(sheet, "fact", most), "share": printer.words.share(most["points_share"], 0)}
        yield Advice("warn", printer.words.say("advice.weak_point", **told), "satisfaction")


def _trust(study: Studied, printer: Printer) -> Iterator[Advice]:
    """That the score foretells nothing here is said before anyone leans on it."""
    sheet = study.sheets.get("self_check.verdict")
    if sheet and any(row["verdict"] == "nothing" for row in sheet.records()):
        yield Advice("warn", printer.words.say("advice.score_tells_nothing"), "self_check")


def _campaigns(study: Studied, printer: Printer) -> Iterator[Advice]:
    """What campaigns proved to do, and not to do."""
    sheet = study.sheets.get("experiments.campaigns")
    for row in sheet.records() if sheet else ():
        told = {"campaign": str(row["campaign_id"])}
        if row["campaign_verdict"] == "works":
            yield Advice("good", printer.words.say("advice.campaign_won", **told), "experiments")
        elif row["campaign_verdict"] in WASTED:
            says = printer.cell(sheet, "campaign_verdict", row) if sheet else ""
            yield Advice("note", printer.words.say("advice.campaign_wasted", says=says, **told), "experiments")


def _false_keys(study: Studied, printer: Printer) -> Iterator[Advice]:
    """Clients who look large and leave little."""
    sheet = study.sheets.get("value.keys")
    for row in sheet.records() if sheet else ():
        if row["key_kind"] == "false" and row["clients"]:
            yield Advice("note", plural(printer, "advice.false_keys", row["clients"], "clients"), "value")


def _queue(study: Studied, printer: Printer) -> Iterator[Advice]:
    """A queue that a client feels."""
    days = number(study, "queue.days")
    if days is not None and days >= LONG_QUEUE:
        told = printer.words.count("count.days", round(days))
        yield Advice("warn", printer.words.say("advice.queue", days=told), "forecast")


def _twice(study: Studied, printer: Printer) -> Iterator[Advice]:
    """Clients who stand in the base more than once."""
    clients = number(study, "twice.automatic")
    if clients:
        yield Advice("note", plural(printer, "advice.twice", int(clients), "clients"), "twice")


SOURCES: tuple[Source, ...] = (
    _at_risk, _influences, _weak_point, _trust, _campaigns, _false_keys, _queue, _twice,
)  # fmt: skip
"""Where this advice comes from."""

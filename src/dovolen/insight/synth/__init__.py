"""An invented service centre with known truth, of any size: demo data, and the ground that recovery tests stand on.

`invent` draws it: clients who are persons, intermediaries or fleets, served well or badly by technicians of different
skill, and leaving the sooner the worse they were served. The same seed gives the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.insight.synth import around, outreach, people
from dovolen.insight.synth.bulk import orders_only
from dovolen.insight.synth.draws import integers, stream
from dovolen.insight.synth.flaws import spoiled
from dovolen.insight.synth.hours import hours
from dovolen.insight.synth.orders import assets, orders, work
from dovolen.insight.synth.visits import visits

__all__ = ["Invented", "centre", "invent", "orders_only", "write"]

UNTIL = date(2026, 6, 30)
"""The last day of the demo base."""
CURRENCY, ZONE = "RUB", "Europe/Moscow"


@dataclass(frozen=True)
class Invented:
    """A centre's canonical tables, and the truth behind them that no analysis sees."""

    tables: dict[str, pa.Table]
    truth: pa.Table
    """One row a client: customer_id, true_kind, trait, satisfaction, visits_a_year, hazard_monthly, left_at."""
    order_truth: pa.Table
    """One row an order: order_id, satisfaction (0–99)."""
    seed: int


def invent(
    customers: int, seed: int, *, until: date = UNTIL, years: int = 2, lively: bool = True, flaws: bool = False
) -> Invented:
    """Invent a centre with two branches and `customers` clients, known for `years` years that end with `until`.

    In one that is not `lively` hardly any new clients come in the second half; `flaws` adds dirt for the quality page.
    """
    time = hours(until, years)
    skill = stream(seed, "skill").standard_normal(int(np.clip(customers // 400, 3, 40)))
    clients = people.clients(customers, seed, time.horizon, lively=lively)
    chosen = outreach.campaigns(clients, time, seed)
    history = visits(clients, time.horizon, skill, stream(seed, "visits"), outreach.invited(chosen))
    done = work(clients, history, time, skill, seed)
    order_rows = orders(done, time, seed)
    tables = {
        "customers": people.customers(clients, order_rows, time, seed),
        "assets": assets(done, seed),
        "orders": order_rows,
        "lines": around.lines(done, seed),
        "stages": around.stages(done, time, seed),
        "promises": around.promises(done, time, seed),
        "estimates": around.estimates(done, time),
        "contacts": around.contacts(done, time, seed),
        "feedback": around.feedback(done, time, seed),
        "cases": around.cases(done, time, seed),
        "centres": around.centres(),
        "payments": around.payments(done, seed),
        "messages": outreach.messages(chosen, seed),
        "leads": outreach.leads(clients, time, seed),
        "bookings": outreach.bookings(done, seed),
        "events": outreach.events(clients, time, seed),
        "spend": outreach.spend(clients, time, seed),
        "plans": outreach.plans(done, time),
    }
    truth = people.truth(clients, history, order_rows, done.satisfaction, time)
    order_truth = pa.table({"order_id": integers(done.order_id), "satisfaction": integers(done.satisfaction)})
    return Invented(spoiled(tables, seed) if flaws else tables, truth, order_truth, seed)


def centre(
    customers: int, seed: int, *, until: date = UNTIL, years: int = 2, lively: bool = True, flaws: bool = False
) -> dict[str, pa.Table]:
    """Only the canonical tables of `invent`."""
    return invent(customers, seed, until=until, years=years, lively=lively, flaws=flaws).tables


def write(invented: Invented, out: Path) -> None:
    """Write a folder that `dovolen study` reads: Parquet, `dovolen.toml`, and apart from them the truth."""
    (out / "truth").mkdir(parents=True, exist_ok=True)
    for name, rows in invented.tables.items():
        pq.write_table(rows, out / f"{name}.parquet")
    pq.write_table(invented.truth, out / "truth" / "truth.parquet")
    pq.write_table(invented.order_truth, out / "truth" / "orders.parquet")
    note = f"# Invented by `dovolen synth --seed {invented.seed}`: no person or company in it exists.\n"
    (out / "dovolen.toml").write_text(f'{note}currency = "{CURRENCY}"\nzone = "{ZONE}"\n', encoding="utf-8")

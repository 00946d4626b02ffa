"""The invented centre: equal for equal seeds, true to its own truth, dirty only when asked."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dovolen.insight import synth
from dovolen.insight.schema import ARROW, TABLES

MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")


@pytest.fixture(scope="module")
def invented() -> synth.Invented:
    return synth.invent(1500, 7)


@pytest.fixture(scope="module")
def orders(invented: synth.Invented) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = invented.tables["orders"].to_pylist()
    return rows


def test_the_same_seed_gives_equal_tables_and_another_seed_does_not() -> None:
    first, again, other = synth.invent(200, 3), synth.invent(200, 3), synth.invent(200, 4)

    assert all(first.tables[name].equals(again.tables[name]) for name in first.tables)
    assert first.truth.equals(again.truth)
    assert not first.tables["orders"].equals(other.tables["orders"])


def test_every_column_is_canonical_and_of_its_kind(invented: synth.Invented) -> None:
    for name, rows in invented.tables.items():
        for field in rows.schema:
            column = TABLES[name].column(field.name)
            assert column is not None, (name, field.name)
            assert field.type in {ARROW.get(column.kind), pa.int64() if column.kind == "id" else None}, (name, field)


@pytest.mark.parametrize("customers", [0, 1, 2, 39, 40])
def test_any_size_is_a_centre(customers: int) -> None:
    assert synth.centre(customers, 1)["customers"].num_rows == customers


def test_moments_of_an_order_follow_each_other(orders: list[dict[str, Any]]) -> None:
    for order in orders:
        moments = [order[name] for name in ("accepted_at", "ready_at", "notified_at", "picked_up_at") if order[name]]
        assert moments == sorted(moments), order


def test_work_is_done_in_working_hours_and_hardly_on_sunday(orders: list[dict[str, Any]]) -> None:
    local = [order["accepted_at"].astimezone(MOSCOW) for order in orders]

    assert all(10 <= moment.hour < 20 for moment in local)
    assert Counter(moment.isoweekday() for moment in local)[7] < 0.01 * len(local)
    assert max(moment.date() for moment in local) <= date(2026, 6, 30)


def test_figures_are_those_of_a_real_centre(invented: synth.Invented, orders: list[dict[str, Any]]) -> None:
    kept = [order["ready_at"] <= order["promised_at"] for order in orders if order["ready_at"]]
    bills = [order["revenue"] for order in orders if order["revenue"] > 0]

    assert 0.80 < sum(kept) / len(kept) < 0.90
    assert 330_000 < median(bills) < 450_000
    assert 0.12 < invented.tables["feedback"].num_rows / len(orders) < 0.19
    assert 0.02 < sum(order["rework_of"] is not None for order in orders) / len(orders) < 0.06


def test_a_rework_is_of_the_same_client_and_device(orders: list[dict[str, Any]]) -> None:
    by_number = {order["order_id"]: order for order in orders}
    for order in filter(lambda order: order["rework_of"], orders):
        first = by_number[order["rework_of"]]
        assert (first["customer_id"], first["asset_id"]) == (order["customer_id"], order["asset_id"])
        assert first["picked_up_at"] <= order["accepted_at"]


def test_intermediaries_bring_much_and_fetch_at_once(invented: synth.Invented, orders: list[dict[str, Any]]) -> None:
    kind = dict(zip(*(invented.truth[name].to_pylist() for name in ("customer_id", "true_kind")), strict=True))
    waits = [
        (order["picked_up_at"] - order["notified_at"]).total_seconds() / 3600
        for order in orders
        if kind[order["customer_id"]] == "intermediary" and order["picked_up_at"] and order["notified_at"]
    ]

    assert set(kind.values()) == {"person", "intermediary", "fleet"}
    assert median(waits) <= 2


def test_bad_service_drives_clients_away(invented: synth.Invented) -> None:
    people = [row for row in invented.truth.to_pylist() if row["true_kind"] == "person" and row["satisfaction"]]
    left = [row["satisfaction"] for row in people if row["left_at"]]
    stayed = [row["satisfaction"] for row in people if not row["left_at"]]

    assert sum(left) / len(left) < sum(stayed) / len(stayed) - 1


def test_nobody_comes_after_he_left(invented: synth.Invented, orders: list[dict[str, Any]]) -> None:
    left = dict(zip(*(invented.truth[name].to_pylist() for name in ("customer_id", "left_at")), strict=True))
    for order in orders:
        gone = left[order["customer_id"]]
        assert gone is None or order["accepted_at"].astimezone(MOSCOW).date() <= gone


def test_a_campaign_holds_a_fifth_out_and_brings_only_the_treated(invented: synth.Invented) -> None:
    rows = [row for row in invented.tables["messages"].to_pylist() if row["campaign_id"] == 1]
    sent = rows[0]["sent_at"]
    arms = {row["customer_id"]: row["arm"] for row in rows}
    orders = invented.tables["orders"].to_pylist()
    back = {order["customer_id"] for order in orders if 0 <= (order["accepted_at"] - sent).days < 56}

    size = Counter(arms.values())
    came = Counter(arms[client] for client in back if client in arms)
    assert 0.15 < size["holdout"] / len(arms) < 0.25
    assert came["treated"] / size["treated"] > came["holdout"] / size["holdout"] + 0.02


def test_what_an_enquiry_becomes_hangs_on_its_pitch_and_not_on_the_brand() -> None:
    leads = [row for row in synth.centre(6000, 2)["leads"].to_pylist() if row["outcome"]]

    def won(name: str, low: bool) -> float:
        chosen = [row["outcome"] == "won" for row in leads if (row[name] <= 2) is low and row[name] != 3]
        return sum(chosen) / len(chosen)

    assert won("pitch", low=False) > won("pitch", low=True) + 0.3
    assert abs(won("brand", low=False) - won("brand", low=True)) < 0.12


def test_a_centre_that_is_not_lively_meets_few_new_clients() -> None:
    dull = synth.centre(800, 5, lively=False)["customers"]["created_at"].to_pylist()
    late = sum(created.astimezone(MOSCOW).date() > date(2025, 10, 1) for created in dull)

    assert late < 0.1 * len(dull)


def test_sums_agree_between_tables(invented: synth.Invented) -> None:
    lines, orders, payments = (invented.tables[name] for name in ("lines", "orders", "payments"))
    billed = pc.sum(orders["revenue"]).as_py()

    approved = lines.filter(pc.equal(lines["state"], "approved"))
    assert 0 < approved.num_rows < lines.num_rows
    assert pc.sum(approved["price"]).as_py() == billed + pc.sum(orders["discount"]).as_py()
    assert pc.sum(payments["amount"]).as_py() == billed


def test_phones_belong_to_nobody(invented: synth.Invented) -> None:
    phones = invented.tables["customers"]["phones"].to_pylist()

    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("+7997") and "2000000" <= phone[5:] <= "5999999" for phone in phones)


def test_flaws_come_only_when_asked(invented: synth.Invented) -> None:
    clean, dirty = invented.tables["orders"], synth.centre(1500, 7, flaws=True)["orders"]

    assert pc.count_distinct(clean["order_id"]).as_py() == clean.num_rows
    assert pc.count_distinct(dirty["order_id"]).as_py() < dirty.num_rows
    assert clean["customer_id"].null_count == 0 < dirty["customer_id"].null_count
    assert pc.any(pc.less(dirty["ready_at"], dirty["accepted_at"])).as_py()


def test_a_written_centre_keeps_its_truth_apart(tmp_path: Path) -> None:
    synth.write(synth.invent(50, 1), tmp_path)

    assert pq.read_table(tmp_path / "truth" / "truth.parquet").num_rows == 50
    assert not (tmp_path / "truth.parquet").exists()
    assert 'zone = "Europe/Moscow"' in (tmp_path / "dovolen.toml").read_text("utf-8")


def test_orders_alone_have_the_rows_and_clients_asked_for(tmp_path: Path) -> None:
    rows = pq.read_table(synth.orders_only(5000, 300, 1, tmp_path / "orders.parquet"))

    assert rows.num_rows == 5000
    assert pc.max(rows["customer_id"]).as_py() <= 300
    assert pc.count_distinct(rows["order_id"]).as_py() == 5000

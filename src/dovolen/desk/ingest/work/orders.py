"""Orders of a batch with their lines: known by their number, or new; finished ones and those still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dovolen.desk.assets.models import Asset
from dovolen.desk.ingest.models import ASSETS, CUSTOMERS, ORDERS
from dovolen.desk.ingest.work.plans import Change, Known, Plan, Work, done, known, note
from dovolen.desk.orders.actions.past import LONGEST_OF_PAST, MONEY_OF_PAST, ToldOrder, add_many, correct_past
from dovolen.desk.orders.models import CLOSED, OUTCOMES, RepairOrder, Stage
from dovolen.desk.people import actions as people

Row = Mapping[str, Any]
OPEN_FOR = timedelta(days=180)
"""Without an end, and begun so shortly before the latest order of the file: it is on the bench."""
CORRECTED = ("ready_at", "notified_at", "picked_up_at", "outcome")


def plan(work: Work, number: int) -> Plan:
    """What becomes of the orders of one batch."""
    if work.dry:
        keys = work.staged.columns(ORDERS, number, ("key",))["key"].to_pylist()
        if not known(work, ORDERS, keys):
            return Plan(create=[(key, {}) for key in keys])
    made = Plan()
    rows = work.staged.batch(ORDERS, number)
    over = done(work, ORDERS, [row["key"] for row in rows])
    by_key = known(work, ORDERS, [row["key"] for row in rows])
    ids = [one.object_id for one in by_key.values()]
    held = RepairOrder.objects.select_related("past").in_bulk(ids) if ids else {}
    for row in rows:
        one = by_key.get(row["key"])
        if row["key"] in over:
            continue
        if one and one.object_id in held:
            _known(work, made, row, held[one.object_id], one)
        else:
            made.create.append((row["key"], row))
    return made


def is_open(work: Work, row: Row) -> bool:
    """Whether the other system was still at it: it tells of ends, and this one has none though it is recent."""
    if not (work.gave("orders", "outcome") or work.gave("orders", "picked_up_at")):
        return False
    if row["outcome"] or row["picked_up_at"]:
        return False
    latest = datetime.fromisoformat(work.staged.told["latest"])
    return bool(row["accepted_at"] >= str(latest - OPEN_FOR))


def _known(work: Work, made: Plan, row: Row, order: RepairOrder, one: Known) -> None:
    """An order that is there: what the other system tells otherwise now, where nobody here worked at it."""
    past = getattr(order, "past", None)
    is_untouched = order.version == one.version and (order.is_past or order.stage_entered_at <= order.accepted_at)
    if past is None or not is_untouched:
        made.match.append((row["key"], order.pk, order.version))
        return
    values, before = _differing(row, order, is_over=not is_open(work, row))
    told = {name: str(row[name] or "")[:most] for name, most in LONGEST_OF_PAST.items() if row[name]}
    told |= {name: row[name] for name in MONEY_OF_PAST if row[name] is not None}
    beside = {name: value for name, value in told.items() if getattr(past, name) != value}
    if not values and not beside:
        made.match.append((row["key"], order.pk, order.version))
        return
    before |= {f"past.{name}": getattr(past, name) for name in beside}
    if "revenue" in beside and order.is_past:
        values["total"], before["total"] = beside["revenue"], order.total
    made.update.append(Change(row["key"], order.pk, values, before, beside))


def _differing(row: Row, order: RepairOrder, *, is_over: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    values: dict[str, Any] = {}
    if not order.is_past and is_over:
        values = _ended(row)
    elif order.is_past:
        for name in CORRECTED:
            told = _read(name, row[name])
            if told and told != getattr(order, name):
                values[name] = told
    before = {name: _plain(getattr(order, name)) for name in values}
    return values, before


def _ended(row: Row) -> dict[str, Any]:
    """An order that was open at the import before and is over now."""
    stage = Stage.objects.filter(phase=CLOSED).order_by("-is_active", "position", "pk").first()
    if stage is None:
        return {}
    return {
        "stage_id": stage.pk, "phase": CLOSED, "is_past": True,
        **{name: _read(name, row[name]) or ("" if name == "outcome" else None) for name in CORRECTED},
    }  # fmt: skip


def _read(name: str, value: Any) -> Any:
    if name == "outcome":
        return value if value in OUTCOMES else ""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


# ── Written ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write(work: Work, made: Plan, number: int) -> None:
    """Write what becomes of the orders of a batch, inside the caller's transaction."""
    rows = [row for _, row in made.create]
    customers = known(work, CUSTOMERS, [row["customer_key"] for row in rows], own=True)
    made.reject += [("no_customer", row) for row in rows if row["customer_key"] not in customers]
    made.create = [(key, row) for key, row in made.create if row["customer_key"] in customers]
    assets = _assets(work, rows)
    lines = _lines(work, number)
    told = [_told(work, row, customers, assets, lines.get(row["row"], ())) for _, row in made.create]
    keys = add_many(told=told, currency=work.currency, by=work.by, now=work.now)
    versions = _correct(made)
    people.recount(customers=sorted({one.customer_id for one in told}), orders=RepairOrder.objects.all())
    note(work, ORDERS, made, keys, versions)
    tie_reworks(work, [row for _, row in made.create if row["rework_key"]])


def _correct(made: Plan) -> dict[int, int]:
    versions = {}
    for change in made.update:
        order = RepairOrder.objects.get(pk=change.object_id)
        correct_past(order=order, values=change.values, past=change.more)
        if change.values.get("phase") == CLOSED:
            order.stage_entries.filter(left_at=None).delete()
        versions[order.pk] = order.version + 1
    return versions


def _assets(work: Work, rows: Sequence[Row]) -> dict[str, Asset]:
    keys = known(work, ASSETS, [row["asset_key"] for row in rows if row["asset_key"]], own=True)
    held = Asset.objects.in_bulk([one.object_id for one in keys.values()])
    return {key: held[one.object_id] for key, one in keys.items() if one.object_id in held}


def _lines(work: Work, number: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for line in work.staged.lines(number):
        found.setdefault(line["order_place"], []).append(line)
    return found


def _told(
    work: Work, row: Row, customers: Mapping[str, Known], assets: Mapping[str, Asset], lines: Sequence[Row]
) -> ToldOrder:
    asset = assets.get(row["asset_key"] or "")
    return ToldOrder(
        told=row, centre_id=work.centre(row["centre"]), customer_id=customers[row["customer_key"]].object_id,
        asset_id=asset.pk if asset else None, category_id=asset.category_id if asset else None,
        technician_id=work.person(row["technician"]),
        asset_texts=(str(asset), asset.serial_number, asset.plate) if asset else (),
        is_open=is_open(work, row), lines=lines,
    )  # fmt: skip


def tie_reworks(work: Work, rows: Sequence[Row]) -> None:
    """Point orders at the first one of their chain, where that is among those brought in."""
    if not rows:
        return
    keys = [row["rework_key"] for row in rows] + [row["key"] for row in rows]
    held = known(work, ORDERS, keys, own=True)
    for row in rows:
        one, first = held.get(row["key"]), held.get(row["rework_key"])
        if one and first and one.object_id != first.object_id:
            root = RepairOrder.objects.values_list("rework_of", flat=True).get(pk=first.object_id) or first.object_id
            if root != one.object_id:
                RepairOrder.objects.filter(pk=one.object_id).update(rework_of=root)

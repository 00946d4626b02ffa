"""The dry run: every row planned as the load would plan it, nothing written; what people read before they say yes.

`Import.found` holds: tables → rows, create, update, match, reject; reasons → rows not taken; findings of the data;
accounts of the reading; duplicates; words of centres; period; currency; zone; columns that mean nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from dovolen.desk.accounts.models import Centre
from dovolen.desk.ingest.actions.asking import NEW, check_currency
from dovolen.desk.ingest.models import ASSETS, CHECKED, CUSTOMERS, ORDERS, Import
from dovolen.desk.ingest.work import assets, customers, orders
from dovolen.desk.ingest.work.plans import Work
from dovolen.desk.ingest.work.running import LEASE, finish, mark
from dovolen.desk.ingest.work.staging import staged
from dovolen.desk.people.names import key

PLANS = {CUSTOMERS: customers.plan, ASSETS: assets.plan, ORDERS: orders.plan}
FACTS = "facts"
EMPTY = {"rows": 0, "create": 0, "update": 0, "match": 0, "reject": 0}
TELL_EVERY = 20


def check(source: Import, clock: Callable[[], datetime]) -> None:
    """Try all of it. Raises: SchemaError, OtherCurrency, Lost."""
    rows = staged(source, clock)
    check_currency(rows.told["currency"])
    work = Work(source, rows, source.made_by, clock(), dry=True)
    reasons = _reasons(work)
    tables: dict[str, dict[str, int]] = {}
    duplicates = 0
    for table in PLANS:
        tables[table], suspects = _tried(work, table, clock)
        duplicates += suspects
    n_facts = sum(rows.rows(name) for name in rows.facts())
    tables[FACTS] = {**EMPTY, "rows": n_facts, "create": n_facts}
    for table, n in _not_taken(work).items():
        tables[table]["reject"] += n
        tables[table]["rows"] += n
    found = {
        "tables": tables, "reasons": dict(reasons.most_common()), "findings": rows.told["findings"],
        "accounts": rows.told["accounts"], "duplicates": duplicates, "centres": rows.told["centres"],
        "period": rows.told["period"], "currency": rows.told["currency"], "zone": rows.told["zone"],
        "ignored": rows.told["ignored"], "n_lines": rows.told["n_lines"],
    }  # fmt: skip
    choices = {**source.choices, "centres": _centres(source, rows.told["centres"])}
    told = {table: numbers["create"] for table, numbers in tables.items()}
    finish(source, CHECKED, clock(), kind="import.checked", told=told, found=found, choices=choices)


def _tried(work: Work, table: str, clock: Callable[[], datetime]) -> tuple[dict[str, int], int]:
    numbers: Counter[str] = Counter()
    suspects = 0
    for number in range(work.staged.n_batches(table)):
        plan = PLANS[table](work, number)
        numbers.update(plan.numbers)
        suspects += plan.suspects
        if number % TELL_EVERY == TELL_EVERY - 1:
            mark(work.source, free_at=clock() + LEASE, tries=0)
    return {**EMPTY, **numbers, "rows": work.staged.rows(table)}, suspects


def _reasons(work: Work) -> Counter[str]:
    """Reason → rows that reading set aside, or that cannot be tied to anything."""
    found: Counter[str] = Counter()
    for account in work.staged.told["accounts"]:
        found.update(account["asides"])
    found.update(
        {reason: n for reason, n in (("no_customer", work.staged.told["n_no_customer"]),
                                     ("duplicate_key", work.staged.told["n_double"])) if n}
    )  # fmt: skip
    return found


def _not_taken(work: Work) -> dict[str, int]:
    """Table → rows that reading did not take; lines are counted with the orders they belong to."""
    found: Counter[str] = Counter()
    for account in work.staged.told["accounts"]:
        table = ORDERS if account["table"] == "lines" else account["table"]
        found[table if table in PLANS else FACTS] += sum(account["asides"].values())
    found[ORDERS] += work.staged.told["n_no_customer"]
    found[CUSTOMERS] += work.staged.told["n_double"]
    return found


def _centres(source: Import, words: list[str]) -> dict[str, Any]:
    """What people chose for words of centres, and a proposal for words that they were not asked about."""
    chosen = source.choices.get("centres", {})
    known = {key(centre.name): centre.pk for centre in Centre.objects.all()}
    return {word: chosen.get(word[:80], known.get(key(word), NEW)) for word in words}

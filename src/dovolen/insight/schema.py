"""Canonical tables: what every later module reads, whatever system the rows came from.

Times are aware UTC, money is int64 in minor units of one currency, identifiers are int64 or text as the source
wrote them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa  # names of tables and columns are also told where no table is read

    ARROW: dict[str, pa.DataType]
    """Arrow type of each kind; an `id` is int64 or string, as the source has it."""


class SchemaError(ValueError):
    """Input that cannot be read as canonical tables. The text is meant for the person who gave it.

    `key` and `values` say the same to `Words` (errors_ru.toml, errors_en.toml); `str()` is the English sentence.
    """

    def __init__(self, key: str, values: Mapping[str, object] | None = None) -> None:
        self.key = key
        self.values = dict(values or {})
        super().__init__(english(key, self.values))


def english(key: str, values: Mapping[str, object]) -> str:
    """The English sentence of an error; a text that is no key stays as it is."""
    words = resources.files(__package__).joinpath("words", "errors_en.toml").read_text(encoding="utf-8")
    sentence = str(tomllib.loads(words).get(key, key))
    return sentence.format(**values) if values else sentence


@dataclass(frozen=True)
class Column:
    """One canonical column: its kind (`id`, `text`, `int`, `number`, `money`, `moment`, `date`, `flag`) and a note."""

    name: str
    kind: str
    needed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One canonical table: what a row is, its key and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def __getattr__(name: str) -> Any:
    """`ARROW`, made when it is first asked for."""
    if name != "ARROW":
        raise AttributeError(name)
    import pyarrow as pa

    globals()["ARROW"] = {
        "text": pa.string(),
        "int": pa.int64(),
        "number": pa.float64(),
        "money": pa.int64(),
        "moment": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "flag": pa.bool_(),
    }
    return globals()["ARROW"]


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of `name kind [needed] [# note]`."""
    columns = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        words, _, note = line.partition("#")
        name, kind, *rest = words.split()
        columns.append(Column(name, kind, needed="needed" in rest, note=note.strip()))
    return tuple(columns)


def _table(name: str, row: str, key: str, columns: str) -> Table:
    return Table(name, row, tuple(key.split()), _columns(columns))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "customers",
            "a client",
            "customer_id",
            """
            customer_id id needed
            kind text           # person, company
            name text
            phones text         # by comma
            emails text         # by comma
            address text
            place text          # town
            postcode text
            tax_number text     # INN
            regular_mark flag
            class_hand text     # class set by hand: intermediary, regular, one_off
            class_hand_by text
            class_hand_at moment
            blocked_at moment
            source text
            referred_by id
            created_at moment
            manager text
            image_value int     # 1-5
            potential int       # 1-5
            """,
        ),
        _table(
            "assets",
            "a device or vehicle",
            "asset_id",
            """
            asset_id id needed
            customer_id id
            category text       # laptop, phone, car
            brand text
            model text
            serial_number text  # IMEI, VIN
            made_at date
            sold_at date
            warranty_until date
            plate text
            left_at date
            left_reason text    # sold, changed brand
            """,
        ),
        _table(
            "orders",
            "a repair order or visit",
            "order_id",
            """
            order_id id
            customer_id id
            asset_id id
            centre text
            accepted_at moment needed  # or accepted_date where the source has no time
            accepted_date date         # day in the centre's zone
            promised_at moment         # first promise
            repromised_at moment
            ready_at moment
            notified_at moment
            picked_up_at moment
            outcome text               # repaired, declined, beyond_repair, no_fault_found, cancelled
            kind text                  # repair, maintenance, body, wash, project, sale
            department text            # sales, service
            initiated_by text          # client, us
            odometer int
            pay_type text              # customer_pay, warranty, goodwill
            place text                 # workshop, on_site, pre_sale
            estimate money
            revenue money              # billed after discount, tax as in the source
            debt money
            bonus_used money
            parts_cost money
            labour_cost money
            discount money
            rework_of id
            advisor text
            technician text
            channel text
            campaign_id id
            fault_text text
            outcome_reason text
            """,
        ),
        _table(
            "lines",
            "a job or part in an order",
            "",
            """
            order_id id needed
            kind text           # labour, part, fee
            name text
            quantity number
            price money
            cost money
            norm_hours number
            work_group text     # mechanical, body, electrical
            state text          # approved, declined
            decided_at moment
            warranty_until date
            """,
        ),
        _table(
            "stages",
            "a change of stage",
            "order_id entered_at",
            """
            order_id id needed
            stage text needed
            entered_at moment needed
            norm_hours number
            by text
            technician text
            """,
        ),
        _table(
            "promises",
            "a promise given",
            "order_id at",
            "order_id id needed\nat moment needed\npromised_at moment needed",
        ),
        _table(
            "estimates",
            "an estimate",
            "order_id at",
            "order_id id needed\nat moment needed\namount money needed\napproved_at moment",
        ),
        _table("centres", "a place", "centre", "centre text needed\nzone text\ncurrency text\ncalendar text"),
        _table(
            "contacts",
            "a call, message or meeting",
            "",
            """
            customer_id id needed
            order_id id
            at moment needed
            channel text
            direction text      # in, out
            by text
            purpose text
            minutes number
            """,
        ),
        _table(
            "feedback",
            "an answer",
            "",
            """
            customer_id id needed
            order_id id
            at moment needed
            kind text           # csat, nps, csi, review, checklist
            score number
            scale number
            by_manager text
            """,
        ),
        _table(
            "cases",
            "a complaint or other request",
            "",
            """
            customer_id id needed
            order_id id
            kind text           # complaint, question, request, idea, own_slip
            opened_at moment needed
            first_reply_at moment
            resolved_at moment
            outcome text
            category text
            owner text
            """,
        ),
        _table(
            "messages",
            "one message to one person",
            "",
            """
            customer_id id needed
            campaign_id id
            sent_at moment needed
            delivered_at moment
            channel text
            purpose text
            cost money
            arm text            # treated, holdout
            """,
        ),
        _table(
            "payments",
            "a payment",
            "",
            "order_id id needed\nat moment needed\namount money needed\nmethod text\nrefund_of id",
        ),
        _table(
            "leads",
            "an enquiry that is not yet an order",
            "lead_id",
            """
            lead_id id needed
            customer_id id
            name text
            contact text
            request text
            at moment needed
            source text
            brand int           # 1-5: how strong his wish for the brand is
            attractiveness int  # 1-5: of the order
            pitch int           # 1-5: how well we pitched
            outcome text        # won, lost; empty while open
            lost_reason text
            next_contact_at moment
            """,
        ),
        _table(
            "bookings",
            "an appointment",
            "",
            "customer_id id needed\nasset_id id\nat moment needed\nfor_at moment needed\narrived flag",
        ),
        _table(
            "events",
            "a fact about a client or asset",
            "",
            """
            customer_id id needed
            asset_id id
            at moment needed
            kind text           # appraisal, service_book_taken, dispute, reserved, unreserved, interest
            """,
        ),
        _table(
            "plans",
            "a month's plan",
            "month centre measure",
            "month date needed\ncentre text\nmeasure text needed\nvalue number needed",
        ),
        _table(
            "spend",
            "a month's outlay",
            "month source",
            "month date needed\nsource text\namount money needed",
        ),
    )
}
"""The canonical tables by name."""


@dataclass(frozen=True)
class Aside:
    """Rows that were set aside for one reason (a code), with a few of them as the source wrote them."""

    reason: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """Proof that nothing was dropped: `rows_in == rows_used + sum of asides`."""

    table: str
    rows_in: int
    rows_used: int
    asides: tuple[Aside, ...] = ()

    def balanced(self) -> bool:
        """Whether every row read is either used or set aside with a reason."""
        return self.rows_in == self.rows_used + sum(aside.count for aside in self.asides)


@dataclass(frozen=True)
class Finding:
    """One kind of flaw in the data: how many rows of how many, examples, and what was done about it."""

    code: str
    table: str
    count: int
    of: int
    examples: tuple[str, ...] = ()
    action: str = "kept"


@dataclass(frozen=True)
class Tables:
    """Canonical tables as a source gave them: Arrow rows, a Parquet path that is scanned in place, or the name of a
    table that the engine itself sees."""

    data: Mapping[str, pa.Table | Path | str]
    currency: str = "RUB"
    zone: str = "Europe/Moscow"
    currency_from: str = "default"
    zone_from: str = "default"
    accounts: tuple[Account, ...] = ()
    findings: tuple[Finding, ...] = ()
    ignored_columns: tuple[str, ...] = field(default=())
    today: date | None = None  # orders later than this day are set aside

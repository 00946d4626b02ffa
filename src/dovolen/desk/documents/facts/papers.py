"""The facts of each kind of paper: what its form prints, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dovolen.desk.core.words import in_language
from dovolen.desk.documents.facts.parties import client_facts, seller_facts
from dovolen.desk.documents.facts.totals import Writer, line_facts, total_facts
from dovolen.desk.documents.models import (
    ACT,
    ESTIMATE,
    INVOICE,
    RECEIPT,
    TRANSFER_DOCUMENT,
    WARRANTY,
    WAYBILL,
    WORK_ORDER,
)  # fmt: skip
from dovolen.desk.documents.queries.sources import Source
from dovolen.desk.documents.wording import number_in_words, short_name
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.orders.actions.links import TERMS
from dovolen.desk.orders.models import CLOSED, REPAIRED, Line
from dovolen.insight.words import Words

PAYABLE_DAYS = 5
"""Days in which a bill is to be paid, the day of its issue not counted."""
NOTHING = "–"
"""What stands in a field of a form by law that has nothing to say."""
INVOICE_STATUS, TRANSFER_STATUS = 1, 2
"""Of a УПД: with a счёт-фактура in it, or the act of transfer alone."""


@dataclass(frozen=True)
class Heading:
    """Of a paper that is being drawn up: what it is called and where it speaks of now."""

    kind: str
    number: str
    at: datetime
    by_name: str
    language: str


@dataclass(frozen=True)
class Sheet:
    """What a paper is written from."""

    source: Source
    entity: LegalEntity
    heading: Heading
    writer: Writer

    @property
    def speaker(self) -> Words:
        """Its words."""
        return self.writer.speaker

    @property
    def day(self) -> str:
        """Its day in digits: «22.11.2026»."""
        return f"{self.source.centre.local(self.heading.at):%d.%m.%Y}"

    def listed(self, lines: list[Line] | None = None, paid: int | None = None) -> dict[str, Any]:
        """Lines and sums: all of the order unless told otherwise."""
        held = self.source.lines if lines is None else lines
        before = self.source.paid if paid is None else paid
        return {
            "lines": line_facts(held, self.entity, self.writer),
            "totals": total_facts(held, self.entity, self.writer, paid=before),
        }


def facts_of(source: Source, entity: LegalEntity, heading: Heading) -> dict[str, Any]:
    """All that stands in a paper."""
    speaker = in_language(heading.language)
    writer = Writer(speaker, source.order.currency)
    told = _heading(source, heading, speaker)
    told |= {"seller": seller_facts(entity, speaker), "client": client_facts(source, speaker)}
    told |= {"order": _order(source, writer)}
    return told | OF_KIND[heading.kind](Sheet(source, entity, heading, writer))


def payable_until(source: Source, at: datetime) -> date:
    """The last day on which a bill of this moment is to be paid."""
    return source.centre.local(at).date() + timedelta(days=PAYABLE_DAYS)


def _heading(source: Source, heading: Heading, speaker: Words) -> dict[str, Any]:
    local = source.centre.local(heading.at)
    centre = source.centre
    return {
        "kind": heading.kind, "language": heading.language, "number": heading.number,
        "date": _day(local.date(), speaker), "date_short": f"{local:%d.%m.%Y}", "day": f"{local:%d}",
        "year": f"{local:%Y}", "month": speaker.listed("month.of")[local.month - 1], "by": heading.by_name,
        "by_short": short_name(heading.by_name),
        "centre": {"name": centre.name, "address": centre.address, "phone": centre.phone, "hours": centre.hours},
        "footer": source.setup.footer if source.setup else "",
    }  # fmt: skip


def _order(source: Source, writer: Writer) -> dict[str, Any]:
    order, asset = source.order, source.order.asset
    return {
        "number": order.number, "accepted": _moment(source, order.accepted_at, writer.speaker),
        "promised": _moment(source, order.promised_at, writer.speaker),
        "handed_over": _moment(source, order.picked_up_at, writer.speaker),
        "accepted_date": _day(source.centre.local(order.accepted_at).date(), writer.speaker),
        "accepted_short": f"{source.centre.local(order.accepted_at):%d.%m.%Y}",
        "asset": str(asset) if asset else "",
        "serial": asset.serial_number if asset else "", "plate": asset.plate if asset else "",
        "odometer": writer.speaker.number(order.odometer) if order.odometer else "",
        "fault": order.fault_text, "condition": order.condition, "accessories": order.accessories,
        "diagnosis": order.diagnosis, "estimate": writer.sum(order.estimate) if order.estimate else "",
        "accepted_by": order.accepted_by.name, "technician": order.technician.name if order.technician else "",
        "receiver": order.receiver, "rework_of": order.rework_of.number if order.rework_of else "",
        "checklist": [str(one.get("text", "")) for one in order.checklist if one.get("is_on")],
        "currency": writer.speaker.name("papers.sign", order.currency),
    }  # fmt: skip


def _moment(source: Source, moment: datetime | None, speaker: Words) -> str:
    if moment is None:
        return ""
    local = source.centre.local(moment)
    return f"{_day(local.date(), speaker)}, {local:%H:%M}"


def _day(day: date, speaker: Words) -> str:
    """«22 ноября 2026 г.»."""
    return speaker.say("papers.print.day", day=speaker.date(day))


# ── One a kind ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _receipt(one: Sheet) -> dict[str, Any]:
    own = one.source.setup.receipt_terms if one.source.setup else ""
    return one.listed(paid=0) | {
        "terms": own or one.speaker.say("papers.print.receipt_terms"),
        "signed_by_link": one.speaker.say(f"portal.terms.{TERMS}"),
        "paid": one.writer.sum(one.source.paid) if one.source.paid else "",
    }  # fmt: skip


def _work_order(one: Sheet) -> dict[str, Any]:
    said, approval = one.source.approval, ""
    if said:
        approval = one.speaker.say(
            "papers.print.approved", who=said.who, at=_moment(one.source, said.at, one.speaker),
            how=one.speaker.name("orders.told_how", said.told_how), amount=one.writer.sum(said.amount),
            currency=one.speaker.name("papers.sign", one.source.order.currency),
        )  # fmt: skip
    return one.listed() | {"approval": approval}


def _act(one: Sheet) -> dict[str, Any]:
    order = one.source.order
    is_repaired = order.phase != CLOSED or order.outcome == REPAIRED
    told = [one.speaker.name("orders.outcome", order.outcome), order.outcome_reason]
    return one.listed() | {
        "is_repaired": is_repaired, "outcome": "" if is_repaired else ": ".join(part for part in told if part),
    }  # fmt: skip


def _warranty(one: Sheet) -> dict[str, Any]:
    own = one.source.setup.warranty_terms if one.source.setup else ""
    held = [line for line in one.source.lines if line.warranty_until]
    return {
        "terms": own or one.speaker.say("papers.print.warranty_terms"),
        "rows": [_warranted(place, line, one.speaker) for place, line in enumerate(held, 1)],
    }


def _warranted(place: int, line: Line, speaker: Words) -> dict[str, Any]:
    assert line.warranty_until is not None
    return {
        "n": place, "name": line.name, "kind": speaker.name("orders.line_kind", line.kind),
        "term": speaker.count("papers.count.days", line.warranty_days) if line.warranty_days else "",
        "until": _day(line.warranty_until, speaker),
    }  # fmt: skip


def _invoice(one: Sheet) -> dict[str, Any]:
    told = one.listed()
    tax = "papers.print.tax_in_it" if told["totals"]["is_taxed"] else "papers.print.no_tax"
    purpose = one.speaker.say(
        "papers.print.purpose", number=one.heading.number, order=one.source.order.number, day=one.day,
        tax=one.speaker.say(tax, tax=told["totals"]["tax"]),
    )  # fmt: skip
    until = payable_until(one.source, one.heading.at)
    return told | {"until": _day(until, one.speaker), "purpose": purpose}


def _transfer(one: Sheet) -> dict[str, Any]:
    told, source = one.listed(), one.source
    has_goods = bool(goods_of(source))
    paid = [payment.statement_line for payment in source.prepayments if payment.statement_line]
    rows = f"1–{len(source.lines)}" if len(source.lines) > 1 else "1"
    return told | {
        "status": INVOICE_STATUS if told["totals"]["is_taxed"] else TRANSFER_STATUS,
        "shipper": "он же" if has_goods else NOTHING,
        "consignee": client_facts(source, one.speaker)["consignee"] if has_goods else NOTHING,
        "payments": "; ".join(f"№ {line.number} от {line.day:%d.%m.%Y}" for line in paid) or NOTHING,
        "shipment": f"№ п/п {rows} № {one.heading.number} от {one.day}",
    }  # fmt: skip


def _waybill(one: Sheet) -> dict[str, Any]:
    goods = goods_of(one.source)
    return one.listed(goods, paid=0) | {
        "n_words": number_in_words(len(goods), one.speaker),
        "consignee": client_facts(one.source, one.speaker)["consignee"],
    }


def goods_of(source: Source) -> list[Line]:
    """Lines that a waybill may list: things, not work."""
    return [line for line in source.lines if line.kind == "part"]


OF_KIND: dict[str, Callable[[Sheet], dict[str, Any]]] = {
    RECEIPT: _receipt, ESTIMATE: Sheet.listed, WORK_ORDER: _work_order, ACT: _act, WARRANTY: _warranty,
    INVOICE: _invoice, TRANSFER_DOCUMENT: _transfer, WAYBILL: _waybill,
}  # fmt: skip

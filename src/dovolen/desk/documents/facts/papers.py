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
from dovolen.desk.money.taxes import NO_TAX
from dovolen.desk.orders.actions.links import TERMS
from dovolen.desk.orders.models import CLOSED, REPAIRED, Line
from dovolen.insight.words import Words

PAYABLE_DAYS = 5
"""Days in which a bill is to be paid, the day of its issue not counted."""
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


def facts_of(source: Source, entity: LegalEntity, heading: Heading) -> dict[str, Any]:
    """All that stands in a paper."""
    speaker = in_language(heading.language)
    writer = Writer(speaker, source.order.currency)
    told = _heading(source, heading, speaker)
    told |= {"seller": seller_facts(entity, speaker), "client": client_facts(source, speaker)}
    told |= {"order": _order(source, writer)}
    return told | OF_KIND[heading.kind](source, entity, writer, heading)


def payable_until(source: Source, at: datetime) -> date:
    """The last day on which a bill of this moment is to be paid."""
    return source.centre.local(at).date() + timedelta(days=PAYABLE_DAYS)


def _heading(source: Source, heading: Heading, speaker: Words) -> dict[str, Any]:
    local = source.centre.local(heading.at)
    centre = source.centre
    return {
        "kind": heading.kind, "language": heading.language, "number": heading.number,
        "date": _day(local.date(), speaker), "date_short": f"{local:%d.%m.%Y}", "time": f"{local:%H:%M}",
        "at": [local.year, local.month, local.day], "day": f"{local:%d}", "year": f"{local:%Y}",
        "month": speaker.listed("month.of")[local.month - 1], "by": heading.by_name,
        "by_short": short_name(heading.by_name),
        "centre": {
            "name": centre.name, "address": centre.address, "phone": centre.phone, "hours": centre.hours,
        },
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
        "asset": str(asset) if asset else "", "category": str(asset.category) if asset else "",
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


def _receipt(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    own = source.setup.receipt_terms if source.setup else ""
    return {
        "terms": own or writer.speaker.say("papers.print.receipt_terms"),
        "signed_by_link": writer.speaker.say(f"portal.terms.{TERMS}"),
        "lines": line_facts(source.lines, entity, writer), "totals": total_facts(source.lines, entity, writer),
        "paid": writer.sum(source.paid) if source.paid else "",
    }  # fmt: skip


def _listed(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    return {
        "lines": line_facts(source.lines, entity, writer),
        "totals": total_facts(source.lines, entity, writer, paid=source.paid),
    }


def _work_order(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    said = source.approval
    approval = ""
    if said:
        approval = writer.speaker.say(
            "papers.print.approved", who=said.who, at=_moment(source, said.at, writer.speaker),
            how=writer.speaker.name("orders.told_how", said.told_how), amount=writer.sum(said.amount),
            currency=writer.speaker.name("papers.sign", source.order.currency),
        )  # fmt: skip
    return _listed(source, entity, writer, heading) | {"approval": approval}


def _act(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    order = source.order
    is_repaired = order.phase != CLOSED or order.outcome == REPAIRED
    outcome = "" if is_repaired else writer.speaker.name("orders.outcome", order.outcome)
    reason = "" if is_repaired else order.outcome_reason
    return _listed(source, entity, writer, heading) | {
        "is_repaired": is_repaired, "outcome": ": ".join(filter(None, [outcome, reason])),
    }  # fmt: skip


def _warranty(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    own = source.setup.warranty_terms if source.setup else ""
    held = [line for line in source.lines if line.warranty_until]
    return {
        "terms": own or writer.speaker.say("papers.print.warranty_terms"),
        "rows": [_warranted(place, line, writer) for place, line in enumerate(held, 1)],
    }


def _warranted(place: int, line: Line, writer: Writer) -> dict[str, Any]:
    assert line.warranty_until is not None
    return {
        "n": place, "name": line.name, "kind": writer.speaker.name("orders.line_kind", line.kind),
        "term": writer.speaker.count("papers.count.days", line.warranty_days) if line.warranty_days else "",
        "until": _day(line.warranty_until, writer.speaker),
    }  # fmt: skip


def _invoice(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    order = source.order
    purpose = writer.speaker.say(
        "papers.print.purpose", number=heading.number, order=order.number,
        day=f"{source.centre.local(heading.at):%d.%m.%Y}", tax=_tax_told(source, entity, writer),
    )  # fmt: skip
    return _listed(source, entity, writer, heading) | {
        "until": _day(payable_until(source, heading.at), writer.speaker), "purpose": purpose,
    }  # fmt: skip


def _tax_told(source: Source, entity: LegalEntity, writer: Writer) -> str:
    """How a purpose of payment speaks of the tax."""
    told = total_facts(source.lines, entity, writer)
    if not told["is_taxed"]:
        return writer.speaker.say("papers.print.no_tax")
    return writer.speaker.say("papers.print.tax_in_it", tax=told["tax"])


def _transfer(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    told = _listed(source, entity, writer, heading)
    has_goods = any(line["kind"] == "part" for line in told["lines"])
    paid = [one.statement_line for one in source.prepayments if one.statement_line]
    return told | {
        "status": INVOICE_STATUS if told["totals"]["is_taxed"] else TRANSFER_STATUS,
        "shipper": "он же" if has_goods else "–",
        "consignee": told_consignee(source, writer) if has_goods else "–",
        "payments": "; ".join(f"№ {one.number} от {one.day:%d.%m.%Y}" for one in paid) or "–",
        "shipment": f"№ п/п 1–{len(source.lines)} № {heading.number} от {source.centre.local(heading.at):%d.%m.%Y}"
        if len(source.lines) > 1 else f"№ п/п 1 № {heading.number} от {source.centre.local(heading.at):%d.%m.%Y}",
    }  # fmt: skip


def told_consignee(source: Source, writer: Writer) -> str:
    """Who receives goods, and where."""
    return str(client_facts(source, writer.speaker)["consignee"])


def _waybill(source: Source, entity: LegalEntity, writer: Writer, heading: Heading) -> dict[str, Any]:
    goods = goods_of(source)
    return {
        "lines": line_facts(goods, entity, writer), "totals": total_facts(goods, entity, writer),
        "n_words": number_in_words(len(goods), writer.speaker), "no_tax": writer.rate(NO_TAX),
        "consignee": told_consignee(source, writer),
    }  # fmt: skip


def goods_of(source: Source) -> list[Line]:
    """Lines that a waybill may list: things, not work."""
    return [line for line in source.lines if line.kind == "part"]


OF_KIND: dict[str, Callable[[Source, LegalEntity, Writer, Heading], dict[str, Any]]] = {
    RECEIPT: _receipt, ESTIMATE: _listed, WORK_ORDER: _work_order, ACT: _act, WARRANTY: _warranty, INVOICE: _invoice,
    TRANSFER_DOCUMENT: _transfer, WAYBILL: _waybill,
}  # fmt: skip

"""Something of every kind at one centre, and the addresses that lead to it: what matrices of rights ask for."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from dovolen.desk.accounts.models import Authenticator, Centre, Passkey, Session, Staff
from dovolen.desk.analysis.models import PREVIEW, SavedSlice, Snapshot
from dovolen.desk.assets.models import Category, FaultTemplate
from dovolen.desk.core import files
from dovolen.desk.documents import actions as documents
from dovolen.desk.feedback import actions as feedback
from dovolen.desk.ingest.models import CHECKED, DONE, MAPPED, Import
from dovolen.desk.messaging import actions as messaging
from dovolen.desk.messaging import standard as notices
from dovolen.desk.messaging.models import Gateway, Incoming
from dovolen.desk.money.models import LegalEntity, Statement, StatementLine
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import AwaitedPart, Line, RepairOrder, SavedFilter, Stage
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer, Email, Note, Phone, Relation
from dovolen.desk.planning.models import Bay, Slot
from dovolen.desk.tasks.models import Shift, Task
from tests.desk import make, make_analysis, make_documents, make_imports, make_ledger, make_money

PHONE, EMAIL, PASSWORD = "+7 997 555-44-33", "kanareyka@example.org", "Канарейка-пароль-9"
COST = 7_654_300
"""Purchase price in kopecks: 76 543 ₽ on pages."""
PHONE_SHOWN = ("555-44-33", "5554433")
COST_SHOWN = ("76\u00a0543", "7654300", "76543")


@dataclass
class Estate:
    """What one centre has; `keys` fill the holes of addresses, the longest matching beginning of a pattern first."""

    owner: Staff
    centre: Centre
    customer: Customer
    order: RepairOrder
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, pattern: str) -> str:
        """An address of the resolver with this centre's own keys in it."""
        beginnings = sorted((start for start in self.keys if pattern.startswith(start)), key=len, reverse=True)
        known = {name: value for start in reversed(beginnings) for name, value in self.keys[start].items()}

        def fill(hole: re.Match[str]) -> str:
            assert hole[1] in known, f"{pattern}: say in tests/desk/estate.py what stands for {hole[1]}"
            return str(known[hole[1]])

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", fill, pattern)


def of(centre: Centre, *, owner: Staff, by: Staff, mark: str) -> Estate:
    """Fill a centre: `by` may do everything there, `owner` is the one whose own things are asked for.

    Names and texts bear `mark`; phone, purchase price and device password are canaries.
    """
    now = timezone.now()
    customer = make.person(by=by, name=f"{mark} Клиент", phone=PHONE, centre=centre, now=now)
    other = make.person(by=by, name=f"{mark} Второй", centre=centre, now=now)
    people.add_email(customer=customer, address=EMAIL, by=by, now=now)
    people.add_note(customer=customer, text=f"{mark} заметка", by=by, now=now)
    people.relate(customer=customer, other=other, kind="family", by=by, now=now)
    merged = people.merge(
        kept=customer, absorbed=make.person(by=by, name=f"{mark} Третий", centre=centre, now=now), chosen={}, by=by,
        now=now,
    )  # fmt: skip
    customer.refresh_from_db()
    asset = make.asset(owner=customer, centre=centre, model=f"{mark} модель", now=now)
    part = {"kind": "part", "name": f"{mark} деталь", "price": 9_999_900, "cost": COST}
    order = make.order(
        by=by, centre=centre, customer=customer, asset=asset, lines=[part], now=now, promised_at=now + timedelta(days=1),
        fault_text=f"{mark} не работает", password=PASSWORD, technician=owner if owner.may("repair", centre) else None,
    )  # fmt: skip
    awaited = orders.await_part(order=order, name=f"{mark} в пути", by=by, now=now)
    photo = orders.add_photo(order=order, upload=make.photo(), name="a.jpg", caption=f"{mark} фото", by=by, now=now)
    orders.add_note(order=order, text=f"{mark} к заказу", by=by, now=now)
    contact = messaging.add_contact(
        customer=customer, centre=centre, channel="meeting", text=f"{mark} разговор", at=now, by=by, now=now,
        order_number=order.number,
    )  # fmt: skip
    answer = Incoming.objects.create(
        gateway=_gateway(), gateway_ref=mark, channel="sms", address="+79975554433", text=f"{mark} ответ", at=now,
        customer=customer, centre=centre, order_number=order.number,
    )  # fmt: skip
    notices.ensure(now)
    message = messaging.write(
        customer=customer, centre=centre, channel="sms", text=f"{mark} сообщение", order_number=order.number,
        purpose="service", by=by, now=now,
    )  # fmt: skip
    case = feedback.open_case(
        customer=customer, centre=centre, order=order, text=f"{mark} жалоба", at=now, by=by, now=now
    )
    feedback.reply_to_case(case=case, channel="call", text=f"{mark} ответили", by=by, now=now)
    feedback.receive_answer(
        customer=customer, centre=centre, order=order, kind="csat", score=4, text=f"{mark} оценка", told_how="call", at=now,
        by=by, now=now,
    )  # fmt: skip
    entity = make_documents.seller(centre, name=f"{mark} продавец")
    paper = documents.draw_up(kind="estimate", order=order, by=by, now=now)
    drawer = make_money.shift(by=by, centre=centre, now=now)
    payment = orders.pay(order=order, paid=orders.Paid("cash", 1_000), by=by, now=now)
    fault = _fault(order.category, by)
    task = Task.objects.create(
        centre=centre, title=f"{mark} задача", made_at=now, made_by=by, customer=customer, order_number=order.number
    )  # fmt: skip
    shift = Shift.objects.create(centre=centre, opened_at=now, opened_by=by)
    bay = Bay.objects.create(centre=centre, name=f"{mark} пост")
    slot = Slot.objects.create(
        centre=centre, bay=bay, title=f"{mark} запись", starts_at=now, ends_at=now + timedelta(hours=1), made_at=now,
        made_by=by,
    )  # fmt: skip
    item = make_ledger.price(by=by, name=f"{mark} работа", centre=centre)
    line = _statement_line(entity, by, mark)
    bill = make_ledger.invoice(
        by=by, entity=entity, number=mark[:30], customer=customer, order_number=order.number, centre=centre, now=now
    )
    for scope in (centre, None):
        _study(scope, customer, now)
    estate = Estate(owner, centre, customer, order)
    estate.keys = {
        "": {"event_id": 999, "timer_id": 999, "token": "no-such-token", "moment": "intake"},
        "profile/passkeys": {"key": _passkey(owner, mark).pk},
        "profile/sessions": {"number": _session(owner, mark).number},
        "staff": {"key": owner.pk},
        "centres": {"key": centre.pk},
        "customers": {
            "customer": customer.pk, "other": other.pk, "phone": Phone.objects.filter(customer=customer).first().pk,  # type: ignore[union-attr]
            "email": Email.objects.get(customer=customer).pk, "note": Note.objects.get(customer=customer).pk,
            "relation": Relation.objects.get(customer=customer).pk,
        },
        "merges": {"merge": merged.pk},
        "assets": {"asset": asset.pk},
        "settings/categories": {"key": fault.category_id, "fault": fault.pk},
        "settings/stages": {"key": Stage.objects.get(code="repair").pk},
        "tasks": {"key": task.pk},
        "shift": {"key": shift.pk, "shift": shift.pk},
        "calendar/slots": {"key": slot.pk},
        "calendar/bays": {"key": bay.pk},
        "orders": {"number": order.number},
        "orders/filters": {"key": SavedFilter.objects.create(staff=owner, page="list", name=mark, query="q=x").pk},
        "orders/<int:number>/lines": {"key": Line.objects.get(order=order).pk},
        "orders/<int:number>/parts": {"key": AwaitedPart.objects.get(pk=awaited.pk).pk},
        "orders/<int:number>/photos": {"key": photo.pk},
        "orders/<int:number>/payments": {"key": payment.pk},
        "satisfaction/orders": {"number": order.number},
        "slices/cells": {"form": "xlsx"},
        "slices/kept": {"key": _kept_slice(owner, centre, mark).pk},
        "imports": {"key": _import(owner, centre, DONE).pk, "form": "xlsx"},
        "imports/<int:key>/mapping": {"key": _import(owner, centre, MAPPED).pk},
        "imports/<int:key>/check": {"key": _import(owner, centre, CHECKED).pk},
        "cash": {"key": drawer.pk},
        "cases": {"key": case.pk},
        "contacts": {"contact": contact.pk},
        "inbox": {"key": answer.pk},
        "messages": {"key": message.pk},
        "settings/analysis/previews": {"key": _preview(owner, now).pk},
        "settings/analysis/versions": {"key": 0},
        "settings/notices": {"code": "order.ready", "channel": "sms", "language": "ru"},
        "papers": {"key": paper.pk},
        "settings/papers": {"key": centre.pk},
        "settings/gateways": {"key": _gateway().pk, "way": "sms_ru"},
        "c/": {"token": orders.link_of(order, now=now, by=by), "key": photo.pk},
        "c/<str:token>/papers": {"key": paper.pk},
        "money/clients": {"customer": customer.pk},
        "money/invoices": {"key": bill.pk},
        "money/statements": {"key": line.statement_id},
        "money/statements/lines": {"key": line.pk},
        "money/prices": {"key": item.pk},
        "money/sellers": {"key": entity.pk},
        "money/centres": {"key": centre.pk},
        "display": {"centre": centre.pk, "key": centre.pk},
    }  # fmt: skip
    return estate


def _fault(category: Category | None, by: Staff) -> FaultTemplate:
    """Settings belong to the house, not to a centre."""
    assert category is not None
    return FaultTemplate.objects.get_or_create(category=category, title="Не включается", text="Не включается")[0]


def _study(centre: Centre | None, customer: Customer, now: Any) -> None:
    """What a snapshot of the centre, and of the house, says of its client."""
    made = Snapshot.objects.published().filter(centre=centre, day=now.date()).first()
    known = made or make_analysis.published(day=now.date(), centre=centre)
    make_analysis.known(
        known, customer, state="loyal", revenue=9_999_900, rfm_r=5, rfm_f=4, rfm_m=5, n_risks=1, margin=COST,
        segment="champions", satisfaction=64.0, value_at_risk=100_000,
    )  # fmt: skip
    make_analysis.risk(known, customer, "late_last_order", evidence="late_last_order=hours:26")
    if made is None:
        steps = ("opening", "new", "returned", "dormant", "lost", "blocked", "closing")
        columns = [("step", "word"), ("clients", "clients")]
        make_analysis.sheet(known, "cascade.steps", columns, [(step, 0) for step in steps])
        columns = [("segment", "word"), ("clients", "clients"), ("margin", "money")]
        make_analysis.sheet(known, "rfm.segments", columns, [("champions", 1, COST)])


def _preview(owner: Staff, now: Any) -> Snapshot:
    """Settings of the analysis that somebody tries."""
    told = {"cause": PREVIEW, "meta": {"values": {"minimum": 5}}}
    return Snapshot.objects.create(day=now.date(), asked_at=now, asked_by=owner, **told)


def _gateway() -> Gateway:
    """A way out belongs to the house."""
    told = {"kind": "console", "channel": "sms", "report_token": "report-token"}
    return Gateway.objects.get_or_create(name="Шлюз", defaults=told)[0]


def _statement_line(entity: LegalEntity, by: Staff, mark: str) -> StatementLine:
    now = timezone.now()
    stored = files.keep([mark.encode()], name=mark, media_type="text/plain", by=by, at=now)
    read = Statement.objects.create(
        entity=entity, file=stored, account=entity.account, begins_on=now.date(), ends_on=now.date(), n_lines=1, n_new=1,
        at=now, by=by,
    )  # fmt: skip
    return StatementLine.objects.create(
        statement=read, digest=uuid.uuid4().hex, number="1", day=now.date(), amount=100, payer=f"{mark} плательщик",
        purpose=f"{mark} оплата", fate="ignored", decided_at=now, decided_by=by,
    )  # fmt: skip


def _import(owner: Staff, centre: Centre, state: str) -> Import:
    """An import at a point of its way; one that is done has rows that were not taken."""
    now = timezone.now()
    told = {"began_at": now, "done_at": now} if state == DONE else {}
    source = make_imports.at_state(state, by=owner, centre=centre, now=now, **told)
    if state == DONE:
        make_imports.reject(source)
        make_imports.made(source, [1])
    return source


def _kept_slice(owner: Staff, centre: Centre, mark: str) -> SavedSlice:
    view = {"scope": str(centre.pk), "by": ["category"], "pivot": None}
    return SavedSlice.objects.create(staff=owner, name=mark, view=view, is_shared=True, at=timezone.now())


def _passkey(owner: Staff, mark: str) -> Passkey:
    Authenticator.objects.get_or_create(staff=owner, defaults={"secret": "x", "added_at": timezone.now()})
    return Passkey.objects.create(
        staff=owner, name=mark, credential_digest=uuid.uuid4().hex * 2, credential=b"", added_at=timezone.now()
    )


def _session(owner: Staff, mark: str) -> Session:
    now = timezone.now()
    return Session.objects.create(
        session_key=uuid.uuid4().hex * 2, session_data="", expire_date=now.replace(year=now.year + 1), staff=owner,
        number=uuid.uuid4(), browser=mark, started_at=now, seen_at=now,
    )  # fmt: skip


__all__ = ["COST_SHOWN", "EMAIL", "PASSWORD", "PHONE_SHOWN", "Estate", "of"]

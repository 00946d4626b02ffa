"""The demo is a base like any other: what was written at once stands every check that actions stand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, F, Model, Q, Sum

from dovolen.desk.accounts.actions import check_log_in
from dovolen.desk.accounts.models import Centre
from dovolen.desk.assets.models import Asset, AssetPlace, Ownership
from dovolen.desk.core import sealing, search
from dovolen.desk.core.models import Event, Findable
from dovolen.desk.demo import days, filling
from dovolen.desk.demo.told import PASSWORD, log_ins
from dovolen.desk.money.models import Account, CashMove, CashShift, Charge, Payment, PriceItem
from dovolen.desk.money.queries import Period, centre_ledger, drawer_of, prices_for
from dovolen.desk.orders import actions, queries, upkeep
from dovolen.desk.orders.models import (
    APPROVED,
    CANCELLED,
    CLOSED,
    DECLINED,
    REPAIRED,
    Approval,
    Line,
    Photo,
    Promise,
    RepairOrder,
    StageEntry,
)
from dovolen.desk.people.models import COMPANY, Consent, Customer, CustomerPlace, Phone, Requisites
from dovolen.desk.planning.models import Slot
from dovolen.desk.tasks.models import Shift, Task

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
"""Friday, half past three in Moscow."""
CLIENTS = 44
WRITTEN_AT_ONCE = (
    Customer, CustomerPlace, Phone, Requisites, Consent, Asset, AssetPlace, Ownership, RepairOrder, StageEntry, Promise,
    Approval, Line, Findable, Account, Charge, Payment, CashShift, CashMove, PriceItem,
)  # fmt: skip


def test_the_demo_is_a_base_like_any_other(db: None) -> None:
    filled = filling.fill(now=NOW, customers=CLIENTS, seed=2)

    assert filled.n_refused == 0
    it_stands_every_check_of_the_base()
    orders_are_numbered_without_a_gap_and_each_has_its_rows(filled.n_orders + filled.n_lived)
    the_history_tells_a_whole_story()
    orders_of_today_stand_in_every_stage()
    every_rouble_is_accounted_for()
    the_drawers_were_counted_every_evening()
    everybody_named_at_the_start_comes_in_and_finds_people()
    the_desk_goes_on_from_the_demo(filled.n_orders + filled.n_lived)


def it_stands_every_check_of_the_base() -> None:
    connection.check_constraints()
    for model in WRITTEN_AT_ONCE:
        assert wrong_rows(model) == []
    assert upkeep.wrong_orders() == []
    assert sealing.verify().flaws == ()
    assert not Event.objects.filter(seal=None).exists()


def wrong_rows(model: type[Model]) -> list[str]:
    """What the checks of a table say of rows that no action wrote; uniqueness and keys are held by the base."""
    wrong: list[str] = []
    for row in model._default_manager.all()[:200]:
        try:
            row.clean_fields()
            row.validate_constraints()
        except ValidationError as error:
            wrong.append(f"{row!r}: {error}")
    return wrong


def orders_are_numbered_without_a_gap_and_each_has_its_rows(n: int) -> None:
    assert list(RepairOrder.objects.order_by("number").values_list("number", flat=True)) == list(range(1, n + 1))
    assert not RepairOrder.objects.filter(Q(stage_entries=None) | Q(promises=None)).exists()
    stays = StageEntry.objects.filter(left_at=None, stage=F("order__stage"), entered_at=F("order__stage_entered_at"))
    assert stays.count() == n
    assert not StageEntry.objects.filter(left_at__lt=F("entered_at")).exists()
    told = Counter(Event.objects.filter(kind__startswith="order.").values_list("kind", flat=True))
    assert told["order.accepted"] == n
    assert told["order.picked_up"] + told["order.cancelled"] == RepairOrder.objects.filter(phase=CLOSED).count()
    assert told["order.stage_moved"] == StageEntry.objects.count() - n
    assert told["order.approved"] == Approval.objects.count()
    assert told["order.line_added"] == Line.objects.count()


def the_history_tells_a_whole_story() -> None:
    assert not Customer.objects.annotate(n=Count("orders")).exclude(n=F("n_orders")).exists()
    assert not Customer.objects.filter(places=None).exists()
    assert Line.objects.filter(state=DECLINED, offer_again_on__isnull=False).exists()
    repaired = Line.objects.filter(order__outcome=REPAIRED, state=APPROVED, warranty_days__gt=0)
    assert repaired.exists()
    assert not repaired.filter(warranty_until=None).exists()
    assert Promise.objects.exclude(reason="").exists()
    assert not RepairOrder.objects.filter(rework_of__rework_of__isnull=False).exists()
    order = RepairOrder.objects.filter(phase=CLOSED, outcome=REPAIRED).latest("accepted_at")
    assert all(str(moment) for moment in queries.timeline(order))


def orders_of_today_stand_in_every_stage() -> None:
    held = RepairOrder.objects.exclude(phase=CLOSED).values_list("stage__code", flat=True)
    assert set(held) >= {"accepted", "diagnosis", "approval", "parts", "repair", "ready", "told"}
    assert Event.objects.latest("at").at <= NOW
    for place in Centre.objects.all():
        assert Task.objects.filter(centre=place, done_at=None).count() > 3
        assert Shift.objects.filter(centre=place).count() == 4
        assert Slot.objects.filter(centre=place, starts_at__gt=NOW).exists()
    assert Photo.objects.count() >= 2
    assert RepairOrder.objects.filter(hold_reason="client").exists()
    assert RepairOrder.objects.exclude(phase=CLOSED).earliest("accepted_at").accepted_at >= NOW - days.LIVED


def every_rouble_is_accounted_for() -> None:
    for account in Account.objects.all():
        assert account.due == account.charges.aggregate(sum=Sum("amount", default=0))["sum"]
        taken = account.payments.filter(refund_of=None).aggregate(sum=Sum("amount", default=0))["sum"]
        returned = account.payments.filter(refund_of__isnull=False).aggregate(sum=Sum("amount", default=0))["sum"]
        assert account.paid == taken - returned
    asked = RepairOrder.objects.filter(phase=CLOSED, pay_type="customer_pay", total__gt=0).exclude(outcome=CANCELLED)
    assert set(asked.values_list("number", flat=True)) == set(
        Account.objects.filter(due_since__isnull=False).values_list("order_number", flat=True)
    )
    assert not Account.objects.indebted().exclude(customer__kind=COMPANY).exists()
    assert not Payment.objects.filter(entity=None).exists()
    told = Counter(Event.objects.filter(kind__startswith="money.").values_list("kind", flat=True))
    assert told["money.charged"] == Charge.objects.filter(kind="charged").count()
    assert told["money.paid"] == Payment.objects.filter(refund_of=None).count()
    for centre in Centre.objects.all():
        (sheet,) = centre_ledger(centre, Period(NOW.date() - timedelta(days=800), NOW.date()))
        assert sheet.total.kept == Account.objects.filter(centre=centre).aggregate(sum=Sum("paid"))["sum"]
        assert sum(sheet.total.by_method.values()) == sheet.total.kept
    assert prices_for(None, centre, "диагностика")


def the_drawers_were_counted_every_evening() -> None:
    for centre in Centre.objects.all():
        shifts = list(CashShift.objects.filter(centre=centre).order_by("number"))
        assert [shift.number for shift in shifts] == list(range(1, len(shifts) + 1))
        for earlier, later in pairwise(shifts):
            assert earlier.closed_at
            assert earlier.closed_at <= later.opened_at
            assert later.opening == earlier.counted
        for shift in shifts[:-1]:
            assert drawer_of(shift) == shift.expected
            assert shift.note or shift.counted == shift.expected
        assert shifts[-1].closed_at is None
        for payment in Payment.objects.filter(shift__centre=centre, shift__closed_at__isnull=False):
            assert payment.shift
            assert payment.shift.closed_at
            assert payment.shift.opened_at <= payment.at <= payment.shift.closed_at


def everybody_named_at_the_start_comes_in_and_finds_people() -> None:
    for login, name in log_ins():
        assert check_log_in(login=login, password=PASSWORD, address=None, now=NOW).name == name
    director = check_log_in(login="director", password=PASSWORD, address=None, now=NOW)
    customer = Customer.objects.latest("latest_order_at")
    number = customer.phones.get().number
    assert search.find(number[-7:], "customer", Customer.objects.visible_to(director)) == [customer.pk]


def the_desk_goes_on_from_the_demo(n: int) -> None:
    order = RepairOrder.objects.filter(stage__code="told", outcome="").latest("accepted_at")
    by: Any = order.accepted_by
    left = actions.left_at_hand_over(order)
    paid = actions.Paid("cash", left) if left else None
    actions.hand_over(order=order, outcome=REPAIRED, paid=paid, by=by, now=NOW + timedelta(minutes=1))
    again = actions.accept(
        centre=order.centre, customer=order.customer, asset=order.asset, told=actions.Told(fault_text="Снова"),
        promised_at=NOW + timedelta(days=1), by=by, now=NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert (again.number, again.stage.code) == (n + 1, "accepted")
    assert filling.is_demo()

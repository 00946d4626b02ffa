"""The estimate: exact sums, the client's word, what voids it, declined work that is offered again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import ACCOUNTANT, RECEPTIONIST, TECHNICIAN
from dovolen.desk.core.changes import Stale
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import Approval, Line, RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

LATER = NOON + timedelta(hours=2)


@given(st.integers(1, 10**8), st.integers(0, 10**12))
def test_an_amount_is_quantity_times_price_rounded_half_up(thousandths: int, price: int) -> None:
    exact = Fraction(thousandths * price, 1000)

    assert actions.amount_of(Decimal(thousandths) / 1000, price) == floor(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("1", 1999, 1999), ("0.5", 1, 1), ("0.5", 3, 2), ("1.5", 1999, 2999), ("0.001", 499, 0)],
)
def test_half_a_kopeck_is_a_kopeck(quantity: str, price: int, amount: int) -> None:
    assert actions.amount_of(Decimal(quantity), price) == amount


def line(order: RepairOrder, by: Staff, **values: Any) -> Line:
    told = {"kind": "labour", "name": "Пайка", "price": 100_000} | values
    return actions.add_line(order=order, by=by, now=NOON, **told)


@pytest.mark.django_db
def test_a_line_is_added_and_the_order_row_knows_what_all_come_to(director: Staff) -> None:
    order = make.order(by=director, category=make.category())

    work = line(order, director, price=100_050, quantity="1.5", cost=30_001, norm_minutes=45)
    part = line(order, director, kind="part", name="Шлейф", price=50_000, quantity=2, cost=20_000, warranty_days=10)
    fee = line(order, director, kind="fee", name="Срочность", price=30_000)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (work.amount, part.amount, fee.amount) == (150_075, 100_000, 30_000)
    assert (work.warranty_days, part.warranty_days, fee.warranty_days) == (90, 10, 0)
    assert [one.position for one in (work, part, fee)] == [1, 2, 3]
    assert (kept.total, kept.n_waiting_lines) == (280_075, 3)
    assert (kept.parts_cost, kept.labour_cost, kept.norm_minutes) == (40_000, 45_002, 68)
    facts = make.facts(order, "order.line_added")
    assert (facts["line"], facts["line_kind"], facts["amount"], facts["total"]) == (fee.pk, "fee", 30_000, 280_075)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": " \0 "}, actions.NoText),
        ({"name": "я" * 201}, actions.TooLong),
        ({"kind": "gift"}, actions.UnknownCode),
        ({"price": -1}, actions.OutOfRange),
        ({"price": 10**12 + 1}, actions.OutOfRange),
        ({"price": 10**12, "quantity": 2}, actions.OutOfRange),
        ({"cost": -1}, actions.OutOfRange),
        ({"norm_minutes": -1}, actions.OutOfRange),
        ({"warranty_days": 4000}, actions.OutOfRange),
        ({"quantity": 0}, actions.BadQuantity),
        ({"quantity": "-1"}, actions.BadQuantity),
        ({"quantity": "0.0004"}, actions.BadQuantity),
        ({"quantity": "много"}, actions.BadQuantity),
        ({"quantity": "NaN"}, actions.BadQuantity),
        ({"quantity": "Infinity"}, actions.BadQuantity),
        ({"quantity": "1e30"}, actions.BadQuantity),
    ],
)
def test_what_is_no_line_is_refused(director: Staff, values: Any, refusal: Any) -> None:
    order = make.order(by=director)

    with pytest.raises(refusal):
        line(order, director, **values)

    assert RepairOrder.objects.get(pk=order.pk).total == 0


@pytest.mark.django_db
def test_lines_are_priced_by_whoever_may_on_an_open_order(director: Staff) -> None:
    money = make.staff("money", (director.centre, ACCOUNTANT))
    with pytest.raises(NotAllowed):
        line(make.order(by=director), money)
    with pytest.raises(actions.Closed):
        line(make.order(by=director, at="picked_up"), director)
    with pytest.raises(actions.NotATechnician):
        line(make.order(by=director), director, technician=money)


@pytest.mark.django_db
def test_no_order_has_lines_without_end(director: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    from dovolen.desk.orders.actions import estimate

    monkeypatch.setattr(estimate, "MOST_LINES", 2)
    order = make.order(by=director, lines=make.price_list)

    with pytest.raises(actions.TooManyLines):
        line(order, director)


# ── Changed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_changed_line_changes_the_sums(director: Staff) -> None:
    order = make.order(by=director)
    work = line(order, director)

    changed = actions.change_line(line=work, seen=1, by=director, now=LATER, price=250_000, quantity="2", cost=7)

    kept = Line.objects.get(pk=work.pk)
    assert changed == ["cost", "price", "quantity"]
    assert (kept.amount, kept.version, work.amount) == (500_000, 2, 500_000)
    assert RepairOrder.objects.get(pk=order.pk).total == 500_000
    assert make.facts(order, "order.line_changed")["before"] == 100_000


@pytest.mark.django_db
def test_who_saw_an_older_line_is_told_the_difference(director: Staff) -> None:
    work = line(make.order(by=director), director)
    old_page = Line.objects.get(pk=work.pk)
    actions.change_line(line=work, seen=1, by=director, now=LATER, price=250_000)

    with pytest.raises(Stale) as stale:
        actions.change_line(line=old_page, seen=1, by=director, now=LATER, price=300_000)
    with pytest.raises(Stale):
        actions.remove_line(line=old_page, seen=1, by=director, now=LATER)

    assert [(one.field, one.theirs, one.mine) for one in stale.value.differences] == [("price", 250_000, 300_000)]
    assert Line.objects.get(pk=work.pk).amount == 250_000


@pytest.mark.django_db
def test_nothing_changed_leaves_nothing(director: Staff) -> None:
    order = make.order(by=director)
    work = line(order, director)

    assert actions.change_line(line=work, seen=1, by=director, now=LATER, price=100_000, quantity="1.000") == []
    assert "order.line_changed" not in make.events(order)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"price": 100_001}, "proposed"),
        ({"quantity": 2}, "proposed"),
        ({"name": "Чистка"}, "proposed"),
        ({"kind": "fee"}, "proposed"),
        ({"warranty_days": 5}, "proposed"),
        ({"price": 99_999}, "approved"),
        ({"warranty_days": 60}, "approved"),
        ({"cost": 5, "norm_minutes": 10, "position": 7}, "approved"),
    ],
)
def test_the_clients_yes_holds_for_what_is_not_dearer_nor_other_nor_worse(
    director: Staff, values: Any, state: str
) -> None:
    order = make.order(by=director)
    work = line(order, director, warranty_days=30)
    make.approve(order, by=director)
    work.refresh_from_db()

    actions.change_line(line=work, seen=work.version, by=director, now=LATER, **values)

    kept = Line.objects.get(pk=work.pk)
    assert kept.state == state
    assert (kept.decided_at is None) == (kept.approval is None) == (state == "proposed")
    assert RepairOrder.objects.get(pk=order.pk).n_waiting_lines == (state == "proposed")
    assert make.facts(order, "order.line_changed")["is_open_again"] is (state == "proposed")


@pytest.mark.django_db
def test_a_declined_line_with_another_price_waits_for_his_word_again(director: Staff) -> None:
    order = make.order(by=director)
    work = line(order, director)
    decide(order, director, declined={work.pk: "Дорого"})
    work.refresh_from_db()

    actions.change_line(line=work, seen=work.version, by=director, now=LATER, price=50_000)

    kept = Line.objects.get(pk=work.pk)
    assert (kept.state, kept.decline_reason, kept.offer_again_on) == ("proposed", "", None)
    assert RepairOrder.objects.get(pk=order.pk).total == 50_000


@pytest.mark.django_db
def test_costs_are_written_by_those_who_see_them(director: Staff) -> None:
    work = line(make.order(by=director), director)
    desk = make.staff("desk", (director.centre, RECEPTIONIST))

    with pytest.raises(NotAllowed):
        actions.change_line(line=work, seen=1, by=desk, now=LATER, cost=1)
    actions.change_line(line=work, seen=1, by=desk, now=LATER, price=1)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["amount", "state", "order", "approval", "version", "warranty_until", "offered_in"])
def test_a_form_changes_nothing_else_of_a_line(director: Staff, field: str) -> None:
    work = line(make.order(by=director), director)

    with pytest.raises(TypeError):
        actions.change_line(line=work, seen=1, by=director, now=LATER, **{field: 1})


@pytest.mark.django_db
def test_a_removed_line_leaves_its_name_in_the_journal_and_nothing_in_the_sums(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    work, part = order.lines.all()

    actions.remove_line(line=part, seen=1, by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (list(kept.lines.all()), kept.total, kept.parts_cost) == ([work], work.amount, 0)
    facts = make.facts(order, "order.line_removed")
    assert (facts["line"], facts["amount"]) == (part.pk, part.amount)
    with pytest.raises(actions.NotOfThisOrder):
        actions.remove_line(line=Line(pk=part.pk, order=order), seen=1, by=director, now=LATER)


@pytest.mark.django_db
def test_what_the_client_declined_is_not_removed(director: Staff) -> None:
    order = make.order(by=director)
    work = line(order, director)
    decide(order, director, declined={work.pk: ""})

    with pytest.raises(actions.KeptDeclined):
        actions.remove_line(line=work, seen=2, by=director, now=LATER)
    with pytest.raises(NotAllowed):
        actions.remove_line(line=work, seen=2, by=make.staff("m", (director.centre, ACCOUNTANT)), now=LATER)


@pytest.mark.django_db
def test_lines_of_a_closed_order_stand(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list, at="picked_up")
    work = order.lines.first()

    with pytest.raises(actions.Closed):
        actions.change_line(line=work, seen=work.version, by=director, now=LATER, price=1)
    with pytest.raises(actions.Closed):
        actions.remove_line(line=work, seen=work.version, by=director, now=LATER)
    with pytest.raises(actions.Closed):
        decide(order, director, approved=[work.pk])


# ── The client's word ────────────────────────────────────────────────────────────────────────────────────────────────


def decide(
    order: RepairOrder, by: Staff, *, approved: Any = (), declined: Any = None, who: str = "Марина", how: str = "call"
) -> Approval:
    return actions.record_approval(
        order=order, approved=approved, declined=declined or {}, who=who, told_how=how, note="Да", by=by, now=LATER
    )


@pytest.mark.django_db
def test_yes_and_no_line_by_line(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    work, part = order.lines.all()

    made = decide(order, director, approved=[work.pk], declined={part.pk: " Дорого "})

    yes, no = Line.objects.get(pk=work.pk), Line.objects.get(pk=part.pk)
    assert (yes.state, yes.decided_at, yes.approval, yes.version) == ("approved", LATER, made, 2)
    assert (no.state, no.decline_reason, no.offer_again_on) == ("declined", "Дорого", date(2027, 2, 18))
    assert (made.who, made.told_how, made.amount, made.note, made.by) == ("Марина", "call", work.amount, "Да", director)
    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.total, kept.n_waiting_lines, kept.parts_cost) == (work.amount, 0, 0)
    facts = make.facts(order, "order.approved")
    assert (facts["approved"], facts["declined"], facts["amount"]) == ([work.pk], [part.pk], work.amount)


@pytest.mark.django_db
def test_he_may_change_his_mind_and_what_was_agreed_keeps_its_approval(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    work, part = order.lines.all()
    first = decide(order, director, approved=[work.pk], declined={part.pk: ""})

    second = decide(order, director, approved=[work.pk, part.pk])

    assert Line.objects.get(pk=work.pk).approval == first
    assert Line.objects.get(pk=part.pk).approval == second
    assert Line.objects.get(pk=part.pk).offer_again_on is None
    assert second.amount == work.amount + part.amount
    decide(order, director, declined={work.pk: "Передумал"})
    assert RepairOrder.objects.get(pk=order.pk).total == part.amount


@pytest.mark.django_db
def test_a_word_is_about_lines_of_this_order_each_once(director: Staff) -> None:
    order, other = (make.order(by=director, lines=make.price_list) for _ in range(2))
    work, _ = order.lines.all()
    foreign = other.lines.first()

    for approved, declined, refusal in (
        ([], {}, actions.NothingDecided),
        ([work.pk], {work.pk: ""}, actions.NothingDecided),
        ([foreign.pk], {}, actions.NotOfThisOrder),
        ([work.pk], {foreign.pk: ""}, actions.NotOfThisOrder),
    ):
        with pytest.raises(refusal):
            decide(order, director, approved=approved, declined=declined)
    decide(order, director, approved=[work.pk])
    with pytest.raises(actions.NothingDecided):
        decide(order, director, approved=[work.pk])
    assert Line.objects.filter(state="approved").count() == Approval.objects.count() == 1


@pytest.mark.django_db
def test_an_approval_says_who_and_how_and_is_recorded_by_whoever_may(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    keys = [one.pk for one in order.lines.all()]

    with pytest.raises(actions.NoText):
        decide(order, director, approved=keys, who="  ")
    with pytest.raises(actions.UnknownCode):
        decide(order, director, approved=keys, how="not_yet")
    with pytest.raises(actions.TooLong):
        decide(order, director, declined={keys[0]: "я" * 201})
    with pytest.raises(NotAllowed):
        decide(order, make.staff("m", (director.centre, TECHNICIAN)), approved=keys)
    assert not Approval.objects.exists()


# ── Offered again ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def declined(director: Staff) -> Line:
    """Work that was declined in an order since handed over."""
    order = make.order(by=director, lines=make.price_list)
    work, part = order.lines.all()
    decide(order, director, approved=[part.pk], declined={work.pk: "Не сейчас"})
    make.bring(order, "picked_up", by=director)
    return Line.objects.get(pk=work.pk)


@pytest.mark.django_db
def test_declined_work_is_proposed_in_a_later_order_once(director: Staff, declined: Line) -> None:
    later = make.order(by=director, customer=declined.order.customer)
    another = make.order(by=director, customer=declined.order.customer)

    made = actions.offer_again(line=declined, order=later, by=director, now=LATER)

    assert (made.order, made.name, made.price, made.state) == (later, declined.name, declined.price, "proposed")
    assert Line.objects.get(pk=declined.pk).offered_in == later
    assert RepairOrder.objects.get(pk=later.pk).total == made.amount
    assert make.facts(later, "order.offered_again") | {"line": made.pk, "earlier": declined.pk} == make.facts(
        later, "order.offered_again"
    )
    with pytest.raises(actions.NotDeclined):
        actions.offer_again(line=declined, order=another, by=director, now=LATER)


@pytest.mark.django_db
def test_taken_out_again_it_is_declined_work_as_before(director: Staff, declined: Line) -> None:
    later = make.order(by=director, customer=declined.order.customer)
    made = actions.offer_again(line=declined, order=later, by=director, now=LATER)

    actions.remove_line(line=made, seen=1, by=director, now=LATER)

    assert Line.objects.get(pk=declined.pk).offered_in is None


@pytest.mark.django_db
def test_what_is_offered_elsewhere_gets_its_word_there(director: Staff) -> None:
    customer = make.person(by=director)
    order = make.order(by=director, customer=customer, lines=make.price_list)
    work, _ = order.lines.all()
    decide(order, director, declined={work.pk: ""})
    actions.offer_again(line=work, order=make.order(by=director, customer=customer), by=director, now=LATER)

    with pytest.raises(actions.NotDeclined):
        decide(order, director, approved=[work.pk])


@pytest.mark.django_db
def test_only_declined_work_of_this_client_or_asset_is_offered_again(director: Staff, declined: Line) -> None:
    order = make.order(by=director, customer=declined.order.customer)
    approved = declined.order.lines.get(state="approved")
    stranger = make.order(by=director)

    for line_, where in ((approved, order), (declined, stranger), (declined, declined.order)):
        with pytest.raises((actions.NotDeclined, actions.Closed)):
            actions.offer_again(line=line_, order=where, by=director, now=LATER)
    with pytest.raises(NotAllowed):
        actions.offer_again(line=declined, order=order, by=make.staff("m", (director.centre, ACCOUNTANT)), now=LATER)
    assert Line.objects.get(pk=declined.pk).offered_in is None

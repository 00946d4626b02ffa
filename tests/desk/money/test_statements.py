"""Bank statements: read in once, shown with what would be booked, booked to the kopeck."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.values import NoText
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import IGNORED, MATCHED, NEW, Invoice, LegalEntity, Payment, Statement, StatementLine
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_ledger
from tests.desk.cast import House
from tests.desk.conftest import NOON
from tests.desk.make_statements import OTHER, document, statement

pytestmark = pytest.mark.django_db
TWELVE = {"НазначениеПлатежа": "Оплата по счёту № 12", "Сумма": "5000.00", "ПлательщикИНН": "7707083893"}


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def entity(house: House) -> LegalEntity:
    return make_ledger.entity(by=house.olga, centres=(house.north, house.south))


@pytest.fixture
def client_company(house: House) -> Customer:
    return make.company(by=house.olga, centre=house.north)


@pytest.fixture
def twelve(house: House, entity: LegalEntity, client_company: Customer) -> Invoice:
    return make_ledger.invoice(by=house.olga, entity=entity, customer=client_company, centre=house.north)


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    return client


def text_of(response: Any) -> str:
    """What a page says, its tied blanks as plain ones."""
    return str(response.content.decode()).replace("\u00a0", " ")


def read_in(by: Staff, *documents: str) -> Statement:
    return actions.import_statement(data=statement(*documents), name="kl_to_1c.txt", by=by, now=NOON)


def lines(one: Statement) -> list[StatementLine]:
    return list(StatementLine.objects.filter(statement=one).select_related("statement__entity").order_by("pk"))


# ── Reading in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_reading_in_books_nothing_and_counts_what_it_passed_over(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(**TWELVE), document(ПолучательСчет=OTHER), document(Сумма="x"))

    assert (made.n_lines, made.n_new) == (1, 1)
    assert not Payment.objects.exists()
    facts = queries.facts_of(made)
    assert (facts["n_others"], facts["n_malformed"], facts["is_whole"]) == (1, 1, True)


def test_the_same_line_is_never_read_in_twice(house: House, entity: LegalEntity) -> None:
    read_in(house.olga, document(), document(Номер="2"))

    again = read_in(house.olga, document(Номер="2"), document(), document(), document(Номер="3"))

    assert (again.n_lines, again.n_new) == (4, 2)
    assert StatementLine.objects.count() == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Файл пуст"),
        (b"Hello", "не файл обмена"),
        (statement(document(), version="9.9"), "Версия формата 9.9"),
        (statement(document(), account=OTHER), "такого нет ни у одного продавца"),
        (statement(document(ПолучательСчет=OTHER)), "Поступлений в файле нет"),
    ],
)
def test_each_refusal_is_one_clear_sentence_and_leaves_nothing(
    house: House, entity: LegalEntity, data: bytes, words: str
) -> None:
    page = signed_in(house.olga).post("/money/statements/", {"file": SimpleUploadedFile("a.txt", data or b" ")})

    assert words in text_of(page)
    assert not Statement.objects.exists()


def test_a_file_of_accounts_of_two_sellers_is_refused(house: House, entity: LegalEntity) -> None:
    LegalEntity.objects.create(name="Второй", legal_name="Второй", account=OTHER)
    data = statement(document()).replace(
        b"\xd0\xe0\xf1\xf7\xd1\xf7\xe5\xf2=", f"РасчСчет={OTHER}\r\nРасчСчет=".encode("cp1251"), 1
    )

    with pytest.raises(actions.SeveralAccounts):
        actions.import_statement(data=data, name="a.txt", by=house.olga, now=NOON)


def test_who_works_at_one_of_its_centres_reads_no_statement_of_a_seller_of_both(
    house: House, entity: LegalEntity
) -> None:
    made = read_in(house.olga, document())

    with pytest.raises(NotAllowed):
        read_in(house["accountant.north"], document(Номер="2"))
    assert signed_in(house["accountant.north"]).get(f"/money/statements/{made.pk}/").status_code == 404


# ── Booking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_exact_line_is_chosen_beforehand_and_booked_as_a_transfer(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(**TWELVE))
    (waiting,) = queries.waiting(made, house.olga)
    client = signed_in(house.olga)

    page = text_of(client.get(f"/money/statements/{made.pk}/"))
    assert "точно" in page
    assert "номер счёта назван, сумма та же, ИНН тот же" in page
    assert waiting.chosen == str(twelve.pk)
    sent = client.post(f"/money/statements/{made.pk}/", {f"line{waiting.line.pk}-choice": waiting.chosen})

    assert sent.status_code == 302
    payment = Payment.objects.get()
    assert (payment.method, payment.amount, payment.invoice, payment.statement_line) == (
        "transfer", 500_000, twelve, waiting.line,
    )  # fmt: skip
    assert payment.account.order_number == twelve.order_number
    line = StatementLine.objects.get()
    assert (line.fate, line.decided_by) == (MATCHED, house.olga)
    assert queries.waiting(made, house.olga) == []
    assert "statement.line_booked" in journal.timeline(made).values_list("kind", flat=True)


def test_a_doubtful_line_is_left_unless_it_is_chosen(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(Сумма="5000.00", НазначениеПлатежа="За ремонт"))
    (waiting,) = queries.waiting(made, house.olga)

    signed_in(house.olga).post(f"/money/statements/{made.pk}/", {f"line{waiting.line.pk}-choice": ""})

    assert waiting.chosen == ""
    assert not Payment.objects.exists()
    assert StatementLine.objects.get().fate == NEW


@pytest.mark.parametrize(("sum_", "left"), [("2000.00", 300_000), ("7000.00", -200_000)])
def test_a_part_leaves_the_rest_and_more_is_paid_ahead(house: House, twelve: Invoice, sum_: str, left: int) -> None:
    made = read_in(house.olga, document(**(TWELVE | {"Сумма": sum_})))
    (waiting,) = queries.waiting(made, house.olga)

    (payment,) = actions.book_line(line=lines(made)[0], shares=waiting.offers[0].bills, by=house.olga, now=NOON)

    assert waiting.chosen == ""
    assert twelve.amount - payment.amount == left
    still_open = queries.open_bills(twelve.entity, {house.north.pk})
    assert [bill.amount - bill.received for bill in still_open] == ([300_000] if left > 0 else [])


def test_one_payment_for_two_bills_is_a_choice_and_splits_to_the_kopeck(
    house: House, entity: LegalEntity, client_company: Customer, twelve: Invoice
) -> None:
    thirteen = make_ledger.invoice(
        by=house.olga, entity=entity, number="13", amount=300_001, customer=client_company, order_number=2,
        centre=house.north,
    )  # fmt: skip
    made = read_in(house.olga, document(НазначениеПлатежа="По счетам №№ 12, 13", Сумма="8000.01"))
    (waiting,) = queries.waiting(made, house.olga)
    both = f"{thirteen.pk}-{twelve.pk}"

    client = signed_in(house.olga)
    page = text_of(client.get(f"/money/statements/{made.pk}/"))
    assert waiting.chosen == ""
    assert "Разделить" in page
    client.post(f"/money/statements/{made.pk}/", {f"line{waiting.line.pk}-choice": both})

    paid = {payment.invoice_id: payment.amount for payment in Payment.objects.all()}
    assert paid == {twelve.pk: 500_000, thirteen.pk: 300_001}


def test_two_equal_payments_do_not_both_surely_pay_one_bill(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(**TWELVE), document(**TWELVE))

    assert [waiting.chosen for waiting in queries.waiting(made, house.olga)] == [str(twelve.pk), ""]


def test_another_bill_may_be_named_and_a_wrong_number_is_told(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(Сумма="123.00", НазначениеПлатежа="За ремонт"))
    key, client = lines(made)[0].pk, signed_in(house.olga)

    refused = client.post(f"/money/statements/{made.pk}/", {f"line{key}-choice": "other", f"line{key}-detail": "99"})
    assert "с таким номером нет" in text_of(refused)
    assert not Payment.objects.exists()
    client.post(f"/money/statements/{made.pk}/", {f"line{key}-choice": "other", f"line{key}-detail": "№ 12"})

    assert Payment.objects.get().invoice == twelve


def test_a_line_left_alone_says_why_and_may_be_taken_back(house: House, twelve: Invoice) -> None:
    made = read_in(house.olga, document(НазначениеПлатежа="Возврат поставщика"))
    (line,) = lines(made)
    client = signed_in(house.olga)

    with pytest.raises(NoText):
        actions.ignore_line(line=line, reason=" ", by=house.olga, now=NOON)
    sent = {f"line{line.pk}-choice": "ignore", f"line{line.pk}-detail": "возврат поставщика"}
    client.post(f"/money/statements/{made.pk}/", sent)
    assert StatementLine.objects.get().fate == IGNORED
    assert "возврат поставщика" in text_of(client.get(f"/money/statements/{made.pk}/"))
    client.post(f"/money/statements/lines/{line.pk}/")

    assert StatementLine.objects.get().fate == NEW


def test_a_line_is_decided_once(house: House, twelve: Invoice) -> None:
    (line,) = lines(read_in(house.olga, document(**TWELVE)))
    actions.book_line(line=line, shares=[(twelve, 500_000)], by=house.olga, now=NOON)

    for again in (
        lambda: actions.book_line(line=line, shares=[(twelve, 500_000)], by=house.olga, now=NOON),
        lambda: actions.ignore_line(line=line, reason="x", by=house.olga, now=NOON),
        lambda: actions.reconsider_line(line=line, by=house.olga, now=NOON),
    ):
        with pytest.raises(actions.LineDecided):
            again()
    assert Payment.objects.count() == 1


def test_shares_make_up_the_line_and_bills_are_of_its_seller(house: House, twelve: Invoice) -> None:
    (line,) = lines(read_in(house.olga, document(**TWELVE)))
    other = make_ledger.entity(by=house.olga, centres=(), name="Второй", account="", corr_account="")
    stranger = make_ledger.invoice(
        by=house.olga, entity=other, number="7", customer=twelve.customer, centre=house.north, order_number=9
    )

    with pytest.raises(actions.SharesWrong):
        actions.book_line(line=line, shares=[(twelve, 499_999)], by=house.olga, now=NOON)
    with pytest.raises(actions.NotItsEntity):
        actions.book_line(line=line, shares=[(stranger, 500_000)], by=house.olga, now=NOON)
    actions.cancel_invoice(invoice=twelve, by=house.olga, now=NOON)
    with pytest.raises(actions.InvoiceCancelled):
        actions.book_line(line=line, shares=[(twelve, 500_000)], by=house.olga, now=NOON)
    assert StatementLine.objects.get().fate == NEW


@pytest.mark.django_db(transaction=True)
def test_two_who_book_one_line_at_once_pay_it_once(in_threads: Any) -> None:
    house = cast.full()
    entity = make_ledger.entity(by=house.olga, centres=(house.north,))
    bill = make_ledger.invoice(by=house.olga, entity=entity, centre=house.north)
    (line,) = lines(read_in(house.olga, document(**TWELVE)))

    def book() -> bool:
        own = StatementLine.objects.select_related("statement__entity").get(pk=line.pk)
        try:
            actions.book_line(line=own, shares=[(bill, 500_000)], by=house.olga, now=NOON)
        except actions.LineDecided:
            return False
        return True

    assert sorted(in_threads(book, book, book)) == [False, False, True]
    assert Payment.objects.count() == 1


def test_the_page_asks_the_same_at_every_size(
    house: House, entity: LegalEntity, client_company: Customer, django_assert_max_num_queries: Any
) -> None:
    for n in range(1, 12):
        make_ledger.invoice(
            by=house.olga, entity=entity, number=str(n), customer=client_company, order_number=n, centre=house.north
        )
    made = read_in(house.olga, *(document(Номер=str(n), **TWELVE) for n in range(15)))
    client = signed_in(house.olga)

    with django_assert_max_num_queries(12):
        client.get(f"/money/statements/{made.pk}/")
    with django_assert_max_num_queries(9):
        client.get("/money/statements/")

"""Papers as they are drawn up: what stands in them, their numbers, their bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.core.models import Counter
from dovolen.desk.documents import actions, press, queries
from dovolen.desk.documents.models import KINDS, Document
from dovolen.desk.money import actions as money
from dovolen.desk.money.models import Invoice, Seller
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.timeline import timeline
from tests.desk import cast, make, make_documents
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
MILLION = "Один миллион один рубль 01 копейка"
OF_SUMS = [kind for kind in KINDS if kind not in ("receipt", "warranty", "waybill")]


@pytest.fixture
def house() -> cast.House:
    return cast.full()


@pytest.fixture
def receptionist(house: cast.House) -> Any:
    make_documents.seller(house.north)
    return house["manager.north"]


def drawn(kind: str, order: Any, by: Any, **more: Any) -> Document:
    return actions.draw_up(kind=kind, order=order, by=by, now=NOON, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_each_paper_says_who_what_and_how_much(receptionist: Any, kind: str) -> None:
    order = make_documents.order(by=receptionist, at="ready" if kind == "invoice" else "picked_up")

    document = drawn(kind, order, receptionist)

    read = make_documents.text_of(make_documents.bytes_of(document))
    assert (document.number, document.year, document.form) == (1, 2026, f"{kind}-1")
    for told in ("ООО «Ромашка»", str(order.number), "Матрица NE160QDM", "20 ноября 2026 г."):
        assert told in read, told
    if kind in OF_SUMS:
        assert "1 000 001,01" in read
        assert "без ндс" in read.lower()
    if kind in ("estimate", "work_order", "act", "invoice"):
        assert MILLION in read
    facts = make.facts(order, "order.paper_drawn_up")
    assert (facts["paper"], facts["called"], facts["document"]) == (kind, "1", document.pk)


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_go_on_by_kind_centre_and_year_of_the_centre(house: cast.House) -> None:
    for centre in (house.north, house.south):
        make_documents.seller(centre, name=centre.name)
    north = make_documents.order(by=house["manager.north"], at="accepted")
    south = make_documents.order(by=house["manager.south"], at="accepted")
    eve = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)  # half past eleven in Moscow, half past one in Yekaterinburg

    def number(order: Any, kind: str, who: str, now: datetime = NOON) -> tuple[int, int]:
        made = actions.draw_up(kind=kind, order=order, by=house[who], now=now)
        return made.year, made.number

    assert [number(north, "estimate", "manager.north") for _ in range(2)] == [(2026, 1), (2026, 2)]
    assert number(north, "work_order", "manager.north") == (2026, 1)
    assert number(south, "estimate", "manager.south") == (2026, 1)
    assert number(north, "estimate", "manager.north", eve) == (2026, 3)
    assert number(south, "estimate", "manager.south", eve) == (2027, 1)


def test_a_seller_with_several_centres_names_the_centre_in_its_numbers(house: cast.House) -> None:
    entity = make_documents.seller(house.north)
    Seller.objects.create(centre=house.south, entity=entity)
    order = make_documents.order(by=house["manager.north"], at="accepted")

    document = drawn("estimate", order, house["manager.north"])

    assert document.facts["number"] == f"1/{house.north.pk}"
    assert f"Смета № 1/{house.north.pk}" in make_documents.text_of(make_documents.bytes_of(document))


def test_a_paper_that_was_not_printed_or_not_kept_leaves_no_gap(
    receptionist: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_documents.order(by=receptionist, at="accepted")

    def fail(*_: Any, **__: Any) -> Any:
        raise press.NotPrinted

    with monkeypatch.context() as patch:
        patch.setattr("dovolen.desk.documents.actions.papers.printed", fail)
        with pytest.raises(press.NotPrinted):
            drawn("estimate", order, receptionist)
    with monkeypatch.context() as patch:
        patch.setattr("dovolen.desk.documents.actions.papers.files.keep", fail)
        with pytest.raises(press.NotPrinted):
            drawn("estimate", order, receptionist)

    assert drawn("estimate", order, receptionist).number == 1
    assert Counter.objects.get(kind="paper.estimate").last == 1


def test_who_was_not_quick_enough_gets_the_next_number_on_his_paper_too(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="accepted")
    slow = actions.prepare(kind="estimate", order=order, by=receptionist, now=NOON)
    drawn("estimate", order, receptionist)

    kept = actions.keep(draft=slow)

    assert (slow.number, kept.number) == (1, 2)
    assert "Смета № 2" in make_documents.text_of(make_documents.bytes_of(kept))


@pytest.mark.django_db(transaction=True)
def test_papers_drawn_up_at_once_have_numbers_without_gaps_and_doubles(in_threads: Any) -> None:
    house = cast.full()
    make_documents.seller(house.north)
    by = house["manager.north"]
    order = make_documents.order(by=by, at="accepted")

    made = in_threads(*[lambda: drawn("estimate", order, by) for _ in range(6)])

    assert sorted(one.number for one in made) == [1, 2, 3, 4, 5, 6]
    for one in made:
        assert f"Смета № {one.number} " in make_documents.text_of(make_documents.bytes_of(one))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_draw_up_one_act_one_succeeds(in_threads: Any) -> None:
    house = cast.full()
    make_documents.seller(house.north)
    by = house["manager.north"]
    order = make_documents.order(by=by)

    def attempt() -> Any:
        try:
            return drawn("act", order, by)
        except actions.DrawnUpAlready as refusal:
            return refusal

    answers = in_threads(attempt, attempt, attempt)

    assert sum(isinstance(one, Document) for one in answers) == 1
    assert Counter.objects.get(kind="paper.act").last == 1


# ── Bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["act", "transfer", "waybill"])
def test_facts_that_were_kept_print_the_same_bytes_again(receptionist: Any, kind: str) -> None:
    from dovolen.desk.core.words import in_language

    document = drawn(kind, make_documents.order(by=receptionist), receptionist)

    again = press.printed(
        document.form, document.facts, at=document.at, words=in_language("ru").beginning_with("papers.form.")
    )

    assert again.pdf == make_documents.bytes_of(document)
    assert again.n_pages == document.facts["n_pages"]


def test_what_changes_later_changes_no_paper(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="accepted")
    document = drawn("estimate", order, receptionist)
    before = make_documents.bytes_of(document)
    orders.change_order(order=order, seen=order.version, by=receptionist, now=NOON, fault_text="Другое")

    assert make_documents.bytes_of(Document.objects.get()) == before
    assert "Нет изображения" in make_documents.text_of(before)


# ── What stands in them ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_receipt_leads_to_the_clients_page_and_its_row_keeps_no_key(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="accepted", accessories="Зарядное устройство")

    document = drawn("receipt", order, receptionist)

    token = orders.link_of(order, now=NOON)
    pdf = make_documents.bytes_of(document)
    (address,) = make_documents.codes_in(pdf)
    assert address.endswith(f"/c/{token}/")
    assert token not in str(document.facts)
    read = make_documents.text_of(pdf)
    assert "Зарядное устройство" in read
    assert "простой электронной подписью" in read
    assert document.amount is None


def test_the_bill_is_kept_as_an_invoice_and_its_code_pays_it_to_the_kopeck(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="ready")

    document = drawn("invoice", order, receptionist)

    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.amount, invoice.order_number) == ("1", 100_000_101, order.number)
    assert invoice.due_on == (NOON + timedelta(days=5)).date()
    (code,) = make_documents.codes_in(make_documents.bytes_of(document))
    assert code.startswith("ST00012|Name=ООО «Ромашка»|PersonalAcc=40702810740000432537|")
    assert "|Sum=100000101|" in code
    assert f"заказ-наряду № {order.number}. Без НДС" in code.replace("\u00a0", " ")


def test_a_bill_asks_for_what_is_left_after_the_prepayment(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="ready")
    money.take_payment(
        order_number=order.number, centre=order.centre, customer=order.customer, currency="RUB", method="card",
        amount=40_000_001, by=receptionist, now=NOON,
    )  # fmt: skip

    document = drawn("invoice", order, receptionist)

    assert Invoice.objects.get().amount == 60_000_100
    assert "|Sum=60000100|" in make_documents.codes_in(make_documents.bytes_of(document))[0]
    read = make_documents.text_of(make_documents.bytes_of(document))
    assert "Оплачено ранее 400 000,01" in read
    assert "К оплате: Шестьсот тысяч один рубль 00 копеек" in read


def test_voiding_a_bill_cancels_it_and_another_may_follow(receptionist: Any) -> None:
    document = drawn("invoice", make_documents.order(by=receptionist, at="ready"), receptionist)

    actions.void(document=document, reason="Не тот плательщик", by=receptionist, now=NOON)

    assert Invoice.objects.get().cancelled_at == NOON
    assert make.facts(document.order, "order.paper_voided")["document"] == document.pk
    with pytest.raises(actions.VoidedAlready):
        actions.void(document=document, reason="Ещё раз", by=receptionist, now=NOON)
    assert drawn("invoice", document.order, receptionist).number == 2


def test_tax_is_rounded_on_each_line_and_the_paper_is_the_sum_of_its_lines(house: cast.House) -> None:
    make_documents.seller(house.north, regime="osn", tax_code="22")
    lines = [{"kind": "labour", "name": f"Работа {n}", "price": 10_01} for n in range(3)]
    by = house["manager.north"]

    document = drawn("transfer", make_documents.order(by=by, lines=lines), by)

    told, totals = document.facts["lines"], document.facts["totals"]
    assert [line["tax"] for line in told] == ["1,81"] * 3  # 10,01 × 22 / 122 = 1,805…
    assert [line["net"] for line in told] == ["8,20"] * 3
    assert (totals["tax"], totals["net"], totals["amount"]) == ("5,43", "24,60", "30,03")
    assert document.facts["status"] == 1
    read = make_documents.text_of(make_documents.bytes_of(document))
    assert "22%" in read.replace(" ", "")
    for field in ("(5а)", "(5б)", "(6б)", "[8]", "[19]", "23 января 2026 г. № 26", "в рублях и копейках"):
        assert field in read, field


def test_without_tax_the_transfer_document_is_of_the_second_status_and_says_so(receptionist: Any) -> None:
    document = drawn("transfer", make_documents.order(by=receptionist), receptionist)

    assert document.facts["status"] == 2
    assert document.facts["totals"]["tax"] == "Без\u00a0НДС"
    assert {line["rate"] for line in document.facts["lines"]} == {"Без\u00a0НДС"}


def test_the_act_of_two_companies_names_who_acts_for_each_in_the_genitive(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, customer=make_documents.company(by=receptionist))

    read = make_documents.text_of(make_documents.bytes_of(drawn("act", order, receptionist)))

    assert "в лице генерального директора Мельник Ольги Петровны, действующей на основании Устава" in read
    assert "в лице Мисюры Андрея Васильевича, действующего на основании Устава" in read


def test_an_entrepreneur_signs_himself_and_has_no_kpp(house: cast.House) -> None:
    make_documents.seller(house.north, **make_documents.ENTREPRENEUR)
    by = house["manager.north"]
    order = make_documents.order(by=by)

    read = [make_documents.text_of(make_documents.bytes_of(drawn(kind, order, by))) for kind in ("act", "waybill")]

    assert "на основании Устава" not in read[0]
    assert "КПП" not in read[0]
    assert "Индивидуальный предприниматель" in read[1]


def test_an_unrepaired_device_is_given_back_by_an_act_that_claims_no_work(house: cast.House) -> None:
    make_documents.seller(house.north)
    by = house["manager.north"]
    order = make_documents.order(by=by, outcome="beyond_repair")

    read = make_documents.text_of(make_documents.bytes_of(drawn("act", order, by)))

    assert "Акт возврата без ремонта" in read
    assert "ремонт невозможен" in read
    assert "Работы выполнены" not in read


def test_papers_speak_english_where_asked_but_for_those_of_the_law(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist)

    act = drawn("act", order, receptionist, language="en")
    transfer = drawn("transfer", order, receptionist, language="en")

    read = make_documents.text_of(make_documents.bytes_of(act))
    assert "Completion act № 1" in read
    assert "One million and one roubles 01 kopeck" in read
    assert (act.language, transfer.language) == ("en", "ru")


@pytest.mark.parametrize("kind", KINDS)
def test_forty_long_lines_stay_inside_the_sheet_under_their_heads_and_no_signature_stands_alone(
    house: cast.House, kind: str
) -> None:
    import pypdfium2

    make_documents.seller(house.north, regime="osn", tax_code="22", legal_name="ООО «" + "Промэнергоремонт" * 9 + "»")
    by = house["manager.north"]
    name = "Восстановление цепей питания " + "Электрооборудование" * 4
    lines = [
        {"kind": "part", "name": f"{name} {n}", "price": 99_999_999, "quantity": 1, "warranty_days": 90}
        for n in range(40)
    ]
    order = make_documents.order(
        by=by, lines=lines, customer=make_documents.company(by=by, legal_name="АО «" + "Приборостроение" * 12 + "»"),
        at="ready" if kind == "invoice" else "picked_up", fault_text="Не включается " * 40,
    )  # fmt: skip

    pdf = make_documents.bytes_of(drawn(kind, order, by))

    with pypdfium2.PdfDocument(pdf) as opened:
        assert len(opened) > 1
        for page in opened:
            text, (width, height) = page.get_textpage(), page.get_size()
            for place in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(place)
                assert left >= 20 and right <= width - 20 and bottom >= 10 and top <= height - 10, place  # noqa: PT018
        pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in opened]
    head = {"transfer": "имущественных прав без налога", "waybill": "код по ОКЕИ"}.get(kind, "Наименование")
    assert all(head in page for page in pages if "Электрообору" in page.replace("\u200b", "").replace(" ", ""))
    if kind not in ("receipt", "warranty"):
        assert "999 999,99" in pages[-1].replace("\u00a0", " ")


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def refused(kind: str, order: Any, by: Any) -> str:
    """What is said of a paper that is not drawn up; nothing was written."""
    from dovolen.desk.core.errors import Refusal

    with pytest.raises(Refusal) as refusal:
        drawn(kind, order, by)
    assert not Document.objects.filter(kind=kind).exists()
    return str(refusal.value).replace("\u00a0", " ")


def test_without_a_seller_no_paper_is_drawn_up(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"])

    for kind in KINDS:
        if kind == "invoice":
            continue
        said = refused(kind, order, house["manager.north"])
        assert said.startswith("Не указано, от чьего имени продаёт центр «Север»"), kind
        assert "«Настройки»" in said


@pytest.mark.parametrize(
    ("field", "kind", "called"),
    [
        ("tax_number", "act", "ИНН"), ("legal_address", "receipt", "юридический адрес"),
        ("head_name", "transfer", "имя руководителя"), ("kpp", "waybill", "КПП"), ("account", "invoice", "расчётный счёт"),
        ("bik", "invoice", "БИК"),
    ],
)  # fmt: skip
def test_what_the_seller_lacks_is_named(house: cast.House, field: str, kind: str, called: str) -> None:
    make_documents.seller(house.north, **{field: ""})
    order = make_documents.order(by=house["manager.north"], at="ready")

    assert f"у продавца «Ромашка» не заполнено: {called}." in refused(kind, order, house["manager.north"])


def test_what_the_company_lacks_is_named(receptionist: Any) -> None:
    customer = make_documents.company(by=receptionist, tax_number="", legal_address="")
    order = make_documents.order(by=receptionist, customer=customer)

    assert "не заполнено: ИНН, юридический адрес." in refused("transfer", order, receptionist)


def test_a_paper_that_does_not_fit_the_order_is_refused_in_a_sentence(receptionist: Any) -> None:
    new = make_documents.order(by=receptionist, at="accepted")
    bare = make_documents.order(by=receptionist, at="accepted", lines=[])
    work = [{"kind": "labour", "name": "Чистка", "price": 100_00}]
    cancelled = make_documents.order(by=receptionist, at="accepted")
    orders.cancel(order=cancelled, reason="Передумал", by=receptionist, now=NOON)

    assert "ещё не готов" in refused("act", new, receptionist)
    assert "гарантии нет" in refused("warranty", new, receptionist)
    assert "нет ни одной строки" in refused("estimate", bare, receptionist)
    assert "нет запчастей" in refused("waybill", make_documents.order(by=receptionist, lines=work), receptionist)
    assert "отменён" in refused("act", cancelled, receptionist)
    assert "оплачен полностью" in refused("invoice", make_documents.order(by=receptionist), receptionist)


def test_forms_by_law_are_written_in_roubles(house: cast.House) -> None:
    make_documents.seller(house.north)
    order = make_documents.order(by=house["manager.north"], at="ready")
    RepairOrder.objects.filter(pk=order.pk).update(currency="KZT")

    assert "в рублях" in refused("invoice", order, house["manager.north"])


def test_lines_without_a_word_hold_up_the_act(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="ready")
    orders.add_line(order=order, kind="labour", name="Ещё", price=100, by=receptionist, now=NOON)

    assert "без ответа клиента: 1" in refused("act", order, receptionist)


def test_a_second_act_is_refused_until_the_first_is_voided(receptionist: Any) -> None:
    first = drawn("act", make_documents.order(by=receptionist), receptionist)

    with pytest.raises(actions.DrawnUpAlready) as refusal:
        drawn("act", first.order, receptionist)

    assert "Акт выполненных работ № 1 уже есть" in str(refusal.value).replace("\u00a0", " ")
    actions.void(document=first, reason="Ошибка", by=receptionist, now=NOON)
    assert drawn("act", first.order, receptionist).number == 2


def test_rights_are_asked_at_the_centre_of_the_order(house: cast.House) -> None:
    make_documents.seller(house.north)
    order = make_documents.order(by=house["manager.north"], at="accepted")
    document = drawn("estimate", order, house["manager.north"])

    for login in ("technician.north", "marketer.north", "manager.south"):
        with pytest.raises(NotAllowed):
            drawn("estimate", order, house[login])
    with pytest.raises(NotAllowed):
        actions.void(document=document, reason="Нет", by=house["receptionist.north"], now=NOON)


def test_the_client_is_offered_what_holds(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist)
    act, warranty = (drawn(kind, order, receptionist) for kind in ("act", "warranty"))
    actions.void(document=act, reason="Ошибка", by=receptionist, now=NOON)

    assert queries.for_client(order) == [warranty]


def test_a_package_without_anything_to_print_is_refused(receptionist: Any) -> None:
    order = make_documents.order(by=receptionist, at="accepted")

    with pytest.raises(actions.NothingToPrint):
        actions.prepare_package(name="hand_over", order=order, by=receptionist, now=NOON)


def test_papers_stand_in_the_story_of_the_order(receptionist: Any) -> None:
    document = drawn("estimate", make_documents.order(by=receptionist, at="accepted"), receptionist)
    drawn("receipt", document.order, receptionist)
    actions.void(document=document, reason="Ошибка", by=receptionist, now=NOON)

    told = [str(moment).replace("\u00a0", " ") for moment in timeline(document.order)]

    assert "Составлен документ: Смета № 1" in told
    assert "Составлен документ: Квитанция о приёмке № 1" in told
    assert "Аннулирован документ: Смета № 1" in told

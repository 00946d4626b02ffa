"""An import on its way: read, tried, loaded, brought again, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core.models import Event, Findable
from dovolen.desk.ingest import actions, queries
from dovolen.desk.ingest.models import (
    CHECKED,
    DONE,
    FAILED,
    LOADING,
    MAPPED,
    UNDONE,
    Import,
    ImportedRow,
    PastFact,
    RejectedRow,
)
from dovolen.desk.ingest.work import folder, running
from dovolen.desk.orders.models import Line, PastOrder, RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer, Phone
from tests.desk import make, make_imports
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def test_a_file_is_read_and_a_mapping_proposed(director: Any) -> None:
    source = make_imports.read(by=director)

    assert source.state == MAPPED
    assert "accepted_at" in source.mapping
    (table,) = folder.sample(source)["tables"]
    assert table["headers"][:2] == ["Номер заказа", "Код клиента"]
    assert table["n_rows"] == 6
    assert source.choices["currency"] == "RUB"


def test_a_file_that_cannot_be_read_is_refused_in_words(director: Any) -> None:
    source = make_imports.read(b"PAR1 no parquet", by=director, name="x.parquet")

    assert source.state == FAILED
    assert source.refusal["key"] == "error.damaged"


def test_a_check_tells_what_would_be_made_and_writes_nothing(director: Any) -> None:
    source = make_imports.checked(by=director)

    assert source.state == CHECKED, source.refusal
    tables = source.found["tables"]
    assert tables["customers"] == {"rows": 3, "create": 3, "update": 0, "match": 0, "reject": 0}
    assert tables["orders"]["create"] == 6
    assert source.found["period"] == ["2025-01-10", "2025-01-15"]
    assert not Customer.objects.exists()
    assert not RepairOrder.objects.exists()


def test_a_load_makes_clients_and_finished_orders_that_nobody_is_told_of(director: Any) -> None:
    source = make_imports.loaded(by=director)

    assert source.state == DONE, source.refusal
    assert source.progress["orders"] == [6, 6]
    order = RepairOrder.objects.select_related("past", "customer", "stage").order_by("number")[0]
    assert order.is_past
    assert order.phase == "closed"
    assert order.past.number == "A00000"
    assert order.past.revenue == order.total == 150_000
    assert order.customer.name == "Клиент 0000"
    assert order.customer.n_orders == 2
    assert Phone.objects.get(customer=order.customer).number == "+79972010017"
    assert not Event.objects.filter(kind__in=["order.accepted", "order.picked_up", "customer.added"]).exists()
    assert Event.objects.filter(kind="import.loaded").count() == 1


def test_numbers_of_the_house_go_on_after_an_import(director: Any) -> None:
    make_imports.loaded(by=director)

    order = make.order(by=director, now=LATER)

    assert order.number == 7


def test_old_numbers_and_phones_are_found_by_search(director: Any) -> None:
    from dovolen.desk.core import search

    make_imports.loaded(by=director)

    (found,) = search.find("A00003", "order", RepairOrder.objects.visible_to(director))
    assert RepairOrder.objects.get(pk=found).past.number == "A00003"
    assert search.find("9972010019", "customer", Customer.objects.visible_to(director))


def test_the_same_file_again_makes_nothing_new(director: Any) -> None:
    make_imports.loaded(by=director)

    again = make_imports.loaded(by=director, now=LATER)

    assert again.found["tables"]["orders"] == {"rows": 6, "create": 0, "update": 0, "match": 6, "reject": 0}
    assert (Customer.objects.count(), RepairOrder.objects.count(), Phone.objects.count()) == (3, 6, 3)
    assert queries.made(again)["orders"]["matched"] == 6


def test_a_later_file_adds_what_is_new_and_corrects_what_was_told(director: Any) -> None:
    make_imports.loaded(by=director)
    content = make_imports.orders_file(n=8).replace(
        "10.01.2025 18:30;Олег;1500,00".encode(), "10.01.2025 18:30;Олег;900,00".encode()
    )

    later = make_imports.loaded(content, by=director, now=LATER)

    assert queries.made(later)["orders"] == {"created": 2, "updated": 1, "matched": 5}
    assert PastOrder.objects.get(number="A00000").revenue == 90_000
    assert RepairOrder.objects.get(past__number="A00000").total == 90_000
    assert Customer.objects.get(name="Клиент 0000").n_orders == 3


def test_what_people_wrote_since_is_not_written_over(director: Any) -> None:
    make_imports.loaded(by=director)
    customer = Customer.objects.get(name="Клиент 0001")
    people.change_customer(customer=customer, seen=customer.version, by=director, now=NOON, name="Иван Клиентов")
    content = make_imports.orders_file().replace("Клиент 0001".encode(), "Кто-то другой".encode())

    make_imports.loaded(content, by=director, now=LATER)

    assert Customer.objects.get(pk=customer.pk).name == "Иван Клиентов"


def test_somebody_known_by_phone_and_name_is_not_entered_twice(director: Any) -> None:
    known = make.person(by=director, name="Карпова Марина Олеговна", phone="+79972010017")
    content = make_imports.orders_file().replace("Клиент 0000".encode(), "Карпова Марина".encode())

    source = make_imports.loaded(content, by=director)

    assert source.found["tables"]["customers"] == {"rows": 3, "create": 2, "update": 0, "match": 1, "reject": 0}
    assert Customer.objects.count() == 3
    assert known.orders.count() == 2


def test_a_shared_phone_with_another_name_is_told_and_not_joined(director: Any) -> None:
    make.person(by=director, name="Бондаренко Олеся Игоревна", phone="+79972010017")

    source = make_imports.checked(by=director)

    assert source.found["tables"]["customers"]["create"] == 3


def test_an_order_without_an_end_is_open_here(director: Any) -> None:
    content = make_imports.orders_file().replace(b"15.01.2025 17:00;15.01.2025 18:30", b";")

    make_imports.loaded(content, by=director)

    order = RepairOrder.objects.get(is_past=False)
    assert order.past.number == "A00005"
    assert order.phase == "work"
    assert order.stage_entries.filter(left_at=None).count() == 1


def test_an_open_order_is_closed_by_a_later_file_while_nobody_worked_at_it(director: Any) -> None:
    content = make_imports.orders_file().replace(b"15.01.2025 17:00;15.01.2025 18:30", b";")
    make_imports.loaded(content, by=director)

    make_imports.loaded(by=director, now=LATER)

    order = RepairOrder.objects.get(past__number="A00005")
    assert order.is_past
    assert order.phase == "closed"
    assert not order.stage_entries.filter(left_at=None).exists()


def test_rows_that_cannot_be_taken_are_kept_with_their_reason(director: Any) -> None:
    content = make_imports.orders_file() + "A9;K0009;Клиент;;вчера;;;;100\n".encode()

    source = make_imports.loaded(content, by=director)

    (row,) = queries.rejected(source)
    assert row.reason == "bad_date"
    assert row.cells["Номер заказа"] == "A9"
    assert row.place == 8
    assert queries.reasons(source) == {"bad_date": 1}
    assert source.found["reasons"] == {"bad_date": 1}


def test_phones_that_are_none_are_noted_and_told(director: Any) -> None:
    content = make_imports.clients_file(2) + "K9;Пётр;12-34;\n".encode()

    source = make_imports.loaded(content, by=director, name="clients.csv")

    customer = Customer.objects.get(name="Пётр")
    assert "12-34" in customer.notes.get().text
    assert any(one["code"] == "unread_values" for one in source.found["findings"])


# ── Undo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def counts() -> tuple[int, ...]:
    models = (Customer, Phone, RepairOrder, PastOrder, Line, Findable, ImportedRow, RejectedRow, PastFact)
    return tuple(model.objects.count() for model in models)


def test_undo_takes_all_of_it_away(director: Any) -> None:
    source = make_imports.loaded(by=director)

    undone = make_imports.undone(source, by=director, now=LATER)

    assert undone.state == UNDONE, undone.refusal
    assert counts() == (0,) * 9
    assert Event.objects.filter(kind="import.undone").count() == 1


def test_undo_of_a_further_import_gives_back_what_stood_before(director: Any) -> None:
    make_imports.loaded(by=director)
    content = make_imports.orders_file(n=8).replace(b";1500,00", b";900,00")
    later = make_imports.loaded(content, by=director, now=LATER)

    make_imports.undone(later, by=director, now=LATER)

    assert RepairOrder.objects.count() == 6
    assert set(PastOrder.objects.values_list("revenue", flat=True)) == {150_000}
    assert set(Customer.objects.values_list("n_orders", flat=True)) == {2}


def test_undo_is_refused_where_somebody_worked_with_a_row(director: Any) -> None:
    source = make_imports.loaded(by=director)
    customer = Customer.objects.get(name="Клиент 0001")
    people.add_phone(customer=customer, number="+79972010101", by=director, now=LATER)

    refused = make_imports.undone(source, by=director, now=LATER)

    assert refused.state == DONE
    assert refused.refusal["key"] == "import.refused.touched"
    assert "Клиент 0001" in refused.refusal["values"]["examples"]
    assert RepairOrder.objects.count() == 6


def test_undo_is_refused_where_a_client_has_an_order_of_the_house(director: Any) -> None:
    source = make_imports.loaded(by=director)
    make.order(by=director, customer=Customer.objects.get(name="Клиент 0002"), now=LATER)

    refused = make_imports.undone(source, by=director, now=LATER)

    assert refused.state == DONE
    assert RepairOrder.objects.count() == 7


def test_an_undone_import_can_be_brought_again(director: Any) -> None:
    make_imports.undone(make_imports.loaded(by=director), by=director, now=LATER)

    make_imports.loaded(by=director, now=LATER)

    assert RepairOrder.objects.count() == 6


# ── What is chosen and refused ───────────────────────────────────────────────────────────────────────────────────────


def test_a_file_in_another_currency_is_refused_once_the_house_has_orders(director: Any) -> None:
    make.order(by=director)
    source = make_imports.read(by=director)

    with pytest.raises(actions.OtherCurrency):
        actions.choose(
            source=source,
            seen=source.version,
            mapping=source.mapping,
            choices={"currency": "COP"},
            by=director,
            now=NOON,
        )


def test_an_empty_house_takes_currency_and_zone_of_its_first_import(director: Any) -> None:
    source = make_imports.read(by=director)
    choices = {"currency": "COP", "zone": "America/Bogota"}
    actions.choose(source=source, seen=1, mapping=source.mapping, choices=choices, by=director, now=NOON)
    actions.ask_check(source=source, by=director, now=NOON)
    actions.ask_load(source=make_imports.worked(source), by=director, now=NOON)
    make_imports.worked(source)

    centre = Centre.objects.get()
    assert (centre.currency, centre.zone) == ("COP", "America/Bogota")


def test_a_mapping_that_cannot_be_read_is_refused(director: Any) -> None:
    source = make_imports.read(by=director)

    with pytest.raises(actions.BadMapping):
        actions.choose(source=source, seen=1, mapping="tables = 1 = 2", choices={}, by=director, now=NOON)


def test_a_check_with_a_mapping_that_does_not_fit_goes_back_with_the_reason(director: Any) -> None:
    source = make_imports.read(by=director)
    mapping = source.mapping.replace('"Принят"', '"Мастер"')
    actions.choose(source=source, seen=1, mapping=mapping, choices={}, by=director, now=NOON)
    actions.ask_check(source=source, by=director, now=NOON)

    source = make_imports.worked(source)

    assert source.state == MAPPED
    assert source.refusal["key"] == "error.not_dates"


def test_an_import_is_not_loaded_unchecked(director: Any) -> None:
    source = make_imports.read(by=director)

    with pytest.raises(actions.NotNow):
        actions.ask_load(source=source, by=director, now=NOON)


def test_a_load_that_is_stopped_goes_on_where_it_stood(director: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_imports.checked(by=director)
    actions.ask_load(source=source, by=director, now=NOON)
    actions.stop(source=source, by=director, now=NOON)
    assert make_imports.worked(source).state == CHECKED

    actions.ask_load(source=Import.objects.get(pk=source.pk), by=director, now=NOON)

    assert make_imports.worked(source).state == DONE
    assert RepairOrder.objects.count() == 6


def test_who_holds_an_old_token_writes_nothing(director: Any) -> None:
    source = make_imports.checked(by=director)
    actions.ask_load(source=source, by=director, now=NOON)
    late = Import.objects.get(pk=source.pk)
    Import.objects.filter(pk=source.pk).update(token=late.token + 1)

    with pytest.raises(running.Lost):
        running.finish(late, DONE, NOON)

    assert Import.objects.get(pk=source.pk).state == LOADING


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("http://example.org/base", actions.BadAddress),
        ("postgresql:///base?host=/var/run/postgresql", actions.BadAddress),
        ("postgresql://one,two/base", actions.BadAddress),
        ("postgresql://db.example.org/base?passfile=/etc/passwd", actions.BadAddress),
        ("postgresql://db.example.org/base?service=x", actions.BadAddress),
        ("postgresql://127.0.0.1/base", actions.HostNotNamed),
        ("postgresql://db.example.org/base", actions.HostNotNamed),
    ],
)
def test_addresses_that_are_not_named_are_not_reached(director: Any, address: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        actions.connect(centre=director.centre, address=address, by=director, now=NOON)


def test_an_address_is_kept_locked(director: Any, settings: Any) -> None:
    settings.IMPORT_HOSTS = frozenset({"db.example.org"})

    source = actions.connect(
        centre=director.centre, address="postgresql://reader:secret@db.example.org/base", by=director, now=NOON
    )

    assert source.name == "db.example.org / base"
    assert "secret" not in source.connection


def test_only_who_may_import_does(director: Any) -> None:
    from dovolen.desk.accounts.actions import NotAllowed

    other = make.staff("manager", (director.centre, "manager"))

    with pytest.raises(NotAllowed):
        make_imports.brought(by=other)


def test_an_empty_file_is_refused(director: Any) -> None:
    with pytest.raises(actions.EmptyFile):
        make_imports.brought(b"", by=director)

"""Pages of papers: the panel of an order, the register, the look of papers; who may what there."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dovolen.desk.core import files
from dovolen.desk.documents import actions, queries
from dovolen.desk.documents.models import Document, PaperSetup
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make, make_documents
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
PDF = b"%PDF-"


@pytest.fixture
def house() -> cast.House:
    house = cast.full()
    make_documents.seller(house.north)
    return house


def signed_in(house: cast.House, login: str) -> Client:
    client = Client(headers={"Accept-Language": "ru"})
    client.force_login(house[login])
    return client


def sent(client: Client, order: RepairOrder, **values: Any) -> Any:
    return client.post(reverse("order_papers", args=[order.number]), {"once": uuid.uuid4().hex, **values})


def plain(answer: Any) -> str:
    return str(answer.text.replace("\u00a0", " "))


def test_a_paper_is_drawn_up_on_its_page_and_opens(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"], at="accepted")
    client = signed_in(house, "receptionist.north")

    answer = sent(client, order, kind="estimate", language="ru")

    document = Document.objects.get()
    assert answer.url == reverse("paper", args=[document.pk])
    sheets = client.get(answer.url)
    assert sheets.headers["Content-Type"] == "application/pdf"
    assert b"".join(sheets.streaming_content) == make_documents.bytes_of(document)
    assert "Смета" in client.get(reverse("order_papers", args=[order.number])).text


def test_a_form_sent_twice_draws_up_one_paper_and_opens_it_again(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"])
    client, key = signed_in(house, "receptionist.north"), uuid.uuid4().hex

    answers = [sent(client, order, kind="act", once=key) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Document.objects.count() == 1


def test_the_panel_asks_nothing_more_when_papers_are_many(house: cast.House, django_assert_num_queries: Any) -> None:
    order = make_documents.order(by=house["manager.north"], at="accepted")
    client, url = signed_in(house, "manager.north"), reverse("order_papers", args=[order.number])
    client.get(url)
    for _ in range(3):
        actions.draw_up(kind="estimate", order=order, by=house["manager.north"], now=NOON)

    with django_assert_num_queries(6):
        part = client.get(url, headers={"HX-Request": "true", "HX-Target": "papers"})

    assert "<html" not in part.text
    assert part.text.count("Смета") >= 3


def test_everything_for_hand_over_is_one_print_of_what_was_kept(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"])
    client = signed_in(house, "receptionist.north")

    answer = sent(client, order, package="hand_over", language="ru")

    act, warranty = Document.objects.order_by("pk")
    assert (act.kind, warranty.kind) == ("act", "warranty")
    assert answer.url == f"{reverse('papers_print')}?papers={act.pk},{warranty.pk}"
    read = make_documents.text_of(client.get(answer.url).content)
    assert "Акт выполненных работ № 1" in read
    assert "Гарантийный талон № 1" in read
    assert sent(client, order, package="hand_over").url == answer.url
    assert Document.objects.count() == 2


def test_a_company_gets_its_transfer_document_with_the_act(house: cast.House) -> None:
    by = house["manager.north"]
    order = make_documents.order(by=by, customer=make_documents.company(by=by))

    sent(signed_in(house, "manager.north"), order, package="hand_over")

    assert list(Document.objects.order_by("pk").values_list("kind", flat=True)) == ["act", "warranty", "transfer"]


def test_what_is_missing_is_said_on_the_page_and_nothing_is_written(house: cast.House) -> None:
    by = house["manager.north"]
    order = make_documents.order(by=by, customer=make_documents.company(by=by, legal_address=""))

    answer = sent(signed_in(house, "manager.north"), order, package="hand_over")

    assert answer.status_code == 200
    assert "не заполнено: юридический адрес" in plain(answer)
    assert not Document.objects.exists()


def test_after_hand_over_act_and_warranty_are_proposed_until_they_are_there(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"])
    client, url = signed_in(house, "receptionist.north"), reverse("order_papers", args=[order.number])

    before = client.get(url)
    sent(client, order, package="hand_over")

    proposed = "напечатайте акт и гарантийный талон"
    assert proposed in plain(before)
    assert proposed not in plain(client.get(url))


@pytest.mark.parametrize(
    ("login", "status"),
    [("receptionist.north", 200), ("accountant.north", 200), ("technician.north", 403), ("marketer.north", 403),
     ("director.south", 404)],
)  # fmt: skip
def test_sheets_open_for_those_who_issue_papers_at_that_centre(house: cast.House, login: str, status: int) -> None:
    order = make_documents.order(by=house["manager.north"], at="accepted")
    document = actions.draw_up(kind="estimate", order=order, by=house["manager.north"], now=NOON)
    client = signed_in(house, login)

    assert client.get(reverse("paper", args=[document.pk])).status_code == status
    assert client.get(f"{reverse('papers_print')}?papers={document.pk}").status_code == status


def test_a_technician_sees_which_papers_there_are_and_draws_up_none(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"], at="accepted")
    actions.draw_up(kind="estimate", order=order, by=house["manager.north"], now=NOON)
    client = signed_in(house, "technician.north")

    part = client.get(reverse("order_papers", args=[order.number]), headers={"HX-Request": "1", "HX-Target": "papers"})
    answer = sent(client, order, kind="estimate")

    assert "Смета" in part.text
    assert "<form" not in part.text
    assert answer.status_code == 200
    assert Document.objects.count() == 1


def test_a_paper_is_voided_with_a_reason_and_stays_in_the_list(house: cast.House) -> None:
    order = make_documents.order(by=house["manager.north"], at="accepted")
    document = actions.draw_up(kind="estimate", order=order, by=house["manager.north"], now=NOON)
    client, url = signed_in(house, "manager.north"), reverse("paper_voiding", args=[document.pk])

    assert client.post(url, {"reason": " "}).status_code == 200
    answer = client.post(url, {"reason": "Не тот клиент"}, follow=True)

    assert "Не тот клиент" in answer.text
    document.refresh_from_db()
    assert document.voided_reason == "Не тот клиент"
    assert signed_in(house, "receptionist.north").get(url).status_code == 403
    assert signed_in(house, "manager.south").get(url).status_code == 404


def test_the_register_is_asked_by_kind_client_number_state_and_day(house: cast.House) -> None:
    by = house["manager.north"]
    first = make_documents.order(by=by, at="accepted", customer=make.person(by=by, name="Щукина Анна"))
    second = make_documents.order(by=by, at="accepted", customer=make.person(by=by, name="Орлов Пётр"))
    for order in (first, second):
        actions.draw_up(kind="estimate", order=order, by=by, now=NOON)
    receipt = actions.draw_up(kind="receipt", order=first, by=by, now=NOON)
    actions.void(document=receipt, reason="Проба", by=by, now=NOON)
    client = signed_in(house, "manager.north")

    def found(**asked: str) -> int:
        return len(client.get(reverse("papers"), asked).context["page"].rows)

    assert found() == 3
    assert found(kind="receipt") == 1
    assert found(text="щукин") == 2
    assert found(text=f"№ {second.number}") >= 1
    assert found(state="voided") == 1
    assert found(state="holding") == 2
    assert found(since="2026-11-21") == 0
    assert found(until="2026-11-20") == 3
    assert signed_in(house, "manager.south").get(reverse("papers")).context["page"].rows == []


def test_the_register_goes_on_by_cursor_and_back(house: cast.House, monkeypatch: pytest.MonkeyPatch) -> None:
    by = house["manager.north"]
    order = make_documents.order(by=by, at="accepted")
    made = [actions.draw_up(kind="estimate", order=order, by=by, now=NOON).pk for _ in range(5)][::-1]
    monkeypatch.setattr("dovolen.desk.documents.queries.papers.A_PAGE", 2)
    filters = queries.PaperFilters()

    pages = [queries.register(by, filters)]
    while pages[-1].later:
        pages.append(queries.register(by, filters, pages[-1].later))
    back = queries.register(by, filters, pages[2].earlier)

    assert [row.pk for page in pages for row in page.rows] == made
    assert [row.pk for row in back.rows] == made[2:4]
    assert not pages[0].earlier
    assert queries.register(by, filters, "a~никогда~1").rows == pages[0].rows


def test_the_register_asks_the_base_as_often_whatever_it_holds(
    house: cast.House, django_assert_num_queries: Any
) -> None:
    by = house["manager.north"]
    order = make_documents.order(by=by, at="accepted")
    client = signed_in(house, "manager.north")
    client.get(reverse("papers"))
    for _ in range(3):
        actions.draw_up(kind="estimate", order=order, by=by, now=NOON)

    with django_assert_num_queries(5):
        client.get(reverse("papers"))


def test_logo_and_own_words_stand_in_papers_drawn_up_later(house: cast.House) -> None:
    by = house["manager.north"]
    client, url = signed_in(house, "olga"), reverse("paper_setup", args=[house.north.pk])
    order = make_documents.order(by=by, at="accepted")
    before = actions.draw_up(kind="estimate", order=order, by=by, now=NOON)
    logo = SimpleUploadedFile("логотип.png", make.photo(600, 200, form="PNG"), "image/png")

    page = client.get(url)
    answer = client.post(
        url, {"version": page.context["form"]["version"].value(), "footer": "Лицензия 77", "receipt_terms": "Свои условия",
              "warranty_terms": "", "logo": logo},
    )  # fmt: skip
    receipt = actions.draw_up(kind="receipt", order=order, by=by, now=NOON)

    assert answer.url == reverse("paper_setups")
    read = make_documents.text_of(make_documents.bytes_of(receipt))
    assert "Свои условия" in read
    assert "Лицензия 77" in read
    assert "простой электронной подписью" in read
    assert "Лицензия 77" not in make_documents.text_of(make_documents.bytes_of(before))
    held = PaperSetup.objects.select_related("logo").get()
    assert held.logo is not None
    assert files.path_of(held.logo.digest).read_bytes()[:2] == b"\xff\xd8"
    assert make.photo(600, 200, form="PNG")[:40] not in files.path_of(held.logo.digest).read_bytes()
    assert client.get(reverse("paper_logo", args=[house.north.pk])).status_code == 200


def test_who_saves_the_look_late_sees_what_the_other_wrote(house: cast.House) -> None:
    client, url = signed_in(house, "olga"), reverse("paper_setup", args=[house.north.pk])
    old = {"version": 1, "receipt_terms": "", "warranty_terms": "", "initial-footer": ""}

    client.post(url, old | {"footer": "Первый"})
    late = client.post(url, old | {"footer": "Второй"})

    assert late.status_code == 200
    assert "Первый" in late.text
    assert "Второй" in late.text
    assert PaperSetup.objects.get().footer == "Первый"


def test_a_logo_that_is_no_picture_is_refused(house: cast.House) -> None:
    client, url = signed_in(house, "olga"), reverse("paper_setup", args=[house.north.pk])
    logo = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")

    answer = client.post(url, {"version": 1, "footer": "", "logo": logo})

    assert "Это не фотография" in plain(answer)
    assert not PaperSetup.objects.exclude(logo=None).exists()
    assert signed_in(house, "manager.north").get(url).status_code == 403
    assert signed_in(house, "director.south").get(url).status_code == 404

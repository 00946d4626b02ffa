"""What is done with clients: rows, events, refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.core import search
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.people import actions, queries, standard
from dovolen.desk.people.actions.ties import Empty, NotOnesOwn, Related
from dovolen.desk.people.models import Consent, ConsentText, Customer, Requisites
from tests.desk import cast, make_people
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def reception(house: House) -> Any:
    return house["receptionist.north"]


@pytest.fixture
def manager(house: House) -> Any:
    return house["manager.north"]


def kinds(customer: Customer) -> list[str]:
    """Events of a client, the earliest first."""
    told = Event.objects.filter(subject_kind="people.customer", subject_id=customer.pk).order_by("pk")
    return list(told.values_list("kind", flat=True))


# ── Entered ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_entered_with_phone_place_and_event(house: House, reception: Any) -> None:
    one = actions.add_person(
        name="  Карпова   Марина\u202e Олеговна ", phone="8 912 448-07-31", email="M.Karpova@Mail.RU",
        centre=house.north, by=reception, now=NOON, source="2gis",
    )  # fmt: skip

    one.refresh_from_db()
    assert (one.name, one.name_key, one.source) == ("Карпова Марина Олеговна", "карпова марина олеговна", "2gis")
    assert [(phone.number, phone.is_main) for phone in one.phones.all()] == [("+79124480731", True)]
    assert [email.address for email in one.emails.all()] == ["m.karpova@mail.ru"]
    assert [place.centre_id for place in one.places.all()] == [house.north.pk]
    assert kinds(one) == ["customer.added"]
    assert "Карпова" not in str(Event.objects.latest("pk").facts)
    assert PrivateFact.objects.get(name="name").value == one.name


def test_a_client_is_found_by_name_and_phone_as_soon_as_he_is_entered(reception: Any) -> None:
    one = make_people.person(by=reception, phone="+7 912 448-07-31")
    seen = Customer.objects.visible_to(reception)

    assert search.find("карпова", "customer", seen) == [one.pk]
    assert search.find("448-07-31", "customer", seen) == [one.pk]


@pytest.mark.parametrize(
    ("told", "refusal"),
    [({"name": " \u200b "}, actions.NoName), ({"phone": "31-55"}, actions.BadPhone),
     ({"email": "почта"}, actions.BadEmail)],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    house: House, reception: Any, told: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.add_person(**{"name": "Карпова"} | told, centre=house.north, by=reception, now=NOON)

    assert not Customer.objects.exists()


@pytest.mark.parametrize("login", ["technician.north", "marketer.north", "accountant.north", "receptionist.south"])
def test_who_may_not_change_clients_here_enters_none(house: House, login: str) -> None:
    with pytest.raises(NotAllowed):
        actions.add_person(name="Карпова", centre=house.north, by=house[login], now=NOON)


def test_a_company_is_entered_with_requisites_and_its_contact(house: House, reception: Any) -> None:
    one = actions.add_company(
        name="ООО «Линия»", requisites=make_people.LEGAL | {"tax_number": "7707 083893"}, phone="8 495 123-45-67",
        contact="Ирина", centre=house.north, by=reception, now=NOON,
    )  # fmt: skip

    assert one.requisites.tax_number == "7707083893"
    assert (one.phones.get().relation, one.phones.get().note) == ("work", "Ирина")
    assert search.find("7707083893", "customer", Customer.objects.visible_to(reception)) == [one.pk]


def test_requisites_that_do_not_stand_their_control_are_refused(house: House, reception: Any) -> None:
    with pytest.raises(actions.BadRequisites) as refused:
        actions.add_company(
            name="ООО «Линия»", requisites={"tax_number": "7707083894"}, centre=house.north, by=reception, now=NOON
        )

    assert refused.value.problems == {"tax_number": "digits"}
    assert not Customer.objects.exists()


# ── Changed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_is_written_and_told_without_its_words(reception: Any) -> None:
    one = make_people.person(by=reception)

    changed = actions.change_customer(customer=one, seen=1, name="Карпов Олег", source="2gis", by=reception, now=LATER)

    one.refresh_from_db()
    assert changed == ["name", "source"]
    assert (one.name, one.name_key, one.version) == ("Карпов Олег", "карпов олег", 2)
    event = Event.objects.latest("pk")
    assert (event.kind, event.facts["changed"]) == ("customer.changed", ["name", "source"])
    assert PrivateFact.objects.get(event=event).value == "Карпова Марина Олеговна"


def test_nothing_to_change_leaves_no_event(reception: Any) -> None:
    one = make_people.person(by=reception)

    assert actions.change_customer(customer=one, seen=1, name=one.name, by=reception, now=LATER) == []
    assert kinds(one) == ["customer.added"]


def test_who_saves_from_an_old_page_sees_the_difference(reception: Any) -> None:
    one = make_people.person(by=reception)
    actions.change_customer(customer=one, seen=1, name="Карпова М. О.", by=reception, now=LATER)

    with pytest.raises(Stale) as refused:
        actions.change_customer(customer=one, seen=1, name="Карпова Марина", by=reception, now=LATER)

    assert refused.value.version == 2
    assert ("name", "Карпова М. О.", "Карпова Марина") in [
        (one.field, one.theirs, one.mine) for one in refused.value.differences
    ]


def test_a_client_is_changed_only_where_he_is_known(house: House, reception: Any) -> None:
    one = make_people.person(by=reception)

    with pytest.raises(NotAllowed):
        actions.change_customer(customer=one, seen=1, name="К", by=house["receptionist.south"], now=LATER)


# ── Phones and addresses ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_number_is_the_main_one_and_another_may_be_made_it(reception: Any) -> None:
    one = make_people.person(by=reception, phone="")
    first = actions.add_phone(customer=one, number="+79972000001", by=reception, now=NOON)
    second = actions.add_phone(
        customer=one, number="+79972000002", relation="family", note="муж", by=reception, now=NOON
    )
    assert first.is_main
    assert not second.is_main

    actions.set_main_phone(phone=second, by=reception, now=LATER)

    assert [(phone.number, phone.is_main) for phone in one.phones.all()] == [
        ("+79972000002", True), ("+79972000001", False),
    ]  # fmt: skip
    assert kinds(one)[-3:] == ["customer.phone_added", "customer.phone_added", "customer.phone_main"]


def test_the_same_number_again_changes_nothing(reception: Any) -> None:
    one = make_people.person(by=reception, phone="+79972000001")

    actions.add_phone(customer=one, number="8 997 200-00-01", by=reception, now=LATER)

    assert one.phones.count() == 1
    assert kinds(one) == ["customer.added"]


def test_when_the_main_number_goes_the_next_becomes_it_and_search_forgets_the_old(reception: Any) -> None:
    one = make_people.person(by=reception, phone="+79972000001")
    actions.add_phone(customer=one, number="+79972000002", by=reception, now=NOON)

    actions.remove_phone(phone=one.phones.get(number="+79972000001"), by=reception, now=LATER)

    assert [(phone.number, phone.is_main) for phone in one.phones.all()] == [("+79972000002", True)]
    assert search.find("997 200-00-01", "customer", Customer.objects.visible_to(reception)) == []
    assert kinds(one)[-1] == "customer.phone_removed"


def test_whose_number_it_is_may_be_changed(reception: Any) -> None:
    one = make_people.person(by=reception)
    phone = one.phones.get()

    actions.change_phone(phone=phone, relation="family", note="сын", by=reception, now=LATER)
    actions.change_phone(phone=phone, relation="family", note="сын", by=reception, now=LATER)

    phone.refresh_from_db()
    assert (phone.relation, phone.note) == ("family", "сын")
    assert kinds(one) == ["customer.added", "customer.phone_changed"]


def test_addresses_are_added_made_main_and_removed(reception: Any) -> None:
    one = make_people.person(by=reception)
    first = actions.add_email(customer=one, address="A@x.ru", by=reception, now=NOON)
    second = actions.add_email(customer=one, address="b@x.ru", by=reception, now=NOON)

    actions.set_main_email(email=second, by=reception, now=LATER)
    actions.remove_email(email=second, by=reception, now=LATER)

    assert [(email.address, email.is_main) for email in one.emails.all()] == [("a@x.ru", True)]
    assert first.address == "a@x.ru"
    assert kinds(one)[-4:] == [
        "customer.email_added", "customer.email_added", "customer.email_main", "customer.email_removed",
    ]  # fmt: skip


def test_requisites_are_set_once_and_changed(reception: Any) -> None:
    one = make_people.company(by=reception)

    actions.set_requisites(
        customer=one, values=make_people.LEGAL | {"head_name": "Петров И. И."}, by=reception, now=LATER
    )
    actions.set_requisites(
        customer=one, values=make_people.LEGAL | {"head_name": "Петров И. И."}, by=reception, now=LATER
    )

    assert Requisites.objects.get(customer=one).head_name == "Петров И. И."
    assert kinds(one) == ["customer.added", "customer.requisites_set"]


# ── Consents ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def agree(customer: Customer, by: Any, *, is_given: bool = True, channel: str = "any", now: Any = NOON) -> Consent:
    return actions.record_consent(
        customer=customer, purpose="advertising", channel=channel, is_given=is_given, proof="paper", by=by, now=now
    )


def test_standard_texts_are_there_once_and_apart_by_purpose() -> None:
    standard.ensure(NOON)
    standard.ensure(LATER)

    texts = ConsentText.objects.order_by("purpose")
    assert [(text.purpose, text.number) for text in texts] == [("advertising", 1), ("processing", 1), ("service", 1)]
    assert len({text.text for text in texts}) == 3


def test_a_consent_keeps_its_text_version_proof_and_who(reception: Any) -> None:
    one = make_people.person(by=reception)
    standard.ensure(NOON)
    ConsentText.objects.create(purpose="advertising", number=2, text="Новое", valid_from=LATER)

    early, late = agree(one, reception), agree(one, reception, now=LATER)

    assert (early.text.number, late.text.number) == (1, 2)  # type: ignore[union-attr]
    assert (late.proof, late.by, late.at) == ("paper", reception, LATER)
    assert Event.objects.latest("pk").facts["text"] == 2


def test_the_latest_word_on_a_purpose_holds(reception: Any) -> None:
    one = make_people.person(by=reception)
    agree(one, reception)
    assert queries.agreed(queries.consents_now(one), "advertising", "sms")

    agree(one, reception, is_given=False, channel="call")
    told = queries.consents_now(one)
    assert queries.agreed(told, "advertising", "sms")
    assert not queries.agreed(told, "advertising", "call")

    agree(one, reception, is_given=False)
    told = queries.consents_now(one)
    assert not queries.agreed(told, "advertising", "sms")
    assert Consent.objects.count() == 3
    assert kinds(one)[-1] == "customer.consent_withdrawn"


def test_who_said_nothing_has_not_agreed(reception: Any) -> None:
    told = queries.consents_now(make_people.person(by=reception))

    assert told == {}
    assert not queries.agreed(told, "service")


# ── Places, orders, blocking ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_client_known_elsewhere_is_shown_by_initials_and_shared_by_his_number(house: House, reception: Any) -> None:
    one = make_people.person(by=house["receptionist.south"], phone="+79972000001")
    assert [(found.customer_id, found.masked) for found in queries.known_elsewhere("+79972000001", reception)] == [
        (one.pk, "К.\u00a0М.")
    ]

    with pytest.raises(actions.NotHisNumber):
        actions.share(customer=one, centre=house.north, by=reception, now=NOON)
    with pytest.raises(actions.NotHisNumber):
        actions.share(customer=one, centre=house.north, number="+79972000009", by=reception, now=NOON)
    actions.share(customer=one, centre=house.north, number="+79972000001", by=reception, now=NOON)
    actions.share(customer=one, centre=house.north, by=reception, now=NOON)

    assert list(Customer.objects.visible_to(reception)) == [one]
    assert queries.known_elsewhere("+79972000001", reception) == []
    assert kinds(one) == ["customer.added", "customer.shared"]


def test_an_order_is_counted_and_its_place_known(house: House, reception: Any) -> None:
    one = make_people.person(by=reception)

    actions.note_order(customer=one, centre=house.south, at=LATER)
    actions.note_order(customer=one, centre=house.south, at=NOON)

    one.refresh_from_db()
    assert (one.n_orders, one.latest_order_at, one.version) == (2, LATER, 1)
    assert one.places.count() == 2


def test_a_client_is_blocked_with_a_reason_and_let_in_again(reception: Any, manager: Any) -> None:
    one = make_people.person(by=reception)
    with pytest.raises(NotAllowed):
        actions.block(customer=one, reason="Не платит", by=reception, now=NOON)
    with pytest.raises(actions.NotBlocked):
        actions.unblock(customer=one, by=manager, now=NOON)

    actions.block(customer=one, reason="Не платит", by=manager, now=NOON)
    with pytest.raises(actions.AlreadyBlocked):
        actions.block(customer=one, reason="Ещё раз", by=manager, now=NOON)
    one.refresh_from_db()
    assert (one.blocked_at, one.blocked_by, one.blocked_reason) == (NOON, manager, "Не платит")

    actions.unblock(customer=one, by=manager, now=LATER)
    one.refresh_from_db()
    assert (one.blocked_at, one.blocked_by, one.blocked_reason) == (None, None, "")
    assert kinds(one) == ["customer.added", "customer.blocked", "customer.unblocked"]


# ── Notes and ties ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_note_is_written_mended_pinned_and_removed_by_its_author(reception: Any, manager: Any) -> None:
    one = make_people.person(by=reception)
    note = actions.add_note(customer=one, text="Звонить после шести\n\nкроме пятницы", by=reception, now=NOON)
    with pytest.raises(NotOnesOwn):
        actions.change_note(note=note, text="Иначе", by=manager, now=LATER)
    with pytest.raises(Empty):
        actions.add_note(customer=one, text=" \n ", by=reception, now=NOON)

    actions.change_note(note=note, text="Звонить после семи", by=reception, now=LATER)
    actions.pin_note(note=note, is_pinned=True, by=manager, now=LATER)
    note.refresh_from_db()
    assert (note.text, note.is_pinned) == ("Звонить после семи", True)

    actions.remove_note(note=note, by=manager, now=LATER)
    assert not one.notes.exists()
    assert kinds(one)[1:] == [
        "customer.noted", "customer.note_changed", "customer.note_pinned", "customer.note_removed",
    ]  # fmt: skip


def test_a_note_of_another_is_not_removed_by_a_receptionist(reception: Any, manager: Any) -> None:
    one = make_people.person(by=reception)
    note = actions.add_note(customer=one, text="Важно", by=manager, now=NOON)

    with pytest.raises(NotOnesOwn):
        actions.remove_note(note=note, by=reception, now=LATER)


def test_two_clients_are_tied_once_and_never_one_to_himself(reception: Any) -> None:
    wife = make_people.person(by=reception)
    husband = make_people.person(by=reception, name="Карпов Олег")
    tie = actions.relate(customer=wife, other=husband, kind="family", note="муж", by=reception, now=NOON)

    for one, other in ((wife, husband), (husband, wife), (wife, wife)):
        with pytest.raises(Related):
            actions.relate(customer=one, other=other, kind="friend", by=reception, now=NOON)
    actions.unrelate(relation=tie, by=reception, now=LATER)

    assert not wife.relations.exists()
    assert kinds(wife) == ["customer.added", "customer.related", "customer.unrelated"]


def test_a_client_whom_one_does_not_see_is_not_tied(house: House, reception: Any) -> None:
    one = make_people.person(by=reception)
    foreign = make_people.person(by=house["receptionist.south"])

    with pytest.raises(NotAllowed):
        actions.relate(customer=one, other=foreign, kind="family", by=reception, now=NOON)


# ── Alike ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_duplicates_are_told_with_their_reasons_the_likest_first(reception: Any) -> None:
    both = make_people.person(by=reception, phone="+79972000001")
    named = make_people.person(by=reception, name="Олеговна Карпова Марина")
    phoned = make_people.person(by=reception, name="Иванов Пётр", phone="+79972000001")
    make_people.person(by=reception, name="Сидоров Семён")

    found = queries.similar(name="Карпова Марина Олеговна", phone="8 997 200-00-01", staff=reception)

    assert [(one.customer.pk, one.reasons) for one in found] == [
        (both.pk, ("phone", "name")), (phoned.pk, ("phone",)), (named.pk, ("name",)),
    ]  # fmt: skip
    assert [one.customer.pk for one in queries.similar(name="Карпова Мар", staff=reception, omit=both.pk)] == [named.pk]
    assert queries.similar(name="Ка", staff=reception) == []


def test_duplicates_are_asked_by_the_same_few_queries(
    reception: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    for n in range(8):
        make_people.person(by=reception, name=f"Карпова Марина {n}")
    staff = cast.fresh(reception)

    with django_assert_num_queries(5):  # his places, the rarest word, the search, the rows, their phones
        assert len(queries.similar(name="Карпова Марина", staff=staff, n=5)) == 5


def test_of_somebody_only_seen_elsewhere_nothing_is_told(house: House, reception: Any) -> None:
    make_people.person(by=house["receptionist.south"], phone="+79972000001")

    assert queries.similar(name="Карпова Марина Олеговна", phone="+79972000001", staff=reception) == []


def test_the_main_number_comes_first(reception: Any) -> None:
    one = make_people.person(by=reception, phone="+79972000001")
    second = actions.add_phone(customer=one, number="+79972000002", by=reception, now=NOON)
    actions.set_main_phone(phone=second, by=reception, now=NOON)

    assert queries.main_phone(one) == second
    assert queries.main_phone(make_people.person(by=reception, phone="")) is None
    assert list(queries.by_phone("+79972000002")) == [one]

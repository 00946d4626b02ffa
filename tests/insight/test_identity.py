"""The same person twice: what is joined by machine, what a person is asked about, what stays apart."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import synth
from dovolen.insight.identity.finding import find
from dovolen.insight.identity.names import parse
from dovolen.insight.identity.normal import address, day, emails, folded, phones, plain, plate, serial

COLUMNS = ("kind", "name", "phones", "emails", "address")
PHONE, TYPED, OTHER = "+7 997 200-00-01", "8 (997) 200 00 01, 8 997 200 00 09", "+7 997 200-00-02"
HOME, TYPED_HOME = "г. Казань, ул. Садовая, д. 5, кв. 7", "Садовая ул. 5"

Client = dict[str, str]


def base(*clients: Client) -> pa.Table:
    """Customers 1, 2, … as given."""
    rows = [{"customer_id": place, **client} for place, client in enumerate(clients, 1)]
    return pa.Table.from_pylist(
        rows, pa.schema([("customer_id", pa.int64()), *((name, pa.string()) for name in COLUMNS)])
    )


def verdict(*clients: Client) -> str:
    """What is decided about two clients."""
    listed = find(base(*clients)).pairs["decision"].to_pylist()
    return str(listed[0]) if listed else "apart"


def both(one: str, other: str, **shared: str) -> tuple[Client, Client]:
    """Two clients of these names with one telephone, typed in two ways."""
    return {"name": one, "phones": PHONE, **shared}, {"name": other, "phones": TYPED, **shared}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов Иван Иванович", "иванов и.и."),
        ("Иванов Иван Иванович", "Иван Иванович ИВАНОВ"),
        ("Иванов Иван Иванович", "И. И. Иванов"),
        ("Иванов Иван Иванович", "Иванов ИИ"),
        ("Семёнов Пётр", "Семенов Петр"),
        ("Иванов Иван", "Ivanov Ivan"),
        ("Иванов Иван", "Ivan Ivanov"),
        ("Соловьёва Юлия", "Yuliya Solovyova"),
        ("Щукин Алексей", "Schukin Alexey"),
        ("Иванов Саша", "Иванов Александр Петрович"),
        ("Смирнова Наталья", "Смирнова Наталия"),
        ("Иванов Иван", "Иван Ивнаов"),
        ("Римский-Корсаков Николай", "николай римский корсаков"),
        ("Роман Аркадьевич Абрамович", "Абрамович Роман Аркадьевич"),
        ("Мамедов Али Гасан оглы", "Мамедов Али"),
        ("ООО «Ромашка»", "Ромашка, ООО"),
        ("Общество с ограниченной ответственностью «Ромашка Плюс»", "ООО Ромашка-Плюс"),
    ],
)
def test_one_client_in_two_spellings_with_one_phone_is_joined(one: str, other: str) -> None:
    assert verdict(*both(one, other)) == "automatic"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванов Иван Петрович", "Иванов Пётр Сергеевич"),  # father and son
        ("Иванов Иван", "Иванова Мария"),  # husband and wife
        ("Иванов Александр", "Иванова Александра"),  # and with names alike
        ("Кузнецова Мария", "Кузнецова Марина"),  # two sisters, one slip apart
        ("Сидоров Иван", "Петрова Мария"),  # who lives together under two names
        ("ООО «Ромашка»", "ООО «Василёк»"),  # one accountant
        ("ООО «Ромашка-1»", "ООО «Ромашка-2»"),  # two firms of one owner
        ("ООО «Ромашка»", "Иванов Иван"),  # a firm and who calls for it
    ],
)
def test_two_clients_with_one_phone_and_one_address_are_never_joined(one: str, other: str) -> None:
    assert verdict(*both(one, other)) == "apart"
    assert verdict(*both(one, other, address=HOME)) != "automatic"
    assert verdict(*both(one, other, address=HOME, emails="family@example.com")) != "automatic"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семёнов", "Семенов"),  # which of the family?
        ("Иванов И.", "Иванов Игорь"),
        ("Иванов Иван Иванович", "Иванов Иван Петрович"),
        ("ИП Иванов Иван Иванович", "Иванов Иван Иванович"),  # one human being, two accounts
    ],
)
def test_what_the_name_does_not_settle_goes_to_a_person(one: str, other: str) -> None:
    assert verdict(*both(one, other)) == "review"


def test_a_name_alone_says_nothing_and_name_with_address_is_asked_about() -> None:
    ivan = {"name": "Иванов Иван Иванович"}

    assert verdict(ivan, ivan) == "apart"
    assert verdict({**ivan, "phones": PHONE}, {**ivan, "phones": OTHER}) == "apart"
    assert verdict({**ivan, "address": HOME}, {**ivan, "address": TYPED_HOME}) == "review"


def test_two_sites_of_one_firm_with_one_phone_go_to_a_person() -> None:
    firm = {"name": "ООО «Ромашка Авто Плюс»", "phones": PHONE}

    assert verdict({**firm, "address": "ул. Мира, 5"}, {**firm, "address": "Мира 5"}) == "automatic"
    assert verdict({**firm, "address": "ул. Мира, 5"}, {**firm, "address": "ул. Садовая, 17"}) == "review"


def test_a_number_of_half_the_town_joins_nobody() -> None:
    named = [{"name": f"Иванов {given}", "phones": PHONE} for given in ("Иван", "Пётр", "Олег", "Глеб") * 4]

    assert find(base(*named)).clusters.num_rows == 0


def test_who_fits_two_that_contradict_each_other_is_joined_to_neither() -> None:
    found = find(base(*(both("Иванов Иван Иванович", "Иванов И. И.")), {"name": "Иванов Игорь Ильич", "phones": PHONE}))

    assert found.clusters.num_rows == 0
    assert found.pairs["decision"].to_pylist() == ["review", "review"]


def test_no_chain_brings_together_two_that_contradict() -> None:
    found = find(
        base(
            {"name": "Иванов Иван Иванович", "phones": PHONE, "emails": "a@example.com"},
            {"name": "Иванов И. И.", "phones": TYPED, "emails": "a@example.com"},
            {"name": "Иванов Игорь Ильич", "phones": PHONE},
        )
    )

    assert found.clusters.to_pylist() == [{"cluster": 1, "customer_id": 1}, {"cluster": 1, "customer_id": 2}]
    assert found.pairs["decision"].to_pylist() == ["automatic", "review"]


def test_plates_and_serial_numbers_of_assets_speak_with_look_alike_letters() -> None:
    customers = base({"name": "Каримов Марат"}, {"name": "Karimov Marat"}, {"name": "Каримов Марат"})
    assets = pa.table(
        {
            "customer_id": [1, 2, 3],
            "plate": ["А 123 ВС 77 RUS", "a123bc77", None],  # Cyrillic, then Latin
            "serial_number": ["35-693803-564380-9", "35693803564380", "unknown"],
        }
    )

    found = find(customers, assets)

    assert found.joined().to_pylist() == [{"id_a": 1, "id_b": 2}]
    assert {reason["fact"] for reason in found.pairs["reasons"][0].as_py()} >= {"plate", "surname_same"}


def test_reasons_show_both_values_and_sum_to_the_score() -> None:
    pair = find(base(*both("Иванов Иван Иванович", "иванов и.и."))).pairs.to_pylist()[0]

    reasons = {reason["fact"]: reason for reason in pair["reasons"]}
    assert sum(reason["points"] for reason in pair["reasons"]) == pair["score"]
    assert (reasons["phone"]["value_a"], reasons["phone"]["value_b"]) == (PHONE, TYPED)
    assert (reasons["given_initial"]["value_a"], reasons["given_initial"]["value_b"]) == ("иван", "и")


def test_nobody_and_nameless_clients_are_no_error() -> None:
    assert find(base()).pairs.num_rows == 0
    assert find(base({}, {})).pairs.num_rows == 0
    assert find(pa.table({"customer_id": pa.array([None, "a", "a"], pa.string())})).joined().num_rows == 0


def test_the_order_of_the_rows_changes_nothing() -> None:
    customers = synth.centre(2_000, 5, flaws=True)["customers"]
    mixed = customers.take(pa.array(np.random.default_rng(1).permutation(customers.num_rows)))

    one, other = find(customers), find(mixed)

    assert one.pairs.equals(other.pairs)
    assert one.clusters.equals(other.clusters)


def test_values_are_normalised() -> None:
    assert phones("8 (912) 345-67-89, +79123456780; 9123456781 доб. 5") == ("9123456789", "9123456780", "9123456781")
    assert phones("89123456789 89123456780") == ("9123456789", "9123456780")
    assert phones("000-00-00") == phones("нет") == ()
    assert emails("Ivan.Petrov+x@Gmail.com, A.B+c@Mail.ru") == ("ivanpetrov@gmail.com", "a.b+c@mail.ru")
    assert plate("а123вс 77") == plate("A123BC77 RUS") == "A123BC77"
    assert serial("XTA210990C1234567") == serial("ХТА21О99ОС1234567")
    assert serial("unknown") == serial("000000000") == ""
    assert address("ул. Баумана, д. 12, кв. 5") == address("Баумана 12")
    assert day("31.05.1980") == day("1980-05-31") == day("19800531") == "19800531"
    assert len({folded(plain(name)) for name in ("Семёнов", "Semenov", "Semyonov", "СЕМЕНОВ")}) == 1
    assert parse("Иванова Анна Петровна", "").sex == "f"


def test_a_hundred_thousand_clients_in_seconds_and_every_copy_found() -> None:
    centre = synth.centre(100_000, 1, flaws=True)
    customers, assets = centre["customers"], centre["assets"]
    known = customers.num_rows - 400
    whole = customers.slice(0, known)["name"].to_pylist()

    started = time.process_time()
    found = find(customers, assets)
    seconds = time.process_time() - started

    print(
        f"\n{customers.num_rows} clients, {found.compared} pairs compared, {found.too_large} blocks too large, ", end=""
    )
    print(f"{found.clusters.num_rows} in clusters, {seconds:.1f} s of processor time")
    joined = found.joined().to_pylist()
    assert len(joined) == 400
    assert all(pair["id_a"] <= known < pair["id_b"] for pair in joined)
    names = customers["name"].to_pylist()
    assert all(whole[pair["id_a"] - 1] == names[pair["id_b"] - 1] for pair in joined)


def test_pairs_of_a_cluster_are_told_each_once() -> None:
    ivan = [{"name": "Иванов Иван Иванович", "phones": PHONE} for _ in range(4)]

    joined = [(pair["id_a"], pair["id_b"]) for pair in find(base(*ivan)).joined().to_pylist()]

    assert joined == list(combinations(range(1, 5), 2))

"""A mapping is a file a person can read, edit and get back as it was; a proposal asks nothing it can see."""

from dataclasses import replace
from pathlib import Path

import pytest

from dovolen.insight import mapping as mappings
from dovolen.insight.mapping import Mapping, Returns, TableMapping
from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import propose
from dovolen.insight.sources.headers import currency_of, tidy

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_mapping_written_as_toml_is_read_back_the_same():
    mapping = Mapping(
        tables={
            "orders": TableMapping(
                {"customer_id": ("Телефон", "Имя «кавычки»"), "accepted_at": ("Дата",)},
                values={"outcome": {'в "ы"': "repaired"}},
            ),
            "lines": TableMapping({"amount": ("Сумма, ₽",)}),
            "customers": TableMapping({"customer_id": ("id",)}, file="clients.csv"),
        },
        name="мой",
        currency="KZT",
        zone="Asia/Almaty",
        date_order="dmy",
        decimal=",",
        group_by=("customer_id", "accepted_date"),
        returns=Returns("Вид", ("возврат", "сторно")),
        companies={"centre": ("Опт",)},
        alike={"same_name": "имя"},
    )

    assert mappings.from_toml(mappings.to_toml(mapping)) == mapping


@pytest.mark.parametrize("name", mappings.presets())
def test_every_preset_is_whole(name):
    preset = mappings.load(name)

    assert preset.preset
    assert mappings.from_toml(mappings.to_toml(preset), preset=True) == preset


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_whole(path):
    assert mappings.load(path).tables


def test_unknown_names_in_a_mapping_are_all_told():
    with pytest.raises(SchemaError, match=r"orders\.colour, planets"):
        mappings.from_toml('[tables.orders.columns]\ncolour = "a"\n[tables.planets.columns]\nname = "b"\n')


@pytest.mark.parametrize(
    "text", ["no = [toml", "", "[tables.orders]\n", "strange = 1\n[tables.orders.columns]\nrevenue = 'a'"]
)
def test_a_broken_mapping_is_one_error(tmp_path, text):
    (tmp_path / "m.toml").write_text(text)

    with pytest.raises(SchemaError):
        mappings.load(tmp_path / "m.toml")


def test_an_unknown_preset_is_told_with_the_known_ones():
    with pytest.raises(SchemaError, match="remonline_orders"):
        mappings.load("remonlain")


@pytest.mark.parametrize(
    ("header", "words", "currency"),
    [
        ("amount_cop", "amount", "COP"), ("Сумма, ₽", "сумма", "RUB"), ("Итого (руб.)", "итого", "RUB"), ("Order Date", "order date", ""),
        ("№ заказа", "№ заказа", ""), ("Total USD", "total", "USD"), ("client_code", "client code", ""),
    ],
)  # fmt: skip
def test_headers_are_known_without_their_units(header, words, currency):
    assert (tidy(header), currency_of(header)) == (words, currency)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Клиент;Дата заказа;Сумма",
            {"customer_id": ("Клиент",), "accepted_at": ("Дата заказа",), "revenue": ("Сумма",)},
        ),
        (
            "Customer;Order date;Total",
            {"customer_id": ("Customer",), "accepted_at": ("Order date",), "revenue": ("Total",)},
        ),
        ("Cliente;Fecha;Importe", {"customer_id": ("Cliente",), "accepted_at": ("Fecha",), "revenue": ("Importe",)}),
    ],
)
def test_headers_are_known_in_three_languages(tmp_path, header, expected):
    (tmp_path / "a.csv").write_text(f"{header}\nA;05.01.2024;1\n")

    assert dict(propose(tmp_path / "a.csv").tables["orders"].columns) == expected


def test_a_table_of_clients_beside_is_joined_by_its_key(tmp_path):
    (tmp_path / "sales.csv").write_text("client_code,date,amount\n1,2024-01-05,5\n2,2024-01-06,5\n")
    (tmp_path / "clients.csv").write_text("client_code,name,company\n1,Acme,yes\n2,Anna,no\n")

    mapping = propose(tmp_path / "sales.csv")

    assert mapping.tables["customers"].file == "clients.csv"
    assert mapping.tables["customers"].values["kind"] == {"yes": "company", "no": "person"}


def test_the_proposal_for_the_tyre_chain_is_what_a_person_would_write(shared):
    proposed = propose(shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet")
    by_hand = mappings.load(EXAMPLES / "tyre_service.toml")

    assert proposed.group_by == by_hand.group_by
    assert proposed.tables["orders"] == by_hand.tables["orders"]
    assert (proposed.companies, proposed.alike, proposed.currency) == (by_hand.companies, by_hand.alike, "COP")
    assert replace(mappings.from_toml(mappings.to_toml(proposed)), preset=True) == proposed

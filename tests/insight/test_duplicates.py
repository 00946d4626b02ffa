"""The same client twice in the study: who is joined, who is asked about, what is written, what a base may lack."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from dovolen.insight import synth
from dovolen.insight.cells import Printer
from dovolen.insight.config import Config
from dovolen.insight.duplicates import Twice
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.schema import Tables
from dovolen.insight.study import Study, study
from dovolen.insight.words import LANGUAGES, NBSP, Words

ASOF = date(2026, 6, 30)
PHONE, TYPED = "+7 997 200-00-01", "8 (997) 200 00 01"
PEOPLE = (
    (7, "Иванов Иван Иванович", PHONE),
    (2, "иванов и.и.", TYPED),
    (5, "Иванов Иван", PHONE),
    (1, "Иванова Мария Петровна", PHONE),  # his wife
    (4, "Петров Пётр", "+7 997 200-00-02"),
    (3, "Петров", "+7 997 200-00-02"),  # which of the family?
    (6, "Ким Ольга", "+7 997 200-00-03"),
)


def base(people: tuple[tuple[Any, ...], ...] = PEOPLE, **settings: Any) -> Study:
    """A study of clients who came once each."""
    columns = dict(zip(("customer_id", "name", "phones"), map(list, zip(*people, strict=True)), strict=True))
    orders = {
        "customer_id": columns["customer_id"],
        "accepted_date": [ASOF] * len(people),
        "revenue": [100] * len(people),
    }
    return study(Tables({"customers": pa.table(columns), "orders": pa.table(orders)}), ASOF, Config(**settings))


def sheets(made: Study) -> dict[str, Sheet]:
    """The sheets of this room alone."""
    return {found.key: found for found in _room(made).sheets() if found}


def figures(made: Study) -> dict[str, Figure]:
    """The figures of this room alone."""
    return {figure.key: figure for figure in _room(made).figures()}


def _room(made: Study) -> Twice:
    [room] = [one for one in made.rooms if isinstance(one, Twice)]
    return room


def test_clusters_name_every_member_and_what_joined_him():
    rows = sheets(base())["twice.clusters"].records()

    assert [(row["same_as"], row["customer_id"]) for row in rows] == [(2, 2), (2, 5), (2, 7)]
    assert rows[0]["reasons"] is None
    assert [row["name"] for row in rows] == ["иванов и.и.", "Иванов Иван", "Иванов Иван Иванович"]
    assert all("phone=" in row["reasons"] and row["score"] >= 40 for row in rows[1:])


def test_pairs_that_the_name_does_not_settle_are_listed_and_settled_ones_are_not():
    rows = sheets(base())["twice.review"].records()

    assert {(row["customer_id"], row["other_id"]) for row in rows} == {(3, 4)}


def test_the_clients_table_names_the_cluster_and_the_file_holds_every_pair():
    made = base()
    same = {row["customer_id"]: row["same_as"] for row in made.customers().to_pylist()}
    pairs = pa.concat_tables(made.files()["duplicates"]()).to_pylist()

    assert same == {1: None, 2: 2, 3: None, 4: None, 5: 2, 6: None, 7: 2}
    assert {"id_a", "id_b", "score", "decision", "reasons"} == set(pairs[0])
    assert {pair["decision"] for pair in pairs} == {"automatic", "review"}


def test_figures_count_clients_needless_records_and_pairs():
    few, enough = figures(base()), figures(base(minimum=5))

    assert few["twice.automatic"].value == 1
    assert few["twice.review"].value == 1
    assert few["twice.share"].few
    assert enough["twice.share"].value == pytest.approx(2 / 7)


def test_thresholds_are_settings():
    assert "twice.clusters" not in sheets(base(same_automatic=90))
    assert len(sheets(base(same_automatic=90))["twice.review"].rows) > 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reasons_are_told_in_words(lang: str):
    made = base()
    sheet = sheets(made)["twice.clusters"]

    told = Printer(Words(lang), made.meta).cell(sheet, "reasons", sheet.records()[2]).replace(NBSP, " ")

    says = "один телефон +7 997 200-00-01 (+30)" if lang == "ru" else "one telephone +7 997 200-00-01 (+30)"
    assert says in told or says.replace(PHONE, TYPED) in told
    assert "=" not in told


def test_without_names_telephones_and_mail_nobody_is_looked_for():
    orders = pa.table({"customer_id": [1, 2], "accepted_date": [ASOF] * 2, "revenue": [1, 2]})
    made = study(Tables({"orders": orders}), ASOF)

    assert {("twice", "customers.name"), ("twice_automatic", "customers.phones")} <= set(made.impossible)
    assert not [key for key in (*made.figures, *made.sheets) if key.startswith("twice.")]
    assert "same_as" not in made.customers().column_names
    assert "duplicates" not in made.files()


def test_copies_planted_in_an_invented_centre_are_all_found():
    centre = synth.centre(2_000, 5, flaws=True)
    made = study(Tables(centre))

    known = set(range(1, 2_001))
    joined = _room(made).clients()
    assert joined
    same = {row["customer_id"]: row["same_as"] for row in joined.to_pylist()}
    copies = [number for number in same if number not in known]
    assert len(copies) == centre["customers"].num_rows - 2_000
    assert all(same[number] in known for number in copies)
    assert figures(made)["twice.automatic"].value == len(copies)

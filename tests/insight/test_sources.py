"""Any file of orders becomes canonical tables, and every row of it is accounted for."""

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dovolen.insight import mapping as mappings
from dovolen.insight.sources import open_tables

RUSSIAN = "№ заказа;Клиент;Дата;Сумма, руб\n1;Иванова;05.02.2024;1 234,56\n2;Петров;17.02.2024;900\n3;Иванова;01.03.2024;−100,00\n"


def written(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def orders(path: Path, **options):
    tables = open_tables(path, **options)
    assert all(account.balanced() for account in tables.accounts)
    return tables.data["orders"].to_pydict()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_letters_separators_and_line_ends_do_not_matter(tmp_path, encoding, separator, end):
    text = RUSSIAN.replace(";", separator).replace("\n", end)
    text = text if encoding != "cp1251" else text.replace("−", "-")

    found = orders(written(tmp_path, text.encode(encoding)))

    assert found["order_id"] == ["1", "2", "3"]
    assert found["customer_id"] == ["Иванова", "Петров", "Иванова"]
    assert found["accepted_date"] == [date(2024, 2, 5), date(2024, 2, 17), date(2024, 3, 1)]
    assert found["revenue"] == [123456, 90000, -10000]


def test_commas_separate_and_quoted_cells_hold_commas_and_line_ends(tmp_path):
    found = orders(
        written(tmp_path, 'client,date,total,problem\nA,2024-01-05,"1,234.50","no\nsound, at all"\nB,2024-01-06,7,\n')
    )

    assert found["revenue"] == [123450, 700]
    assert found["fault_text"] == ["no sound, at all", None]


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        ("1 234,56 ₽", 123456), ("1\u00a0234,56\u202fруб.", 123456), ("$ 1,234.56", 123456), ("1234.56$", 123456), ("1.234,56", 123456),
        ("(12,50)", -1250), ("−12,50", -1250), ("12,50-", -1250), ("-12.5", -1250), ("0", 0), ("1 000 000", 100000000), ("1'234.50", 123450),
    ],
)  # fmt: skip
def test_amounts_are_read_in_any_notation(tmp_path, said, minor):
    found = orders(
        written(tmp_path, f"client;date;amount\nA;2024-01-05;{said}\n"), currency="RUB" if "$" not in said else "USD"
    )

    assert found["revenue"] == [minor]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("31.01.2024", date(2024, 1, 31)), ("31.01.24", date(2024, 1, 31)), ("31/01/2024", date(2024, 1, 31)), ("01/31/2024", date(2024, 1, 31)),
        ("2024-01-31", date(2024, 1, 31)), ("20240131", date(2024, 1, 31)), ("31 января 2024 г.", date(2024, 1, 31)),
        ("31 Jan 2024", date(2024, 1, 31)), ("31 ene 2024", date(2024, 1, 31)), ("45322", date(2024, 1, 31)), ("2024/1/31", date(2024, 1, 31)),
    ],
)  # fmt: skip
def test_days_are_read_in_any_notation(tmp_path, said, day):
    found = orders(written(tmp_path, f"client;date;amount\nA;{said};5\n"))

    assert found["accepted_date"] == [day]
    assert "accepted_at" not in found


@pytest.mark.parametrize(
    "said",
    [
        "31.01.2024 23:30",
        "2024-01-31T23:30:00",
        "31.01.2024 23:30:00",
        "2024-01-31 20:30:00Z",
        "2024-01-31T21:30+01:00",
        "31/01/2024 11:30 PM",
    ],
)
def test_a_time_without_a_zone_is_local_and_its_day_is_the_local_day(tmp_path, said):
    found = orders(written(tmp_path, f"client;date;amount\nA;{said};5\n"), zone="Europe/Moscow")

    assert found["accepted_at"] == [datetime(2024, 1, 31, 20, 30, tzinfo=UTC)]
    assert found["accepted_date"] == [date(2024, 1, 31)]


def test_four_notations_in_one_column_are_all_read(tmp_path):
    text = "client;date;amount\nA;31.01.2024;1\nB;2024-01-31;1\nC;31/01/2024;1\nD;31.01.24;1\n"

    assert set(orders(written(tmp_path, text))["accepted_date"]) == {date(2024, 1, 31)}


def test_rows_that_cannot_be_used_are_set_aside_with_their_reason(tmp_path):
    rows = [
        "A;2024-01-05;5",
        "B;;5",
        "C;скоро;5",
        "D;2024-01-06;много",
        "E;2030-01-01;5",
        ";2024-01-07;5",
        "G;2024-01-08;5;лишнее",
    ]
    rows += [f"Z{i};2024-01-05;5" for i in range(9)]
    tables = open_tables(written(tmp_path, "client;date;amount\n" + "\n".join(rows)), today=date(2024, 2, 1))

    (account,) = [account for account in tables.accounts if account.table == "orders"]

    assert {aside.reason: aside.count for aside in account.asides} == {
        "bad_row": 1,
        "no_date": 1,
        "bad_date": 1,
        "bad_amount": 1,
        "future_date": 1,
    }
    assert (account.rows_in, account.rows_used) == (16, 11)
    assert account.balanced()
    assert next(aside.examples for aside in account.asides if aside.reason == "bad_date") == ("C | скоро | 5",)


def test_a_mark_of_return_makes_the_amount_negative(tmp_path):
    text = "client;date;amount;operation\nA;2024-01-05;50;Продажа\nA;2024-01-06;50;Возврат\n"

    assert orders(written(tmp_path, text))["revenue"] == [5000, -5000]


@pytest.mark.parametrize(
    ("said", "minor"),
    [
        (("1.500", "129.310"), [150000, 12931000]),
        (("1.500", "0.250"), [150, 25]),
        (("1,500", "1,500.50"), [150000, 150050]),
        (("1,500", "7,5"), [150, 750]),
        (("1500.125", "1.000"), [150012, 100]),
    ],
)
def test_the_column_tells_whether_a_mark_parts_thousands_or_decimals(tmp_path, said, minor):
    rows = "".join(f"A;2024-01-05;{value}\n" for value in said)

    assert orders(written(tmp_path, f"client;date;amount\n{rows}"))["revenue"] == minor


def test_more_decimals_than_the_currency_has_are_rounded_half_to_even_and_told(tmp_path):
    tables = open_tables(
        written(tmp_path, "client;date;amount\nA;2024-01-05;0.125\nB;2024-01-05;0.1350\nC;2024-01-05;1.00\n")
    )

    assert tables.data["orders"]["revenue"].to_pylist() == [12, 14, 100]
    (finding,) = [finding for finding in tables.findings if finding.code == "more_decimals"]
    assert (finding.count, finding.of, finding.action) == (2, 3, "half_even")


def test_currency_comes_from_the_header_the_values_or_by_default(tmp_path):
    by_header = open_tables(written(tmp_path, "client,date,amount_jpy\nA,2024-01-05,500\n"))
    by_value = open_tables(written(tmp_path, "client;date;amount\nA;2024-01-05;5 €\n"))
    by_default = open_tables(written(tmp_path, "client;date;amount\nA;2024-01-05;5\n"))

    assert (by_header.currency, by_header.currency_from, by_header.data["orders"]["revenue"].to_pylist()) == (
        "JPY",
        "header",
        [500],
    )
    assert by_value.currency == "EUR"
    assert (by_default.currency, by_default.currency_from, by_default.zone, by_default.zone_from) == (
        "RUB",
        "default",
        "Europe/Moscow",
        "default",
    )


def test_lines_are_grouped_by_named_columns(tmp_path):
    text = "client,day,shop,sum\nA,2024-01-05,x,1\nA,2024-01-05,x,2\nA,2024-01-05,y,4\nB,2024-01-05,x,8\n"

    tables = open_tables(written(tmp_path, text), group_by=("client", "day", "branch"))

    assert tables.data["orders"]["revenue"].to_pylist() == [300, 400, 800]
    assert tables.data["orders"]["order_id"].to_pylist() == [1, 2, 3]
    assert tables.data["lines"].num_rows == 4


def test_an_order_number_that_repeats_over_items_groups_them(tmp_path):
    text = "order no,client,date,item,qty,total\n7,A,2024-01-05,oil,2,10\n7,A,2024-01-05,filter,1,5\n8,B,2024-01-06,oil,1,5\n"

    tables = open_tables(written(tmp_path, text))

    assert tables.data["orders"].select(["order_id", "revenue"]).to_pydict() == {
        "order_id": ["7", "8"],
        "revenue": [1500, 500],
    }
    assert tables.data["lines"]["price"].to_pylist() == [500, 500, 500]


def test_columns_named_by_hand_win(tmp_path):
    text = "who,when,much,client\nA,2024-01-05,5,wrong\n"

    found = orders(written(tmp_path, text), columns={"customer_id": "who", "accepted_at": "when", "revenue": "much"})

    assert (found["customer_id"], found["revenue"]) == (["A"], [500])


REMONLINE = (
    "Принят;Принял;№ заказа;Тип заказа;Статус;Имя клиента;Телефон;Адрес;Email;Тип устройства;Бренд;Модель;Серийный номер;Неисправность;"
    "Крайний срок;Ориентировочная цена;Готов;Инженер;Выдан;Себестоимость запчастей;Оплачено;Вердикт;Своё поле\r\n"
    "05.02.2024 10:15;Анна;A1/1;Платный;Выдан;Иванова Мария;8 (997) 200-00-01, 22-33-44;;;Ноутбук;Acme;X1;SN1;не включается;07.02.2024 18:00;"
    "1 500,00;06.02.2024 12:00;Олег;06.02.2024 13:00;300,00;1 500,00 руб.;Почистили и собрали;1\r\n"
    "09.02.2024 11:00;Анна;A1/2;Платный;Выдан;Иванова М.;+7 997 200 00 01;;;Ноутбук;Acme;X1;SN1;шумит;12.02.2024 18:00;"
    "900;10.02.2024 12:00;Олег;;100,50;900,00 руб.;Отказ клиента;2\r\n"
    "10.02.2024 12:30;Анна;A1/3;Платный;Отменен;Сидоров;;;;Телефон;Acme;Y2;;экран;;;;Олег;;;;;3\r\n"
)


def test_a_remonline_export_in_cp1251_is_read_by_its_preset(tmp_path):
    tables = open_tables(written(tmp_path, REMONLINE.encode("cp1251")))
    found = tables.data["orders"].to_pydict()

    assert found["customer_id"] == ["79972000001", "79972000001", "Сидоров"]
    assert found["accepted_at"][0] == datetime(2024, 2, 5, 7, 15, tzinfo=UTC)
    assert found["ready_at"][0] == datetime(2024, 2, 6, 9, tzinfo=UTC)
    assert found["revenue"] == [150000, 90000, None]
    assert found["parts_cost"] == [30000, 10050, None]
    assert found["outcome"] == ["repaired", "declined", "cancelled"]
    assert tables.data["customers"]["name"].to_pylist() == ["Иванова Мария", "Сидоров"]
    assert tables.data["assets"]["asset_id"].to_pylist() == ["SN1"]
    assert tables.ignored_columns == ("Своё поле",)
    assert tables.currency == "RUB"


def test_livesklad_json_is_read_by_its_preset(tmp_path):
    rows = [
        {
            "number": "7",
            "dateCreate": "2024-02-05T10:00:00+03:00",
            "client": {"name": "Анна", "phones": ["+79972000001"]},
            "typeDevice": "Телефон",
            "brand": "Acme",
            "model": "Y",
            "sn": "1",
            "problem": ["экран", "звук"],
            "status": "Выдан",
            "approximatePrice": 100,
            "summ": 150.5,
            "master": "О",
            "manager": "А",
            "deadline": "2024-02-06T10:00:00+03:00",
        }
    ]

    tables = open_tables(written(tmp_path, json.dumps({"data": rows}), "orders.json"))

    assert tables.data["orders"].select(["customer_id", "revenue", "fault_text", "outcome"]).to_pylist() == [
        {"customer_id": "79972000001", "revenue": 15050, "fault_text": "экран, звук", "outcome": "repaired"}
    ]


def test_a_printed_list_of_1c_gives_clients_with_their_phones(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист1")
    for i, words in enumerate(
        [
            "Контрагент, Контактное лицо",
            "ООО Ромашка",
            "8 (997) 200-00-01, 2-33-44-55",
            "Иванов Пётр",
            "+7 997 200-00-02",
        ]
    ):
        sheet.write(i, 0, words)
    book.save(str(tmp_path / "list.xls"))

    tables = open_tables(tmp_path / "list.xls")

    assert tables.data["customers"].select(["name", "phones"]).to_pydict() == {
        "name": ["ООО Ромашка", "Иванов Пётр"],
        "phones": ["8 (997) 200-00-01, 2-33-44-55", "+7 997 200-00-02"],
    }
    assert all(account.balanced() for account in tables.accounts)


def test_xlsx_is_read_with_true_dates_under_a_title(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ["Отчёт за месяц"],
        ["Клиент", "Дата", "Сумма"],
        ["А", datetime(2024, 2, 5, 10, 30), 1500.5],
        ["Б", datetime(2024, 2, 6), 7],
    ):
        book.active.append(row)
    book.save(tmp_path / "orders.xlsx")

    found = orders(tmp_path / "orders.xlsx")

    assert found["revenue"] == [150050, 700]
    assert found["accepted_date"] == [date(2024, 2, 5), date(2024, 2, 6)]


def test_ods_is_read(tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Orders")
    for row in (["client", "date", "amount"], ["A", "2024-02-05", "15"]):
        line = TableRow()
        for words in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=words))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(tmp_path / "orders.ods"))

    assert orders(tmp_path / "orders.ods")["revenue"] == [1500]


def test_sqlite_and_duckdb_files_are_read(tmp_path):
    with sqlite3.connect(tmp_path / "old.sqlite") as base:
        base.execute("CREATE TABLE sales (client TEXT, date TEXT, amount REAL)")
        base.execute("INSERT INTO sales VALUES ('A', '2024-01-05', 12.5)")
        base.execute("CREATE TABLE settings (name TEXT)")
        base.execute("INSERT INTO settings VALUES ('x')")
    base.close()
    with duckdb.connect(str(tmp_path / "old.duckdb")) as duck:
        duck.execute("CREATE TABLE sales AS SELECT 'A' AS client, DATE '2024-01-05' AS date, 12.5 AS amount")

    assert orders(tmp_path / "old.sqlite")["revenue"] == [1250]
    assert orders(tmp_path / "old.duckdb")["revenue"] == [1250]


CANONICAL = pa.table(
    {
        "customer_id": pa.array([1, 1, 2]),
        "accepted_date": pa.array([date(2024, 1, 5), date(2024, 1, 6), date(2024, 1, 7)]),
        "revenue": pa.array([100, 200, 300]),
        "something": pa.array(["a", "b", "c"]),
    }
)


def test_canonical_parquet_is_passed_on_by_its_path(tmp_path):
    pq.write_table(CANONICAL, tmp_path / "orders.parquet")

    for source in (tmp_path, tmp_path / "orders.parquet"):
        tables = open_tables(source)
        assert tables.data == {"orders": tmp_path / "orders.parquet"}
        assert tables.currency_from == "default"
        assert tables.ignored_columns == ("orders.something",)


def test_a_folder_of_csv_with_canonical_names_is_read_in_major_units(tmp_path):
    written(
        tmp_path, "order_id,customer_id,accepted_at,ready_at,revenue\n1,7,2024-01-05 10:00,2024-01-06 10:00,12.50\n"
    )
    written(tmp_path, "customer_id,kind,name\n7,company,Acme\n", "customers.csv")

    tables = open_tables(tmp_path, zone="UTC")

    assert tables.data["orders"]["revenue"].to_pylist() == [1250]
    assert tables.data["orders"]["ready_at"].to_pylist() == [datetime(2024, 1, 6, 10, tzinfo=UTC)]
    assert tables.data["customers"].to_pylist() == [{"customer_id": "7", "kind": "company", "name": "Acme"}]


def test_the_tyre_chain_meets_its_own_figures(shared):
    source = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    examples = Path(__file__).parents[2] / "examples" / "tyre_service.toml"

    for mapping in (None, mappings.load(examples)):
        tables = open_tables(source, mapping)
        rows = tables.data["orders"]
        (account,) = [account for account in tables.accounts if account.table == "lines"]

        assert tables.currency == "COP"
        assert rows.num_rows == 33_052
        assert pc.count_distinct(rows["customer_id"]).as_py() == 17_782
        assert pc.sum(rows["revenue"]).as_py() == 48_848_857_196 * 100
        assert (account.rows_in, account.rows_used) == (84_097, 84_092)
        assert [(aside.reason, aside.count) for aside in account.asides] == [("spoiled_amount", 5)]
        assert all(account.balanced() for account in tables.accounts)
        kinds = tables.data["customers"]["kind"].value_counts().to_pylist()
        assert {kind["values"]: kind["counts"] for kind in kinds} == {"person": 15_841, "company": 1_941}
        assert {finding.code: finding.count for finding in tables.findings} == {
            "identifier_variants": 37,
            "same_name": 1_076,
        }


def test_cdnow_and_rfm_orders_need_no_hand(shared):
    cdnow = open_tables(shared / "cdnow" / "transactions.parquet")
    example = open_tables(shared / "rfm_orders" / "rfm_data_orders.csv")

    assert (cdnow.currency, cdnow.data["orders"].num_rows, cdnow.data["lines"].num_rows) == ("USD", 67_591, 69_659)
    assert pc.sum(cdnow.data["orders"]["revenue"]).as_py() == 250_031_563
    assert (example.data["orders"].num_rows, pc.sum(example.data["orders"]["revenue"]).as_py()) == (4_906, 464_158_00)


def test_the_reader_is_cheap_to_import():
    import subprocess
    import sys

    code = "import sys, dovolen.insight.sources; print([n for n in ('python_calamine', 'psycopg', 'pandas') if n in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )

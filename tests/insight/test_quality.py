"""Flaws of the data are counted and shown, and nothing is mended."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.insight import quality
from dovolen.insight.engines import open_engine
from dovolen.insight.facts import Views
from dovolen.insight.sources import open_tables


def found(source: Path, **options):
    tables = open_tables(source, **options)
    views = Views(open_engine(), tables, {})
    return {(finding.code, finding.table): finding for finding in quality.findings(views, tables)}, quality.accounts(
        views, tables
    )


ROWS = """order_id,customer_id,accepted_at,ready_at,picked_up_at,revenue
1,AB 1001,2024-01-05 10:00,2024-01-06 10:00,2024-01-06 11:00,100
1,AB-1001,2024-01-05 10:00,2024-01-04 10:00,,100
2,,2024-01-05 10:00,,,0
3,c7,2024-01-05 10:00,2024-01-06 10:00,2024-01-06 09:00,-50
4,C7,2024-01-05 10:00,,,
5,zz9,2024-01-05 10:00,,,900000
"""


def test_each_flaw_is_told_with_its_count_examples_and_what_was_done(tmp_path):
    (tmp_path / "orders.csv").write_text(ROWS)
    (tmp_path / "customers.csv").write_text(
        "customer_id,name,phones\nAB 1001,Anna,1234567\nAB-1001,Anna,1234567\nc7,xxx,\nC7,Boris,\n"
    )

    findings, accounts = found(tmp_path)

    counts = {key: finding.count for key, finding in findings.items()}
    assert counts == {
        ("no_customer", "orders"): 1,
        ("zero_amount", "orders"): 1,
        ("negative_amount", "orders"): 1,
        ("no_amount", "orders"): 1,
        ("wrong_sequence", "orders"): 2,
        ("repeated_order_id", "orders"): 1,
        ("unknown_customer", "orders"): 1,
        ("suspect_amount", "orders"): 1,
        ("same_name", "customers"): 1,
        ("same_phone", "customers"): 1,
        ("placeholder_name", "customers"): 1,
        ("identifier_variants", "customers"): 2,
    }
    assert findings["repeated_order_id", "orders"].examples == ("1 × 2",)
    assert findings["suspect_amount", "orders"].examples[0].endswith("900000")
    assert all(
        len(finding.examples) <= 5 and finding.of >= finding.count and finding.action for finding in findings.values()
    )
    assert all(account.balanced() for account in accounts)


def test_a_clean_base_has_no_findings(tmp_path):
    (tmp_path / "a.csv").write_text("client,date,amount\nA,2024-01-05,5\nB,2024-01-06,6\n")

    assert found(tmp_path / "a.csv")[0] == {}


def test_equal_rows_are_kept_and_told(tmp_path):
    (tmp_path / "a.csv").write_text("client,date,amount\nA,2024-01-05,5\nA,2024-01-05,5\n")

    findings, accounts = found(tmp_path / "a.csv")

    assert (findings["duplicate_rows", "orders"].count, findings["duplicate_rows", "orders"].action) == (1, "kept")
    assert accounts[0].rows_used == 2


def test_tables_passed_on_by_their_path_are_accounted_for_too(tmp_path):
    days = pa.array([date(2024, 1, 5), None, date(2024, 1, 7)])
    pq.write_table(
        pa.table({"customer_id": ["a 1", "A1", "b"], "accepted_date": days, "revenue": pa.array([1, 2, 3])}),
        tmp_path / "orders.parquet",
    )

    _, (account,) = found(tmp_path)

    assert (account.rows_in, account.rows_used, account.asides[0].reason) == (3, 2, "no_date")
    assert account.balanced()


def test_the_flaws_of_the_shared_files_are_found(shared):
    tyres, _ = found(shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet")
    cdnow, _ = found(shared / "cdnow" / "transactions.parquet")

    assert tyres["identifier_variants", "customers"].count == 37
    assert tyres["same_name", "customers"].count == 1_076
    placeholders = {example.split(" | ")[1] for example in tyres["placeholder_name", "lines"].examples}
    assert placeholders <= {"name=X", "name=xxxxxxxx"}
    assert tyres["suspect_amount", "lines"].count > 0
    assert cdnow["zero_amount", "orders"].count == 80
    assert cdnow["duplicate_rows", "lines"].count == 255

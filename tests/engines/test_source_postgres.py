"""A PostgreSQL database as a source: read only, in one transaction, exact amounts, text as it is."""

from datetime import UTC, datetime

import psycopg
import pytest

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import open_tables


def test_tables_of_postgresql_are_read_and_joined(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as base:
        base.execute("DROP SCHEMA IF EXISTS old_system CASCADE")
        base.execute("CREATE SCHEMA old_system")
        base.execute("SET search_path = old_system")
        base.execute(
            "CREATE TABLE repairs (order_no text, client text, accepted timestamptz, total numeric(12, 3), fault text)"
        )
        base.execute("INSERT INTO repairs VALUES ('1', 'Ann', '2024-01-31 23:30+03', 12.505, E'a\nb, \"c\"')")
        base.execute("INSERT INTO repairs VALUES ('2', NULL, '2024-02-01 10:00+03', 1, '')")
        base.execute("CREATE TABLE clients (client text, name text)")
        base.execute("INSERT INTO clients VALUES ('Ann', 'Ann Other')")
    joint = "&" if "?" in postgres_url else "?"

    tables = open_tables(f"{postgres_url}{joint}options=-csearch_path%3Dold_system", zone="Europe/Moscow")

    orders = tables.data["orders"].to_pydict()
    assert orders["accepted_at"][0] == datetime(2024, 1, 31, 20, 30, tzinfo=UTC)
    assert orders["revenue"] == [1250, 100]
    assert orders["fault_text"] == ['a b, "c"', None]
    assert tables.data["customers"].to_pylist() == [{"customer_id": "Ann", "name": "Ann Other"}]
    assert [finding.code for finding in tables.findings] == ["more_decimals"]


def test_a_silent_database_is_one_sentence():
    with pytest.raises(SchemaError) as caught:
        open_tables("postgresql://nobody@127.0.0.1:1/nothing")

    assert caught.value.key == "error.no_database"

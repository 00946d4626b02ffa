"""The floor of the RFM task: DuckDB reads its three columns and groups by client once, nothing more."""

import sys

import duckdb

result = duckdb.sql(
    f"SELECT customer_id, max(accepted_date), count(*), sum(revenue)::BIGINT FROM '{sys.argv[1]}' GROUP BY customer_id"
).to_arrow_table()
print(result.num_rows)

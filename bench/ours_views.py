"""The views from facts to cascade by Dovolen, as of two days: facts of clients, classes, RFM, life cycle, cascade."""

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa

from dovolen.insight.schema import Tables
from dovolen.insight.study import study

source, asof = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
made = study(Tables({"orders": source}), asof=asof)
views = made.views
views.offer("days", lambda: pa.table({"day": pa.array([made.compare, asof], pa.date32())}))
for last in ("cascade", "customer_facts"):
    print(last, views.row(f"SELECT COUNT(*) AS n FROM {last}")["n"])

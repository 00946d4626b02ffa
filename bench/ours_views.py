"""Every view from facts to cascade by Dovolen, each made and counted."""

import sys
from datetime import date
from pathlib import Path

from dovolen.insight.facts import definitions
from dovolen.insight.schema import Tables
from dovolen.insight.study import study

source, asof = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
made = study(Tables({"orders": source}), asof=asof)
rows = [made.views.fetch(f"SELECT COUNT(*) AS n FROM {name}").to_pylist()[0]["n"] for name in definitions()]
print(len(rows), "views")

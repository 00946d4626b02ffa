"""Every view from facts to cascade by Dovolen: all are made, and those that no other reads are counted."""

import sys
from datetime import date
from pathlib import Path

from dovolen.insight.facts import definitions, stands_on
from dovolen.insight.schema import Tables
from dovolen.insight.study import study

source, asof = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
views = study(Tables({"orders": source}), asof=asof).views
texts = definitions()
read = {name for text in texts.values() for name in stands_on(text)}
for last in sorted(texts.keys() - read):
    views.fetch(f"SELECT COUNT(*) AS n FROM {last}")
print(len(texts), "views")

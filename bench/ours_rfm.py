"""The RFM task by Dovolen: every client's recency, frequency, money, grades and segment."""

import sys
from datetime import date
from pathlib import Path

from dovolen.insight.schema import Tables
from dovolen.insight.study import study

source, asof = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
result = study(Tables({"orders": source}), asof=asof).rfm()
print(result.num_rows)

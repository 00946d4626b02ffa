"""Orders for the benchmarks: `python bench/data.py FILE ROWS CUSTOMERS`, the same rows for the same numbers."""

import sys
from pathlib import Path

from dovolen.insight.synth import orders_only

path, rows, customers = sys.argv[1:]
orders_only(int(rows), int(customers), 1, Path(path))

"""The whole study by Dovolen, as its user runs it: one file of orders in, report, spreadsheet and Parquet out."""

import sys
import tempfile

from dovolen.cli import main

with tempfile.TemporaryDirectory() as out:
    sys.exit(main(["study", sys.argv[1], "--asof", sys.argv[2], "--out", out]))

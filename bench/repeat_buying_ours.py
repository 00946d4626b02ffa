"""A model of repeat buying fitted by Dovolen: file of frequency, recency, T; model."""

import sys

import pyarrow.parquet as pq

from dovolen.insight.stats import repeat_buying
from dovolen.insight.stats.grouped import group

rows = pq.read_table(sys.argv[1])
fitted = repeat_buying.fit(
    sys.argv[2], group(**{name: rows[name].to_numpy() for name in ("frequency", "recency", "T")})
)
print(" ".join(f"{value:.4f}" for value in fitted.parameters.values()))

"""Histories for the fits: `python bench/repeat_buying_data.py FILE CLIENTS`, whole days of clients who come and leave.

Frequency, recency and T in weeks, from BG/NBD with the parameters published for CDNOW, over two years of days.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

path, clients = sys.argv[1], int(sys.argv[2])
r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
rng = np.random.default_rng(1)
rate, leaves = rng.gamma(r, 1 / alpha, clients), rng.beta(a, b, clients)
first = rng.integers(0, 365, clients)
now, last = first.astype(float), first.copy()
frequency, here = np.zeros(clients, np.int64), np.ones(clients, bool)
while here.any():
    now += 7 * rng.exponential(1 / np.maximum(rate, 1e-12))
    here &= now < 730
    day = np.floor(np.minimum(now, 1e6)).astype(np.int64)
    new = here & (day > last)  # several purchases of a day are one
    frequency[new] += 1
    last[new] = day[new]
    here &= rng.random(clients) > leaves
columns = {"frequency": frequency, "recency": (last - first) / 7, "T": (729 - first) / 7}
pq.write_table(pa.table(columns), path)

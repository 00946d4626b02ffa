"""The summary of lifetimes (its own recency, frequency, T, money), graded with numpy; it names no segments."""

import sys

import numpy as np
import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data

orders = pd.read_parquet(sys.argv[1], columns=["customer_id", "accepted_date", "revenue"])
orders["accepted_date"] = pd.to_datetime(orders["accepted_date"])
rfm = summary_data_from_transaction_data(
    orders, "customer_id", "accepted_date", monetary_value_col="revenue", observation_period_end=sys.argv[2]
)
for name in ("recency", "frequency", "monetary_value"):
    cuts = np.quantile(rfm[name], (0.2, 0.4, 0.6, 0.8))
    rfm[f"{name}_grade"] = np.searchsorted(cuts, rfm[name], side="left") + 1
print(len(rfm))

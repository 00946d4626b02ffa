"""pymc-marketing's `rfm_segments`: its own summary, quartiles and segment names."""

import sys

import pandas as pd
from pymc_marketing.clv.utils import rfm_segments

orders = pd.read_parquet(sys.argv[1], columns=["customer_id", "accepted_date", "revenue"])
orders["accepted_date"] = pd.to_datetime(orders["accepted_date"])
rfm = rfm_segments(
    orders, "customer_id", "accepted_date", monetary_value_col="revenue", observation_period_end=sys.argv[2]
)
print(len(rfm))

"""The RFM task in pandas, as a good analyst would write it."""

import sys

import numpy as np
import pandas as pd
from segments import CUTS, RULES

orders = pd.read_parquet(sys.argv[1], columns=["customer_id", "accepted_date", "revenue"])
orders["accepted_date"] = pd.to_datetime(orders["accepted_date"])
rfm = orders.groupby("customer_id").agg(
    last=("accepted_date", "max"), frequency=("revenue", "size"), money=("revenue", "sum")
)
rfm["recency"] = (pd.Timestamp(sys.argv[2]) - rfm["last"]).dt.days


def grade(values):
    """Grades 1-5: one more for each quantile that the value exceeds."""
    return np.searchsorted(np.quantile(values, CUTS), values, side="left") + 1


rfm["r"] = 6 - grade(rfm["recency"].to_numpy())
rfm["f"] = grade(rfm["frequency"].to_numpy())
rfm["m"] = grade(rfm["money"].to_numpy())
fits = [rfm["r"].between(*r) & rfm["f"].between(*f) & rfm["m"].between(*m) for _, r, f, m in RULES]
rfm["segment"] = pd.Categorical(np.select(fits, [name for name, *_ in RULES], "hibernating"))
print(len(rfm))

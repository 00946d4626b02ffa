"""The same model fitted by lifetimes as its manual shows: file of frequency, recency, T; model."""

import sys

import pandas as pd
from lifetimes import BetaGeoFitter, ParetoNBDFitter

rows = pd.read_parquet(sys.argv[1])
fitter = {"bg_nbd": BetaGeoFitter, "pareto_nbd": ParetoNBDFitter}[sys.argv[2]]()
fitter.fit(rows["frequency"], rows["recency"], rows["T"])
print(" ".join(f"{value:.4f}" for value in fitter.params_))

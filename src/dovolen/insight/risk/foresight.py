"""What the base told of returning, in the form in which it is used on clients: now, and on single ones later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dovolen.insight.risk import chance
from dovolen.insight.risk.chance import Judgement, Model
from dovolen.insight.risk.population import Clients, Floats
from dovolen.insight.stats.logistic import Logistic


@dataclass(frozen=True)
class Foresight:
    """How chances of return are told, ranked and turned into money at risk.

    `model` – None where nothing was judged; `true` – its probabilities may be shown; `cuts` – its percentiles; `tenths`
    – shares that returned by tenth of the ranking; `share` – that returned of all, None where no whole year was seen;
    `works`, `usual` – with what clients are laid out in columns.
    """

    model: Model | None
    true: bool
    cuts: Floats
    tenths: Floats
    share: float | None
    works: tuple[str, ...]
    usual: float

    @classmethod
    def learnt(cls, model: Model | None, judged: Judgement | None, now: Clients, share: float | None) -> Foresight:
        """Of a model that was judged, and of the clients of the day."""
        usual = chance.usual_score(now)
        if model is None or judged is None:
            none = np.empty(0)
            return cls(None, true=False, cuts=none, tenths=none, share=share, works=now.works, usual=usual)
        cuts = chance.cuts(model.chances(now))
        return cls(model, judged.true, cuts, chance.tenths(judged), share, now.works, usual)

    def chances(self, clients: Clients) -> Floats | None:
        """Chance of each client, true or not; None where nothing was judged."""
        return None if self.model is None else self.model.chances(clients)

    def ranks(self, p: Floats) -> Floats:
        """Percentile of each chance among the clients of the full study."""
        return chance.percentiles(p, self.cuts)

    def at_risk(self, clients: Clients) -> Floats | None:
        """The year's money of each client times the chance that he does not return.

        The chance is the model's where it was found true; else the share that did not return a year ago of the tenth
        he stands in; else that of all. None where no whole year was seen.
        """
        money, p = np.maximum(clients["revenue_365"], 0), self.chances(clients)
        if p is not None:
            return money * (1 - (p if self.true else chance.observed(self.tenths, self.ranks(p))))
        return None if self.share is None else money * (1 - self.share)

    def kept(self) -> pa.Table:
        """One row, as `again` reads it."""
        model = self.model
        row = {
            "factors": list(model.factors) if model else None,
            "middle": model.middle.tolist() if model else None,
            "spread": model.spread.tolist() if model else None,
            "intercept": model.fitted.intercept if model else None,
            "coefficients": model.fitted.coefficients.tolist() if model else None,
            "strength": model.strength if model else None,
            "served": model.served if model else None,
            "true": self.true,
            "cuts": self.cuts.tolist(),
            "tenths": self.tenths.tolist(),
            "share": self.share,
            "works": list(self.works),
            "usual": self.usual,
        }
        return pa.Table.from_pylist([row])

    @classmethod
    def again(cls, kept: pa.Table) -> Foresight:
        """What `kept` holds; days and doubts of the model are not among it."""
        [row] = kept.to_pylist()
        model = None
        if row["factors"] is not None:
            coefficients = np.array(row["coefficients"])
            fitted = Logistic(row["intercept"], coefficients, np.full((len(coefficients) + 1,) * 2, np.nan))
            scale = np.array(row["middle"]), np.array(row["spread"])
            model = Model(tuple(row["factors"]), *scale, fitted, row["strength"], (), row["served"])
        shares = np.array(row["cuts"], np.float64), np.array(row["tenths"], np.float64)
        return cls(model, row["true"], *shares, row["share"], tuple(row["works"]), row["usual"])

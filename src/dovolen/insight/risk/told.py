"""The chance of return as the study hands it over: figures, verdict in sentences, tens, what raises and lowers it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.risk.chance import INTERCEPT_OFF, SLOPE_OFF, Judgement, Model, Weight
from dovolen.insight.risk.chance import weights as found_weights
from dovolen.insight.risk.population import Clients

YOUNG = 365
"""Days of history at the first day learnt from under which a base is young: half of its clients seem new."""

UNITS = {"recency": "days", "frequency": "visits", "tenure": "days", "money": "money", "n_assets": "count"}


def figures(judged: Judgement | None, clients: Clients, period: tuple[date, date]) -> list[Figure]:
    """How well the model ranks and how true its probabilities are, in the year it was not learnt from."""
    since, until = period
    if judged is None:
        return [
            Figure(
                "chance.auc", None, "share", n=len(clients), few=True, rule="rule.chance.auc", since=since, until=until
            )
        ]

    def of(key: str, value: float, unit: str, low: float | None = None, high: float | None = None) -> Figure:
        n = len(clients)
        return Figure(
            key, value, unit, n=n, low=low, high=high, rule=f"rule.{key}", note="" if judged.true else "ranks",
            since=since, until=until,
        )  # fmt: skip

    one = judged.calibration
    return [
        of("chance.auc", judged.auc.value, "share", judged.auc.low, judged.auc.high),
        *(of(f"chance.auc_{name}", auc.value, "share", auc.low, auc.high) for name, auc in judged.alone.items()),
        of("chance.gain_recency", judged.recency.value, "share", judged.recency.low, judged.recency.high),
        of("chance.gain_frequency", judged.frequency.value, "share", judged.frequency.low, judged.frequency.high),
        of("chance.slope", one.slope, "number", one.slope_low, one.slope_high),
        of("chance.intercept", one.intercept, "number", one.low, one.high),
        of("chance.returned", judged.share, "share"),
        of("chance.foretold", judged.predicted, "share"),
    ]


def verdict(judged: Judgement) -> Sheet:
    """What the year says, in sentences: `told` cells, each `key=unit:value|…`."""
    one = judged.calibration
    pairs = "|".join(
        f"number:{100 * value:.0f}" for value in (judged.auc.value, judged.recency.other, judged.frequency.other)
    )
    lines = [f"chance_pairs={pairs}"]
    for name, gain in (("recency", judged.recency), ("frequency", judged.frequency)):
        word = "better" if gain.low > 0 else "worse" if gain.high < 0 else "equal"
        ends = "|".join(f"number:{100 * value:.1f}" for value in (gain.value, gain.low, gain.high))
        lines.append(f"chance_{word}_{name}={ends}")
    shares = f"share:{judged.predicted}|share:{judged.share}"
    if judged.true:
        lines.append(f"chance_true={shares}")
    else:
        if one.high < -INTERCEPT_OFF or one.low > INTERCEPT_OFF:
            lines.append(f"chance_{'high' if one.intercept < 0 else 'low'}={shares}")
        if one.slope_low > 1 + SLOPE_OFF or one.slope_high < 1 - SLOPE_OFF:
            lines.append(f"chance_{'timid' if one.slope > 1 else 'bold'}=number:{one.slope:.2f}")
        why = "young" if judged.history_days < YOUNG else "changed"
        lines.append(f"chance_{why}=days:{judged.history_days}")
        lines.append("chance_ranks=")
    ends = f"number:{one.slope:.2f}|number:{one.slope_low:.2f}|number:{one.slope_high:.2f}"
    ends += f"|number:{one.intercept:.2f}|number:{one.low:.2f}|number:{one.high:.2f}"
    lines.append(f"chance_calibration={ends}")
    return _dated("chance.verdict", (("chance_told", "told"),), [(line,) for line in lines], judged)


def not_judged(why: str) -> Sheet:
    """Why there is no chance to tell."""
    return Sheet("chance.verdict", (("chance_told", "told"),), [(f"chance_not_{why}=",)], rule="rule.chance.verdict")


def compare(judged: Judgement) -> Sheet:
    """The model beside recency and frequency alone."""
    alone = judged.alone
    rows: list[tuple[Any, ...]] = [
        ("model", judged.auc.value, judged.auc.low, judged.auc.high, None, None, None),
        *(
            (
                name,
                gain.other,
                alone[name].low,
                alone[name].high,
                *(100 * end for end in (gain.value, gain.low, gain.high)),
            )
            for name, gain in (("frequency", judged.frequency), ("recency", judged.recency))
        ),
    ]
    columns = (
        ("chance_by", "word"), ("right_pairs", "share"), ("low", "share"), ("high", "share"), ("chance_gain", "number"),
        ("chance_gain_low", "number"), ("chance_gain_high", "number"),
    )  # fmt: skip
    return _dated("chance.compare", columns, rows, judged)


def deciles(judged: Judgement) -> Sheet:
    """Tenths of the clients from the least likely to return: what was foretold and what came."""
    rows: list[tuple[Any, ...]] = [
        (place, one.n, one.predicted, one.observed, one.low, one.high)
        for place, one in enumerate(judged.deciles, start=1)
    ]
    columns = (
        ("tenth", "count"), ("clients", "clients"), ("foretold", "share"), ("returned", "share"), ("low", "share"),
        ("high", "share"),
    )  # fmt: skip
    return _dated("chance.deciles", columns, rows, judged)


def weights(model: Model, clients: Clients) -> Sheet | None:
    """What raises and what lowers the chance, as sentences, the strongest first."""
    rows = [
        (_factor(one), "raises" if one.change > 0 else "lowers", 100 * one.change, one.n)
        for one in found_weights(model, clients)
        if abs(one.change) >= 0.005
    ]
    columns = (("chance_factor", "told"), ("chance_way", "word"), ("chance_change", "number"), ("clients", "clients"))
    days = [day for day, _, _ in model.learnt]
    made = Sheet("chance.weights", columns, rows, n=len(clients), rule="rule.chance.weights")
    waits = [day + timedelta(days=wait) for day, _, wait in model.learnt]
    return Sheet(**{**made.__dict__, "since": min(days), "until": max(waits)}) if rows else None


def _factor(one: Weight) -> str:
    family, _, name = one.factor.partition(".")
    if family == "work":
        return f"factor_work=word:value.{name.replace('|', '/')}"
    if family == "point":
        return f"factor_point=word:risk.{name}"
    unit = UNITS.get(one.factor)
    return f"factor_{one.factor}=" + (f"{unit}:{one.low}|{unit}:{one.high}" if unit else "")


def _dated(key: str, columns: tuple[tuple[str, str], ...], rows: list[tuple[Any, ...]], judged: Judgement) -> Sheet:
    until = judged.day + timedelta(days=365)
    since = judged.day + timedelta(days=1)
    return Sheet(key, columns, rows, n=len(judged.p), rule=f"rule.{key}", since=since, until=until)

"""Which chart a sheet is shown with: each function gives a chart of its sheet, or None when a picture says nothing."""

from __future__ import annotations

from collections.abc import Callable

from dovolen.insight.cells import Printer
from dovolen.insight.charts import Option
from dovolen.insight.pictures import (
    of_clients,
    of_experiments,
    of_feedback,
    of_forecast,
    of_risk,
    of_satisfaction,
    of_self_check,
    of_value,
)
from dovolen.insight.pictures.of_clients import GROUPS, LEVELS, LOWER, months_of, slice_bars
from dovolen.insight.results import Sheet

__all__ = ["GROUPS", "LEVELS", "LOWER", "PICTURES", "months_of", "picture", "slice_bars"]

PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    **of_clients.PICTURES,
    **of_satisfaction.PICTURES,
    **of_self_check.PICTURES,
    **of_feedback.PICTURES,
    **of_experiments.PICTURES,
    **of_value.PICTURES,
    **of_risk.PICTURES,
    **of_forecast.PICTURES,
}
"""The chart of each sheet that has one."""


def picture(sheet: Sheet, printer: Printer) -> Option | None:
    """The chart of a sheet, if it has one."""
    draw = PICTURES.get(sheet.key)
    return draw(sheet, printer) if draw and sheet.rows else None

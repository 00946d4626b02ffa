"""What a director should do, in sentences made from the study's figures: most urgent first."""

from __future__ import annotations

from dovolen.insight.advice import of_clients, of_service
from dovolen.insight.advice.parts import Advice, interval
from dovolen.insight.cells import Printer
from dovolen.insight.results import Studied

__all__ = ["Advice", "advise", "interval"]

ORDER = ("bad", "warn", "note", "good")


def advise(study: Studied, printer: Printer) -> list[Advice]:
    """All that the figures allow to say."""
    found = [advice for source in (*of_clients.SOURCES, *of_service.SOURCES) for advice in source(study, printer)]
    return sorted(found, key=lambda advice: ORDER.index(advice.level))

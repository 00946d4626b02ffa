"""How the demo's seller is taxed: simplified without tax, and at 5 % since that rate exists."""

from __future__ import annotations

from datetime import datetime

from dovolen.desk.money.taxes import NO_TAX, RATES

RATE = "5"
SINCE = RATES[RATE].since


def at(moment: datetime) -> dict[str, str]:
    """Regime and usual rate of a moment."""
    return {"regime": "usn_5", "tax_code": RATE} if moment.date() >= SINCE else {"regime": "usn", "tax_code": NO_TAX}

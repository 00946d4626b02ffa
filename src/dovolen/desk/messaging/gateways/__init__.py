"""Ways out: a letter goes through a door, and the door says of each letter what became of it. Knows no table.

Doors of every kind keep one contract (`Door`), held by one test over all of them and over the fake of the tests.
"""

from __future__ import annotations

from dovolen.desk.messaging.gateways.doors import DOORS, open_door
from dovolen.desk.messaging.gateways.letters import (
    Answer,
    Door,
    Heard,
    Letter,
    Outcome,
    Report,
    Setup,
    Unreachable,
)

__all__ = ["DOORS", "Answer", "Door", "Heard", "Letter", "Outcome", "Report", "Setup", "Unreachable", "open_door"]

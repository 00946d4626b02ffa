"""Which panels the first screen of each role has; the first panel of the work is shown when it is empty, too."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import ACCOUNTANT, DIRECTOR, MANAGER, MARKETER, RECEPTIONIST, ROLES, TECHNICIAN
from dovolen.desk.orders.queries import today as orders
from dovolen.desk.pages import waiting
from dovolen.desk.pages.waiting import DEBTS, PARTS

OUT, BOOKINGS, TIME, CALLS, TASKS, LOSING = "out", "bookings", "time", "calls", "tasks", "losing"
"""Panels that are no orders asking for something: handed over today, clients expected, one's own time, and so on."""
TOLD = (waiting.ANSWERS, waiting.MESSAGES, waiting.REPORTS)
"""What was said, or could not be said, to clients."""


@dataclass(frozen=True)
class Screen:
    """Panels of the work, left, and those beside it; one panel of orders may be opened whole."""

    work: tuple[str, ...]
    beside: tuple[str, ...]
    has_strip: bool = True
    """Shift and the day in figures."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is asked of orders, the more urgent first."""
        return tuple(kind for kind in orders.KINDS if kind in (*self.work, *self.beside))

    @property
    def waiting(self) -> tuple[str, ...]:
        """What else is looked for."""
        return tuple(kind for kind in waiting.KINDS if self.has(kind))

    def has(self, *panels: str) -> bool:
        """Whether one of these panels is on it."""
        return bool(set(panels) & {*self.work, *self.beside})


SCREENS = {
    RECEPTIONIST: Screen(
        (orders.RISK, orders.UNTOLD, orders.UNCLAIMED), (*TOLD, BOOKINGS, waiting.LEAVING, CALLS, PARTS, TASKS, DEBTS)
    ),
    TECHNICIAN: Screen((orders.MINE, orders.FREE), (TIME, PARTS, TASKS)),
    MANAGER: Screen(
        (orders.RISK, orders.APPROVAL, orders.UNTOLD, orders.UNCLAIMED),
        (waiting.CASES, *TOLD, LOSING, orders.FREE, orders.HELD, CALLS, PARTS, TASKS, DEBTS),
    ),
    MARKETER: Screen((TASKS,), (*TOLD, LOSING, CALLS), has_strip=False),
    ACCOUNTANT: Screen((OUT, DEBTS, orders.UNCLAIMED), (CALLS, TASKS)),
    DIRECTOR: Screen(
        (orders.RISK, orders.UNTOLD, orders.UNCLAIMED),
        (waiting.CASES, *TOLD, LOSING, orders.HELD, orders.FREE, CALLS, PARTS, TASKS, DEBTS)
    ),
}  # fmt: skip
OF_DIRECTOR = (RECEPTIONIST, MANAGER, TECHNICIAN, DIRECTOR)


def screens_of(staff: Staff) -> list[str]:
    """Roles whose screens he may look at: his own; who directs a house looks at the work of all."""
    held = staff.roles
    return [role for role in ROLES if role in held or (DIRECTOR in held and role in OF_DIRECTOR)]


def chosen(staff: Staff, wanted: str) -> str:
    """The screen that is shown: the one asked for, else that of his highest role; none without a role."""
    open_to_him = screens_of(staff)
    return wanted if wanted in open_to_him else (staff.roles or [""])[-1]

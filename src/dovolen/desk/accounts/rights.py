"""Roles and what each may do, as data: the one page that answers "who may …?".

A role is held at a centre, so a right is too; `@may("…")` on a view asks whether it is held anywhere, querysets and
actions ask where.
"""

from __future__ import annotations

RECEPTIONIST = "receptionist"
TECHNICIAN = "technician"
MANAGER = "manager"
MARKETER = "marketer"
ACCOUNTANT = "accountant"
DIRECTOR = "director"
ROLES = (RECEPTIONIST, TECHNICIAN, MANAGER, MARKETER, ACCOUNTANT, DIRECTOR)

WHOSE: dict[str, tuple[str, ...]] = {
    # the house
    "run the house": (DIRECTOR,),            # status page, failed reactions, backups
    "see staff": (MANAGER, DIRECTOR),
    "manage staff": (DIRECTOR,),             # invite, give roles, switch off
    "manage centres": (DIRECTOR,),
    # the daily work
    "see customers": (RECEPTIONIST, MANAGER, MARKETER, DIRECTOR),
    "change customers": (RECEPTIONIST, MANAGER, DIRECTOR),
    "block customers": (MANAGER, DIRECTOR),
    "merge customers": (MANAGER, DIRECTOR),
    "see assets": (RECEPTIONIST, TECHNICIAN, MANAGER, DIRECTOR),
    "change assets": (RECEPTIONIST, TECHNICIAN, MANAGER, DIRECTOR),
    "see orders": (RECEPTIONIST, TECHNICIAN, MANAGER, ACCOUNTANT, DIRECTOR),
    "take in": (RECEPTIONIST, MANAGER, DIRECTOR),
    "repair": (TECHNICIAN, MANAGER, DIRECTOR),
    "force stages": (MANAGER, DIRECTOR),     # past what a stage needs
    "promise": (RECEPTIONIST, MANAGER, DIRECTOR),
    "record approval": (RECEPTIONIST, MANAGER, DIRECTOR),
    "hand over": (RECEPTIONIST, MANAGER, DIRECTOR),
    "change prices": (RECEPTIONIST, TECHNICIAN, MANAGER, DIRECTOR),  # lines of the estimate
    "see device passwords": (TECHNICIAN, MANAGER, DIRECTOR),
    "see costs": (MANAGER, ACCOUNTANT, DIRECTOR),  # purchase prices and margin
    "see tasks": ROLES,
    "plan work": (RECEPTIONIST, MANAGER, DIRECTOR),  # the calendar
    "keep the shift log": (RECEPTIONIST, TECHNICIAN, MANAGER, DIRECTOR),
    "see shelf and queue": ROLES,            # the waiting-room display
    "set up orders": (DIRECTOR,),            # stages, categories, checklists, warranty terms
    # what is said
    "see messages": (RECEPTIONIST, MANAGER, MARKETER, DIRECTOR),  # the journal, answers, the phone of the demo
    "send messages": (RECEPTIONIST, MANAGER, MARKETER, DIRECTOR),
    "set up notices": (MANAGER, MARKETER, DIRECTOR),
    "set up gateways": (DIRECTOR,),
    # what clients think of it
    "see feedback": (RECEPTIONIST, MANAGER, MARKETER, DIRECTOR),  # complaints, requests, answers
    "record feedback": (RECEPTIONIST, MANAGER, DIRECTOR),
    "settle cases": (MANAGER, DIRECTOR),     # take, answer, decide
    # papers
    "see papers": (RECEPTIONIST, TECHNICIAN, MANAGER, ACCOUNTANT, DIRECTOR),
    "issue papers": (RECEPTIONIST, MANAGER, ACCOUNTANT, DIRECTOR),
    "void papers": (MANAGER, ACCOUNTANT, DIRECTOR),
    "set up papers": (DIRECTOR,),
    # money
    "see money": (RECEPTIONIST, MANAGER, ACCOUNTANT, DIRECTOR),  # what an order or a client owes and paid
    "take payments": (RECEPTIONIST, MANAGER, ACCOUNTANT, DIRECTOR),
    "refund": (MANAGER, ACCOUNTANT, DIRECTOR),
    "give discounts": (RECEPTIONIST, MANAGER, DIRECTOR),
    "hand over unpaid": (MANAGER, DIRECTOR),  # a debt is agreed to
    "keep cash": (RECEPTIONIST, MANAGER, ACCOUNTANT, DIRECTOR),  # the shift and its drawer
    "see the ledger": (MANAGER, ACCOUNTANT, DIRECTOR),  # all money of a centre
    "import statements": (ACCOUNTANT, DIRECTOR),
    "set prices": (MANAGER, DIRECTOR),       # the price list
    "set up money": (ACCOUNTANT, DIRECTOR),  # who sells, taxes
    # what is known
    "see the base": (MANAGER, MARKETER, DIRECTOR),  # snapshots, segments, lists of names
    "export clients": (MARKETER, DIRECTOR),  # files with names
    "set classes": (MANAGER, DIRECTOR),      # intermediary, regular, one-off by hand
    "set up analysis": (DIRECTOR,),          # thresholds, norms, cards
    "import data": (DIRECTOR,),
}  # fmt: skip

RIGHTS: dict[str, frozenset[str]] = {
    role: frozenset(right for right, roles in WHOSE.items() if role in roles) for role in ROLES
}

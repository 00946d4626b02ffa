"""What is done with clients: each leaves an event in the journal."""

from __future__ import annotations

from dovolen.desk.people.actions.consents import record_consent, record_consents
from dovolen.desk.people.actions.contacts import (
    BadEmail,
    BadPhone,
    BadRequisites,
    add_email,
    add_phone,
    change_phone,
    remove_email,
    remove_phone,
    set_main_email,
    set_main_phone,
    set_requisites,
)
from dovolen.desk.people.actions.customers import (
    AlreadyBlocked,
    MergedAway,
    NoName,
    NotBlocked,
    NotHisNumber,
    add_company,
    add_person,
    block,
    change_customer,
    note_order,
    share,
    unblock,
)
from dovolen.desk.people.actions.knowing import NoSuchClass, NoTechnicianHere, attach, choose_technician, set_class
from dovolen.desk.people.actions.many import add_many, add_to, be_brought_by, be_known_at, recount
from dovolen.desk.people.actions.merging import AlreadyUndone, LaterMerge, Oneself, merge, undo_merge
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.actions.ties import add_note, change_note, pin_note, relate, remove_note, unrelate

__all__ = [
    "AlreadyBlocked", "AlreadyUndone", "BadEmail", "BadPhone", "BadRequisites", "LaterMerge", "MergedAway",
    "NoName", "NoSuchClass", "NoTechnicianHere", "NotBlocked", "NotHisNumber", "Oneself", "add_company",
    "add_email", "add_many", "add_note", "add_person", "add_phone", "add_to", "attach", "be_brought_by", "be_known_at",
    "block",
    "change_customer", "change_note", "change_phone", "choose_technician", "merge", "note_order", "pin_note",
    "record_consent", "record_consents", "recount", "relate", "remove_email", "remove_note", "remove_phone",
    "require", "set_class", "set_main_email", "set_main_phone", "set_requisites", "share", "unblock", "undo_merge",
    "unrelate",
]  # fmt: skip

"""What is done with orders: each leaves an event in the journal."""

from dovolen.desk.core.values import NoText, OutOfRange, TooLong, UnknownCode
from dovolen.desk.orders.actions.closing import GIVEN_BACK, NoClosedStage, cancel, hand_over
from dovolen.desk.orders.actions.discounts import NothingToDiscount, give_discount
from dovolen.desk.orders.actions.estimate import (
    KeptDeclined,
    NotDeclined,
    NothingDecided,
    add_line,
    change_line,
    offer_again,
    record_approval,
    remove_line,
)  # fmt: skip
from dovolen.desk.orders.actions.facts import (
    AT_THE_BENCH,
    AT_THE_DESK,
    NoPassword,
    add_note,
    change_order,
    reveal_password,
    set_password,
    tick_ready_checklist,
)  # fmt: skip
from dovolen.desk.orders.actions.intake import NoStages, NotDoneHere, OtherAsset, Told, accept
from dovolen.desk.orders.actions.lines import (
    BadQuantity,
    DiscountTooLarge,
    NewLine,
    NotTheirTax,
    TooManyLines,
    usual_warranty,
)
from dovolen.desk.orders.actions.links import (
    LONGEST_QUESTION,
    TERMS,
    AnswerEachLine,
    EstimateChanged,
    LinkRevoked,
    NoLink,
    approve_by_link,
    ask_by_link,
    link_of,
    note_opened,
    revoke_link,
)  # fmt: skip
from dovolen.desk.orders.actions.parts import NotOnItsWay, await_part, cancel_part, expect_part, part_arrived
from dovolen.desk.orders.actions.paying import (
    MoreThanRemains,
    NothingToPay,
    NotPaid,
    Paid,
    agreed_sum,
    left_at_hand_over,
    pay,
)  # fmt: skip
from dovolen.desk.orders.actions.photos import TooManyPhotos, add_photo, change_photo, keep_photo, remove_photo
from dovolen.desk.orders.actions.promises import PromiseInPast, PromiseTooFar, ReadyAlready, SamePromise, promise
from dovolen.desk.orders.actions.rows import Closed, NotOfThisOrder
from dovolen.desk.orders.actions.stages import (
    HEARD,
    AlreadyThere,
    ClosedByHandOver,
    LinesWait,
    MovedMeanwhile,
    NotATechnician,
    NotChecked,
    NotHeld,
    NotReady,
    StageNotPaid,
    StageOff,
    TellFirst,
    assign,
    hold,
    may_move,
    move,
    release,
    tell,
    tell_by_message,
)  # fmt: skip
from dovolen.desk.orders.actions.taking import KnownElsewhere, NewAsset, NewCompany, NewPerson, take_in
from dovolen.desk.orders.amounts import amount_of

__all__ = [
    "AT_THE_BENCH", "AT_THE_DESK", "GIVEN_BACK", "HEARD", "LONGEST_QUESTION", "TERMS", "AlreadyThere",
    "AnswerEachLine", "BadQuantity", "Closed", "ClosedByHandOver", "DiscountTooLarge", "EstimateChanged",
    "KeptDeclined", "KnownElsewhere", "LinesWait", "LinkRevoked", "MoreThanRemains", "MovedMeanwhile", "NewAsset",
    "NewCompany", "NewLine", "NewPerson", "NoClosedStage", "NoLink", "NoPassword", "NoStages", "NoText",
    "NotATechnician", "NotChecked", "NotDeclined", "NotDoneHere", "NotHeld", "NotOfThisOrder", "NotOnItsWay",
    "NotPaid", "NotReady", "NotTheirTax", "NothingDecided", "NothingToDiscount", "NothingToPay", "OtherAsset",
    "OutOfRange", "Paid", "PromiseInPast", "PromiseTooFar", "ReadyAlready", "SamePromise", "StageNotPaid",
    "StageOff", "TellFirst", "Told", "TooLong", "TooManyLines", "TooManyPhotos", "UnknownCode", "accept",
    "add_line", "add_note", "add_photo", "agreed_sum", "amount_of", "approve_by_link", "ask_by_link", "assign",
    "await_part", "cancel", "cancel_part", "change_line", "change_order", "change_photo", "expect_part",
    "give_discount", "hand_over", "hold", "keep_photo", "left_at_hand_over", "link_of", "may_move", "move",
    "note_opened", "offer_again", "part_arrived", "pay", "promise", "record_approval", "release", "remove_line",
    "remove_photo", "reveal_password", "revoke_link", "set_password", "take_in", "tell", "tell_by_message",
    "tick_ready_checklist", "usual_warranty",
]  # fmt: skip

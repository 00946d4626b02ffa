"""What is done with orders: each leaves an event in the journal."""

from dovolen.desk.core.values import NoText, OutOfRange, TooLong, UnknownCode
from dovolen.desk.orders.actions.closing import GIVEN_BACK, NoClosedStage, cancel, hand_over
from dovolen.desk.orders.actions.estimate import (
    BadQuantity,
    KeptDeclined,
    NewLine,
    NotDeclined,
    NothingDecided,
    TooManyLines,
    add_line,
    change_line,
    offer_again,
    record_approval,
    remove_line,
    usual_warranty,
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
from dovolen.desk.orders.actions.links import (
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
    "AT_THE_BENCH", "AT_THE_DESK", "GIVEN_BACK", "HEARD", "AlreadyThere", "AnswerEachLine", "BadQuantity", "Closed",
    "ClosedByHandOver", "EstimateChanged", "KeptDeclined", "KnownElsewhere", "LinesWait", "LinkRevoked",
    "MovedMeanwhile", "NewAsset", "NewCompany", "NewLine", "NewPerson", "NoClosedStage", "NoLink", "NoPassword",
    "NoStages", "NoText", "NotATechnician", "NotChecked", "NotDeclined", "NotDoneHere", "NotHeld", "NotOfThisOrder",
    "NotOnItsWay", "NotReady", "NothingDecided", "OtherAsset", "OutOfRange", "PromiseInPast", "PromiseTooFar",
    "ReadyAlready", "SamePromise", "StageOff", "TellFirst", "Told", "TooLong", "TooManyLines", "TooManyPhotos",
    "UnknownCode", "accept", "add_line", "add_note", "add_photo", "amount_of", "approve_by_link", "ask_by_link",
    "assign", "await_part", "cancel", "cancel_part", "change_line", "change_order", "change_photo", "expect_part",
    "hand_over", "hold", "keep_photo", "link_of", "may_move", "move", "note_opened", "offer_again", "part_arrived",
    "promise", "record_approval", "release", "remove_line", "remove_photo", "reveal_password", "revoke_link",
    "set_password", "take_in", "tell", "tell_by_message", "tick_ready_checklist", "usual_warranty",
]  # fmt: skip

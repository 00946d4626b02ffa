"""Forms of bank statements."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.core import words
from dovolen.desk.money.queries import Waiting
from dovolen.desk.shell.forms import WordedForm

LATER, OTHER, IGNORE = "", "other", "ignore"
LONGEST_DETAIL = 200


class UploadForm(WordedForm):
    """A file of the bank."""

    words = "statements.field"

    file = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": ".txt,text/plain"}))


class DecisionForm(WordedForm):
    """What becomes of one line: it pays what is offered, a bill that is named, or is left alone for a reason."""

    words = "statements.decision"
    use_required_attribute = False

    choice = forms.ChoiceField(required=False)
    detail = forms.CharField(max_length=LONGEST_DETAIL, required=False)

    def __init__(self, *args: Any, waiting: Waiting, **values: Any) -> None:
        super().__init__(*args, prefix=f"line{waiting.line.pk}", initial={"choice": waiting.chosen}, **values)
        self.waiting = waiting
        say = words.current().say
        offered = [(offer.proposal.name, told_of(offer)) for offer in waiting.offers]
        self.offer(
            "choice",
            [
                (LATER, say("statements.choice.later")), *offered, (OTHER, say("statements.choice.other")),
                (IGNORE, say("statements.choice.ignore")),
            ],
        )  # fmt: skip
        number = waiting.line.number or waiting.line.pk
        for name, kind in (("choice", "form-select"), ("detail", "form-control")):
            label = words.say(f"statements.decision.{name}_of", number=number)
            self.fields[name].widget.attrs.update({"class": kind, "aria-label": label})
        self.fields["detail"].widget.attrs["placeholder"] = say("statements.decision.detail")


def told_of(offer: Any) -> str:
    """An offer as a choice: «№ 12 — ООО «Пример», 5 000 ₽», both bills where it is for two."""
    say = words.current().say
    parts = [
        say(
            "statements.choice.bill",
            number=bill.number,
            client=bill.customer.name,
            amount=words.money(share, bill.currency),
        )
        for bill, share in offer.bills
    ]
    return say("statements.choice.several", bills=" + ".join(parts)) if len(parts) > 1 else parts[0]

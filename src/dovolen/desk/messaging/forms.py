"""Forms of messages and notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import words
from dovolen.desk.core.changes import Difference, Stale
from dovolen.desk.messaging import texts
from dovolen.desk.messaging.models import CALL, EMAIL, PURPOSES, SENT_BY_GATEWAY, SMS
from dovolen.desk.messaging.queries.journal import FATES
from dovolen.desk.shell.forms import VersionedForm, WordedForm

CASCADES = (
    (SMS, EMAIL, CALL), (SMS, EMAIL), (SMS, CALL), (SMS,), (EMAIL, SMS, CALL), (EMAIL, SMS), (EMAIL, CALL), (EMAIL,),
)  # fmt: skip
"""In which turn channels are tried."""
LONGEST_WAIT_HOURS = 24 * 90


def cascade_said(channels: Iterable[str]) -> str:
    """«SMS, затем почта, затем звонок»."""
    return words.say("messaging.then").join(words.current().name("messaging.channel", one) for one in channels)


class JournalForm(WordedForm):
    """What the journal shows."""

    words = "messages.filter"

    fate = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(required=False)
    order = forms.CharField(required=False, max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        speaker = words.current()
        self.offer("fate", [(fate, speaker.say(f"messages.fate.{fate or 'all'}")) for fate in FATES])
        channels = [(one, speaker.name("messaging.channel", one)) for one in SENT_BY_GATEWAY]
        self.offer("channel", [("", speaker.say("messages.any_channel")), *channels])


class WriteForm(WordedForm):
    """A message by hand."""

    words = "messages.field"

    channel = forms.ChoiceField()
    purpose = forms.ChoiceField()
    subject = forms.CharField(required=False, max_length=texts.LONGEST_SUBJECT)
    text = forms.CharField(max_length=texts.LONGEST[EMAIL], strip=True, widget=forms.Textarea(attrs={"rows": 5}))
    order = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    centre = forms.TypedChoiceField(coerce=int)

    def __init__(
        self, *args: Any, centres: Sequence[Centre], orders: Sequence[tuple[int, str]] = (), **values: Any
    ) -> None:
        super().__init__(*args, **values)
        speaker = words.current()
        self.centres = {centre.pk: centre for centre in centres}
        self.offer("channel", [(one, speaker.name("messaging.channel", one)) for one in SENT_BY_GATEWAY])
        self.offer("purpose", [(one, speaker.name("messaging.purpose", one)) for one in PURPOSES])
        self.offer("order", [("", speaker.say("messages.no_order")), *orders])
        self.offer("centre", [(centre.pk, centre.name) for centre in centres])
        if not orders:
            del self.fields["order"]
        if len(self.centres) == 1:
            self.fields["centre"].widget = forms.HiddenInput()

    def typed(self, name: str) -> str:
        """What stands in a field, sound or not."""
        return str(self[name].value() or "") if name in self.fields else ""

    @property
    def centre_chosen(self) -> Centre:
        """The centre that writes, the first where none is chosen yet."""
        key = self.typed("centre")
        chosen = self.centres.get(int(key)) if key.isascii() and key.isdigit() else None
        return chosen or next(iter(self.centres.values()))


class NoticeForm(VersionedForm):
    """When and by what a notice goes."""

    words = "notices.field"

    is_on = forms.BooleanField(required=False)
    cascade = forms.ChoiceField()
    after_hours = forms.IntegerField(min_value=1, max_value=LONGEST_WAIT_HOURS)

    def __init__(self, *args: Any, is_series: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("cascade", [(" ".join(one), cascade_said(one)) for one in CASCADES])
        if not is_series:
            del self.fields["after_hours"]

    def refuse(self, refusal: Exception, field: str | None = None) -> None:
        """As usual; channels that others chose stand beside one's own as one choice."""
        if isinstance(refusal, Stale):
            refusal = Stale(refusal.version, [_as_cascade(one) for one in refusal.differences])
        super().refuse(refusal, field)

    def facts(self) -> dict[str, Any]:
        """What the action is given."""
        told = self.values()
        return told | {"channels": told.pop("cascade").split()}


def _as_cascade(one: Difference) -> Difference:
    if one.field != "channels":
        return one
    return Difference("cascade", " ".join(one.theirs), " ".join(one.mine))


class TextForm(WordedForm):
    """The words of a notice in a channel and language; `seen` is the version that was changed."""

    words = "notices.field"

    subject = forms.CharField(max_length=texts.LONGEST_SUBJECT)
    body = forms.CharField(max_length=texts.LONGEST[EMAIL], widget=forms.Textarea(attrs={"rows": 6}))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channel: str, **values: Any) -> None:
        super().__init__(*args, **values)
        if channel != EMAIL:
            del self.fields["subject"]
        else:
            self.fields["body"].widget.attrs["rows"] = 16

    def typed(self, name: str) -> str:
        """What stands in a field, sound or not."""
        return str(self[name].value() or "") if name in self.fields else ""

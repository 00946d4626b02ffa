"""Forms of gateways: what each kind asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.core import words
from dovolen.desk.core.values import LONGEST_TEXT
from dovolen.desk.messaging.actions.gateways import (
    CHANNELS_OF,
    HIGHEST_PORT,
    LONGEST_SECRET,
    MOST_A_SECOND,
    RECEIPTS,
    SECURITY,
    Told,
)
from dovolen.desk.messaging.gateways.recipes import preset_text, presets
from dovolen.desk.messaging.models import CONSOLE, HTTP, SMPP, SMTP, Gateway
from dovolen.desk.shell.forms import MoneyField, VersionedForm, WordedForm

SETTINGS_OF = {
    CONSOLE: (),
    HTTP: ("login", "recipe"),
    SMPP: ("host", "port", "login", "system_type", "tls", "receipts"),
    SMTP: ("host", "port", "security", "login"),
}
COMMON = ("version", "name", "channel", "sender", "per_second", "cost_per_part")


class GatewayForm(VersionedForm):
    """A gateway of a kind; the secret is asked for and never shown."""

    words = "gateways.field"

    name = forms.CharField(max_length=60)
    channel = forms.ChoiceField()
    host = forms.CharField(max_length=253)
    port = forms.IntegerField(min_value=1, max_value=HIGHEST_PORT, required=False)
    security = forms.ChoiceField()
    login = forms.CharField(max_length=120, required=False)
    secret = forms.CharField(
        max_length=LONGEST_SECRET, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    system_type = forms.CharField(max_length=12, required=False)
    tls = forms.BooleanField(required=False)
    receipts = forms.ChoiceField()
    sender = forms.CharField(max_length=60, required=False)
    per_second = forms.IntegerField(min_value=1, max_value=MOST_A_SECOND)
    cost_per_part = MoneyField(required=False)
    recipe = forms.CharField(
        max_length=2 * LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"})
    )

    def __init__(self, *args: Any, kind: str, preset: str = "", has_secret: bool = False, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind, self.preset = kind, preset
        for name in set(self.fields) - {*COMMON, *SETTINGS_OF[kind], *(() if kind == CONSOLE else ("secret",))}:
            del self.fields[name]
        self.count_in("RUB")
        speaker = words.current()
        self.offer("channel", [(one, speaker.name("messaging.channel", one)) for one in CHANNELS_OF[kind]])
        if len(CHANNELS_OF[kind]) == 1 or preset:
            self.fields["channel"].widget = forms.HiddenInput()
        for name, codes in (("security", SECURITY), ("receipts", RECEIPTS)):
            if name in self.fields:
                self.offer(name, [(code, speaker.say(f"gateways.{name}.{code}")) for code in codes])
        if has_secret:
            self.fields["secret"].help_text = speaker.say("gateways.secret_kept")
        if kind == SMTP:
            self.fields["sender"].required = True
            self.fields["sender"].help_text = speaker.say("gateways.sender_of_mail")
        if kind == HTTP and not preset:
            self.fields["recipe"].required = True
        if preset and "{login}" not in preset_text(preset):
            del self.fields["login"]

    @staticmethod
    def of(gateway: Gateway) -> dict[str, Any]:
        """What the form shows of a gateway at first."""
        kept = {name: gateway.settings.get(name) for name in SETTINGS_OF[gateway.kind]}
        return {name: getattr(gateway, name) for name in COMMON} | {
            name: value for name, value in kept.items() if value
        }

    @staticmethod
    def fresh(kind: str, preset: str) -> dict[str, Any]:
        """What the form of a new one shows at first."""
        name = presets()[preset].name if preset else words.say(f"gateways.kind.{kind}")
        return {"version": 1, "name": name, "channel": CHANNELS_OF[kind][0], "per_second": 10, "cost_per_part": 0}

    def told(self) -> Told:
        """What was typed."""
        typed = self.values()
        return Told(
            name=typed["name"],
            kind=self.kind,
            channel=typed["channel"],
            settings={"preset": self.preset, **{name: typed.get(name) for name in SETTINGS_OF[self.kind]}},
            sender=typed["sender"],
            per_second=typed["per_second"],
            cost_per_part=typed["cost_per_part"] or 0,
        )

    @property
    def typed_secret(self) -> str:
        """What was typed as the secret."""
        return str(self.cleaned_data.get("secret") or "")


class TrialForm(WordedForm):
    """Where one message goes to see whether it arrives."""

    words = "gateways.trial"

    address = forms.CharField(max_length=254)


class AnswerForm(WordedForm):
    """What the holder of a telephone of the demo answers."""

    words = "phone.field"

    address = forms.CharField(max_length=254, widget=forms.HiddenInput)
    text = forms.CharField(max_length=1000)

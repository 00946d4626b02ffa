"""Forms of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator

from dovolen.desk.accounts.models import THEMES, Centre, Staff
from dovolen.desk.accounts.rights import ROLES
from dovolen.desk.core import words
from dovolen.desk.shell.forms import WordedForm
from dovolen.insight.words import LANGUAGES, SIGNS

ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka", "Asia/Almaty", "Asia/Tbilisi",
    "Asia/Yerevan", "Asia/Tashkent", "Europe/Minsk", "Europe/Istanbul", "Europe/Berlin", "Europe/London",
    "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip
LOGIN = RegexValidator(r"^[\w.@+-]+$")


class AccountForm(WordedForm):
    """A form with the words of accounts."""

    words = "accounts.field"


class LogInForm(AccountForm):
    """Login and password."""

    has_hints = False
    login = forms.CharField(max_length=60)
    password = forms.CharField(max_length=200, widget=forms.PasswordInput, strip=False)


class CodeForm(AccountForm):
    """Six digits, or a recovery code."""

    code = forms.CharField(max_length=20)


class PasswordForm(AccountForm):
    """A new password, good enough for the person it is for."""

    new_password = forms.CharField(max_length=200, widget=forms.PasswordInput, strip=False)

    def __init__(self, *args: Any, person: Staff | None = None, **values: Any) -> None:
        self.person = person
        super().__init__(*args, **values)

    def clean_new_password(self) -> str:
        """Long enough, not common, not like the login."""
        password: str = self.cleaned_data["new_password"]
        told = {name: self.data.get(name, "") for name in ("login", "name")}
        validate_password(password, self.person or Staff(**told))
        return password


class ChangePasswordForm(PasswordForm):
    """The present password and the new one."""

    password = forms.CharField(max_length=200, widget=forms.PasswordInput, strip=False)
    field_order = ["password", "new_password"]


class ConfirmForm(AccountForm):
    """The password again, before keys are changed."""

    password = forms.CharField(max_length=200, widget=forms.PasswordInput, strip=False)


class AuthenticatorForm(ConfirmForm):
    """The password, and the first code of the application."""

    code = forms.CharField(max_length=10)
    field_order = ["code", "password"]


class PasskeyForm(ConfirmForm):
    """What the key is called here, and the password."""

    key_name = forms.CharField(max_length=60)
    field_order = ["key_name", "password"]


class CentreFields(AccountForm):
    """What is told of a centre."""

    centre_name = forms.CharField(max_length=80)
    zone = forms.ChoiceField(choices=[(zone, zone) for zone in ZONES], initial="Europe/Moscow")
    currency = forms.ChoiceField(choices=[(code, f"{code} {sign}") for code, sign in SIGNS.items()], initial="RUB")
    address = forms.CharField(max_length=200, required=False)
    phone = forms.CharField(max_length=30, required=False)
    hours = forms.CharField(max_length=100, required=False)

    def clean_zone(self) -> str:
        """A zone that this machine knows."""
        return ZoneInfo(self.cleaned_data["zone"]).key

    def facts(self) -> dict[str, str]:
        """As the centre keeps them."""
        data = self.cleaned_data
        return {"name": data["centre_name"], **{name: data[name] for name in FACTS_OF_CENTRE}}

    @staticmethod
    def of(centre: Centre) -> dict[str, str]:
        """What the form shows of a centre at first."""
        return {"centre_name": centre.name, **{name: getattr(centre, name) for name in FACTS_OF_CENTRE}}


FACTS_OF_CENTRE = ("zone", "currency", "address", "phone", "hours")


class FirstRunForm(CentreFields, PasswordForm):
    """The centre and its director in one form."""

    name = forms.CharField(max_length=80)
    login = forms.CharField(max_length=60, validators=[LOGIN])


class PreferencesForm(AccountForm):
    """How one wants the desk to look and speak."""

    name = forms.CharField(max_length=80)
    language = forms.ChoiceField(required=False)
    theme = forms.ChoiceField(required=False)
    uses_letter_keys = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for field, codes in (("language", ("", *LANGUAGES)), ("theme", ("", *THEMES))):
            self.offer(field, [(code, words.say(f"accounts.{field}.{code}")) for code in codes])


class PlacesForm(AccountForm):
    """A person's name and his roles at each centre that the one who asks manages."""

    name = forms.CharField(max_length=80)

    def __init__(self, *args: Any, centres: list[Centre], **values: Any) -> None:
        self.centres = centres
        self.words_of_roles = [(role, words.current().name("accounts.role", role)) for role in ROLES]
        super().__init__(*args, **values)
        for centre in centres:
            self.fields[f"roles_{centre.pk}"] = forms.MultipleChoiceField(
                choices=self.words_of_roles, required=False, widget=forms.CheckboxSelectMultiple, label=centre.name
            )

    def roles_fields(self) -> Iterator[forms.BoundField]:
        """One group of boxes a centre."""
        return (self[f"roles_{centre.pk}"] for centre in self.centres)

    def clean(self) -> dict[str, Any]:
        """At least one role somewhere."""
        cleaned = super().clean() or self.cleaned_data
        if not self.places():
            self.add_error(None, words.say("accounts.refused.no_role"))
        return cleaned

    def places(self) -> list[tuple[int, str]]:
        """Pairs of centre and role."""
        chosen = ((centre.pk, self.cleaned_data.get(f"roles_{centre.pk}") or []) for centre in self.centres)
        return [(centre, role) for centre, roles in chosen for role in roles]

    @staticmethod
    def of(person: Staff) -> dict[str, Any]:
        """What the form shows of a person at first."""
        shown: dict[str, Any] = {"name": person.name}
        for place in person.places:
            shown.setdefault(f"roles_{place.centre_id}", []).append(place.role)
        return shown


class InvitationForm(PlacesForm):
    """Somebody new."""

    login = forms.CharField(max_length=60, validators=[LOGIN])
    field_order = ["name", "login"]

"""Forms whose words stand in the words files: labels and hints by the name of the field."""

from __future__ import annotations

from typing import Any

from django import forms

from dovolen.desk.core import words


class WordedForm(forms.Form):
    """A form of an app: `words` is where its labels begin, as in "accounts.field"."""

    words = ""
    has_hints = True

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        speaker = words.current()
        for name, field in self.fields.items():
            key = f"{self.words}.{name}"
            field.label = speaker.say(key)
            if self.has_hints and f"{key}_hint" in speaker:
                field.help_text = speaker.say(f"{key}_hint")

    def refuse(self, refusal: Exception, field: str | None = None) -> None:
        """Show why an action was not done, above the form or at a field."""
        self.add_error(field, str(refusal))

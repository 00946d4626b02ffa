"""What every form with requisites does: numbers without blanks, each judged by its control digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dovolen.desk.core import words
from dovolen.desk.people import requisites
from dovolen.desk.shell.forms import WordedForm


class ChecksRequisites(WordedForm):
    """Has the fields of `requisites.NUMBERS`, named so."""

    def clean(self) -> dict[str, Any]:
        """Numbers without blanks, and what is wrong with them beside each."""
        cleaned = super().clean() or self.cleaned_data
        for name in requisites.NUMBERS:
            cleaned[name] = requisites.compact(cleaned.get(name) or "")
        self.mark(requisites.problems({name: cleaned[name] for name in requisites.NUMBERS}))
        return cleaned

    def mark(self, problems: Mapping[str, str]) -> None:
        """Show at each field what is wrong with it."""
        for name, problem in problems.items():
            self.add_error(name, words.say(f"people.problem.{problem if problem != 'digits' else name}"))

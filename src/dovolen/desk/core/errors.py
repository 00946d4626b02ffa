"""What an action says when it refuses."""

from __future__ import annotations

from dovolen.desk.core import words


class Refusal(Exception):  # noqa: N818 – the desk refuses, it does not err
    """An action that was not done, and why. `key` names its sentence in the words files, `values` fill it in.

    class NotReady(Refusal): key = "orders.refused.not_ready"
    """

    key = "core.refused"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.key)

    def __str__(self) -> str:
        return words.say(self.key, **self.values)

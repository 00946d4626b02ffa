"""What every component shows in the gallery. Words are keys, as "@pages.sample.act"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from dovolen.desk.shell.forms import WordedForm


class SampleForm(WordedForm):
    """Fields of the gallery."""

    words = "pages.sample.field"

    phone = forms.RegexField(r"^\+7\d{10}$", required=False)
    term = forms.ChoiceField(choices=[("1", "12:00"), ("2", "18:00")])
    agreed = forms.BooleanField(required=False)
    ways = forms.MultipleChoiceField(
        choices=[("sms", "SMS"), ("email", "E-mail")], required=False, widget=forms.CheckboxSelectMultiple
    )


@dataclass(frozen=True)
class Sample:
    """A component and the values it is shown with."""

    component: str
    shown: tuple[dict[str, Any], ...]
    wrapper: str = "div"
    is_flush: bool = False
    is_in_row: bool = False


def _act(text: str, **more: Any) -> dict[str, Any]:
    return {"text": f"@pages.sample.{text}", **more}


SAMPLES = (
    Sample(
        "button",
        (_act("accept", kind="primary", key="Ctrl Enter"), _act("later"), _act("remove", kind="danger"),
         _act("call", picture="phone", small=True), _act("impossible", off=True)),
        is_in_row=True,
    ),
    Sample(
        "field",
        ({"form": SampleForm, "name": "phone", "data": {"phone": "+7 912 448"}}, {"form": SampleForm, "name": "term"},
         {"form": SampleForm, "name": "agreed"}, {"form": SampleForm, "name": "ways"}),
    ),
    Sample("form_errors", ({"form": {"non_field_errors": ["@pages.sample.refused"]}},)),
    Sample("problem", (_act("refused"),)),
    Sample(
        "difference",
        ({"rows": [{"label": "@pages.sample.field.term", "theirs": "18:00", "mine": "12:00"},
                   {"label": "@pages.sample.field.phone", "theirs": "+7\u00a0912\u00a0448-07-31", "mine": "—"}]},),
    ),
    Sample("note", (_act("debt", tone="warn"), _act("kept", tone="good"), _act("told", tone=""))),
    Sample(
        "chip",
        (_act("ready", picture="circle-check", tone="good"), _act("in_work", picture="tool", tone="fair"),
         _act("waits", picture="package-import", tone="warn"), _act("urgent", picture="alert-octagon", tone="bad"),
         _act("gone", picture="circle-dashed"), _act("handed", picture="checks", tone="line")),
        is_in_row=True,
    ),
    Sample("count", ({"n": 5, "tone": "bad"}, {"n": 3, "tone": "warn"}, {"n": 1204}), is_in_row=True),
    Sample("score", ({"value": 91}, {"value": 66}, {"value": 45}, {"value": 18}, {"value": None}), is_in_row=True),
    Sample(
        "clock",
        ({"text": "@pages.sample.broken", "picture": "alert-octagon", "tone": "bad"},
         {"text": "@pages.sample.soon", "picture": "clock-exclamation", "tone": "warn"},
         {"text": "@pages.sample.enough", "picture": "clock"}),
        is_in_row=True,
    ),
    Sample(
        "kpi",
        ({"label": "@pages.sample.promises", "value": "84,5\u00a0%", "note": "@pages.sample.interval",
          "low": "82.5", "width": "3.8", "point": "84.5"},
         {"label": "NPS", "few": True, "note": "@pages.sample.answers"}),
        wrapper="dl",
        is_flush=True,
    ),
    Sample(
        "steps",
        ({"steps": [{"text": "@pages.sample.intake", "detail": "0:12", "state": "done", "picture": "check"},
                    {"text": "@pages.sample.diagnosis", "detail": "5:40", "state": "over", "picture": "clock"},
                    {"text": "@pages.sample.repair", "detail": "1:10", "state": "now"},
                    {"text": "@pages.sample.pickup", "detail": "", "state": ""}]},),
    ),
    Sample(
        "timeline",
        ({"events": [{"picture": "circle-check", "fact": "@pages.sample.fact_ready", "about": "14:20"},
                     {"picture": "clipboard-plus", "fact": "@pages.sample.fact_accepted", "about": "12:05"}]},),
    ),
    Sample(
        "rows",
        ({"rows": [{"what": "iPhone 13", "detail": "@pages.sample.detail", "act": "@pages.sample.call"},
                   {"what": "ASUS ROG", "detail": "@pages.sample.detail", "act": "@pages.sample.move"}]},),
        is_flush=True,
    ),
    Sample(
        "table",
        ({"caption": "@pages.sample.orders",
          "columns": [{"text": "@pages.sample.order"}, {"text": "@pages.sample.client"},
                      {"text": "@pages.sample.sum", "is_number": True}],
          "rows": [[("№\u00a024817", False), ("@pages.sample.person", False), ("24\u00a0740", True)],
                   [("№\u00a024821", False), ("@pages.sample.company", False), ("14\u00a0800", True)]]},),
        is_flush=True,
    ),
    Sample("pager", ({"text": "@pages.sample.page", "later": "#later"},), is_flush=True),
    Sample(
        "empty",
        ({"picture": "checks", "title": "@pages.sample.empty", "text": "@pages.sample.empty_text",
          "act": "@pages.sample.empty_act", "url": "/"},),
        is_flush=True,
    ),
    Sample(
        "panel",
        tuple({"card": {"why": why, "wide": 12, "title": "@sheet.rfm.cells", "text": f"@study.lack.{text}"}}
              for why, text in (("few", "few"), ("closed", "closed"))),
    ),
    Sample("toast", (_act("done", tone="good"), _act("not_done", tone="bad"))),
    Sample(
        "modal",
        ({"name": "question", "title": "@pages.sample.question", "text": "@pages.sample.question_text",
          "act": "@pages.sample.question_act"},),
        is_in_row=True,
    ),
)  # fmt: skip

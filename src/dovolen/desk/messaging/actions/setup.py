"""Notices as the house has them: on or off, by which channels, in which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import changes, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging import texts
from dovolen.desk.messaging.actions.outbox import BadText
from dovolen.desk.messaging.models import CHANNELS, EMAIL, SENT_BY_GATEWAY, Notice, NoticeText
from dovolen.desk.people import names

RIGHT = "set up notices"
CHANGED = "notice.changed"


class NoChannel(Refusal):
    """A notice that is written by no channel: the call alone is a task, not a notice."""

    key = "messaging.refused.no_channel"


class NotTheirs(Refusal):
    """Somebody wrote or reset this text meanwhile."""

    key = "messaging.refused.text_changed"


@transaction.atomic
def set_up_notice(*, notice: Notice, seen: int, by: Staff, now: datetime, **values: Any) -> None:
    """Switch a notice on or off, choose its channels in turn, how long after the beginning of its series.

    Raises: NotAllowed, NoChannel, Stale. Leaves: `notice.changed` with the names of what changed.
    """
    _require(by)
    channels = values.get("channels", notice.channels)
    if not set(channels) & set(SENT_BY_GATEWAY) or not set(channels) <= set(CHANNELS):
        raise NoChannel
    if changed := changes.change(notice, seen=seen, **values):
        journal.record(CHANGED, subject=notice, by=by, at=now, code=notice.code, changed=changed)


@transaction.atomic
def write_text(
    *,
    notice: Notice,
    channel: str,
    language: str,
    seen: int,
    body: str,
    subject: str = "",
    by: Staff,
    now: datetime,
) -> NoticeText:
    """Say a notice in the house's own words; `seen` is the version of the words that were changed (standard ones: 0).

    Raises: NotAllowed, BadText, NotTheirs. Leaves: `notice.text_written`.
    """
    _require(by)
    told = {"body": names.tidy_text(body), "subject": names.tidy(subject) if channel == EMAIL else ""}
    if faults := faults_of(notice.code, channel, **told):
        raise BadText(faults)
    kept = NoticeText.objects.filter(notice=notice, channel=channel, language=language).first()
    if (kept.version if kept else 0) != seen:
        raise NotTheirs
    text = _rewritten(kept, seen, told) if kept else _written(notice, channel, language, told, by, now)
    NoticeText.objects.filter(pk=text.pk).update(changed_by=by, changed_at=now)
    journal.record(
        "notice.text_written", subject=notice, by=by, at=now, code=notice.code, channel=channel, language=language
    )
    return text


def faults_of(code: str, channel: str, *, body: str, subject: str = "") -> list[texts.Fault]:
    """What is wrong with the words of a notice."""
    allowed = texts.allowed_in(code)
    faults = texts.check(body, allowed=allowed, channel=channel)
    if channel == EMAIL:
        faults += [fault for fault in texts.check(subject, allowed=allowed, channel=channel) if fault not in faults]
        if len(subject) > texts.LONGEST_SUBJECT:
            faults.append(texts.Fault("long_subject", str(texts.LONGEST_SUBJECT)))
    return faults


def _rewritten(kept: NoticeText, seen: int, told: dict[str, str]) -> NoticeText:
    try:
        changes.change(kept, seen=seen, **told)
    except changes.Stale:
        raise NotTheirs from None
    return kept


def _written(
    notice: Notice, channel: str, language: str, told: dict[str, str], by: Staff, now: datetime
) -> NoticeText:  # fmt: skip
    try:
        with transaction.atomic():
            return NoticeText.objects.create(
                notice=notice, channel=channel, language=language, changed_at=now, changed_by=by, **told
            )
    except IntegrityError:
        raise NotTheirs from None


@transaction.atomic
def reset_text(*, notice: Notice, channel: str, language: str, by: Staff, now: datetime) -> None:
    """Say the standard words again. Raises: NotAllowed. Leaves: `notice.text_reset`."""
    _require(by)
    if NoticeText.objects.filter(notice=notice, channel=channel, language=language).delete()[0]:
        journal.record(
            "notice.text_reset", subject=notice, by=by, at=now, code=notice.code, channel=channel, language=language
        )


def _require(by: Staff) -> None:
    if not by.may(RIGHT):
        raise NotAllowed

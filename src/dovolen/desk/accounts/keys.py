"""Second factor and passkeys: actions on the keys of one's own account."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from dovolen.desk.accounts import codes, passkeys
from dovolen.desk.accounts.actions import NotYours
from dovolen.desk.accounts.guessing import CODE, forget, take
from dovolen.desk.accounts.models import Authenticator, Passkey, RecoveryCode, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal


class WrongCode(Refusal):
    """Neither six digits of now nor a recovery code that is left."""

    key = "accounts.refused.wrong_code"


class KeyNotProven(Refusal):
    """The device did not prove its key."""

    key = "accounts.refused.key_not_proven"


class KeyKnown(Refusal):
    """This key stands here already."""

    key = "accounts.refused.key_known"


def _box() -> Fernet:
    """Secrets of authenticators lie in the base under a key that does not."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"authenticator\0" + settings.SECRET_KEY.encode()).digest()))


@transaction.atomic
def add_authenticator(*, staff: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Switch the second factor on; gives the recovery codes, told once.

    Raises: WrongCode, TooManyGuesses. Leaves: `staff.authenticator_added`.
    """
    step = codes.step_of(secret, code, now=now)
    if step is None:
        raise WrongCode
    kept = {"secret": _box().encrypt(secret.encode()).decode(), "added_at": now, "last_step": step}
    Authenticator.objects.update_or_create(staff=staff, defaults=kept)
    journal.record("staff.authenticator_added", subject=staff, by=staff, at=now)
    return _new_codes(staff)


@transaction.atomic
def remove_authenticator(*, staff: Staff, by: Staff, now: datetime) -> None:
    """Switch the second factor off: one's own, or that of somebody who lost phone and recovery codes.

    Raises: NotYours. Leaves: `staff.authenticator_removed`.
    """
    if staff.pk != by.pk and not Staff.objects.manageable_by(by).filter(pk=staff.pk).exists():
        raise NotYours
    if Authenticator.objects.filter(staff=staff).delete()[0]:
        RecoveryCode.objects.filter(staff=staff).delete()
        journal.record("staff.authenticator_removed", subject=staff, by=by, at=now)


@transaction.atomic
def renew_recovery_codes(*, staff: Staff, now: datetime) -> list[str]:
    """Ten new recovery codes, told once; the earlier ones stop working. Leaves: `staff.recovery_codes_made`."""
    journal.record("staff.recovery_codes_made", subject=staff, by=staff, at=now)
    return _new_codes(staff)


def _new_codes(staff: Staff) -> list[str]:
    fresh = codes.new_recovery_codes()
    RecoveryCode.objects.filter(staff=staff).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(staff=staff, digest=_digest(code)) for code in fresh)
    return fresh


def _digest(code: str) -> str:
    return codes.recovery_digest(code, key=settings.SECRET_KEY)


def check_code(*, staff: Staff, code: str, now: datetime) -> str:
    """Check the second factor: six digits of now, or a recovery code; each works once. Gives which it was.

    Raises: WrongCode, TooManyGuesses. Leaves: `staff.refused` when wrong.
    """
    take(CODE, staff.pk, now=now)
    with transaction.atomic():
        how = _spend(staff, code, now)
        if how is None:
            journal.record("staff.refused", subject=staff, by=None, at=now, reason="code")
    if how is None:
        raise WrongCode
    forget(CODE, staff.pk)
    return how


def _spend(staff: Staff, code: str, now: datetime) -> str | None:
    """A step is used once (conditional update), a recovery code goes when it is used."""
    device = Authenticator.objects.filter(staff=staff).first()
    step = codes.step_of(_opened(device), code, now=now) if device else None
    if step is not None:
        fresh = Authenticator.objects.filter(staff=staff, last_step__lt=step).update(last_step=step)
        return "code" if fresh else None
    spent, _ = RecoveryCode.objects.filter(staff=staff, digest=_digest(code)).delete()
    return "recovery code" if spent else None


def _opened(device: Authenticator) -> str:
    """Raises: WrongCode when the secret was locked by a house with another key; recovery needs the director then."""
    try:
        return _box().decrypt(device.secret.encode()).decode()
    except InvalidToken:
        raise WrongCode from None


@transaction.atomic
def add_passkey(
    *, staff: Staff, name: str, host: str, state: Mapping[str, Any], answer: Mapping[str, Any], now: datetime
) -> Passkey:
    """Keep a key that the device made. Raises: KeyNotProven, KeyKnown. Leaves: `staff.passkey_added`."""
    try:
        made = passkeys.new_key(host=host, state=state, answer=answer)
    except passkeys.NotProven as error:
        raise KeyNotProven from error
    digest = passkeys.digest(made.credential_id)
    if Passkey.objects.filter(credential_digest=digest).exists():
        raise KeyKnown
    passkey = Passkey.objects.create(
        staff=staff, name=name, credential_digest=digest, credential=bytes(made), added_at=now
    )
    journal.record("staff.passkey_added", subject=staff, by=staff, at=now, passkey=passkey.pk)
    return passkey


@transaction.atomic
def remove_passkey(*, passkey: Passkey, by: Staff, now: datetime) -> None:
    """Forget a key. Leaves: `staff.passkey_removed`."""
    if Passkey.objects.filter(pk=passkey.pk, staff=by).delete()[0]:
        journal.record("staff.passkey_removed", subject=by, by=by, at=now, passkey=passkey.pk)


def check_passkey(*, host: str, state: Mapping[str, Any], answer: Mapping[str, Any], now: datetime) -> Staff:
    """Whose key the device proved. A counter that does not grow tells of a copy. Raises: KeyNotProven."""
    try:
        digest = passkeys.digest(passkeys.credential_id(answer))
        passkey = Passkey.objects.select_related("staff").filter(credential_digest=digest).first()
        if passkey is None or not passkey.staff.is_active:
            raise KeyNotProven
        counter = passkeys.used(host=host, state=state, answer=answer, credential=bytes(passkey.credential))
    except passkeys.NotProven as error:
        raise KeyNotProven from error
    rows = Passkey.objects.filter(pk=passkey.pk)
    grown = rows.filter(counter__lt=counter) if counter else rows.filter(counter=0)
    if not grown.update(counter=counter, used_at=now):
        raise KeyNotProven
    return passkey.staff

"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is true. Knows no table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

STRICT = UserVerificationRequirement.REQUIRED


class NotProven(Exception):  # noqa: N818 – told to the caller, who says it in words
    """The browser's answer does not prove the key."""


@dataclass(frozen=True)
class Challenge:
    """What the browser gets, and what is kept in the session to check its answer."""

    options: dict[str, Any]
    state: dict[str, Any]


def digest(credential_id: bytes) -> str:
    """By what a key is found."""
    return hashlib.sha256(credential_id).hexdigest()


def ask_for_new(*, host: str, user_id: int, login: str, name: str, known: Sequence[bytes]) -> Challenge:
    """Ask the device to make a key for somebody; devices that hold one of the `known` need no second."""
    user = PublicKeyCredentialUserEntity(id=str(user_id).encode(), name=login, display_name=name)
    options, state = _server(host).register_begin(
        user,
        [AttestedCredentialData(bytes(one)) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=STRICT,
    )
    return Challenge(dict(options), dict(state))


def new_key(*, host: str, state: Mapping[str, Any], answer: Mapping[str, Any]) -> AttestedCredentialData:
    """The key that the device made. Raises: NotProven."""
    try:
        made = _server(host).register_complete(dict(state), answer).credential_data
    except Exception as error:
        raise NotProven(type(error).__name__) from error
    if made is None:
        raise NotProven("no credential")
    return made


def ask_for_any(*, host: str) -> Challenge:
    """Ask the device for whatever key it holds for this house."""
    options, state = _server(host).authenticate_begin(user_verification=STRICT)
    return Challenge(dict(options), dict(state))


def credential_id(answer: Mapping[str, Any]) -> bytes:
    """Which key the device used. Raises: NotProven."""
    try:
        return AuthenticationResponse.from_dict(answer).raw_id
    except Exception as error:
        raise NotProven(type(error).__name__) from error


def used(*, host: str, state: Mapping[str, Any], answer: Mapping[str, Any], credential: bytes) -> int:
    """Check that the device holds the key; gives its counter of uses. Raises: NotProven."""
    try:
        _server(host).authenticate_complete(dict(state), [AttestedCredentialData(credential)], answer)
        return AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except Exception as error:
        raise NotProven(type(error).__name__) from error


def _server(host: str) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(name="Dovolen", id=host))

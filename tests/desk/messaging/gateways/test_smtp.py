"""SMTP against a mail server on loopback: encryption, log-in, what a letter is like, what the server's numbers mean."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dovolen.desk.messaging.gateways import Letter, Setup, Unreachable, open_door
from tests.desk.messaging.gateways import mailbox

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
LETTER = Letter("0f7c-key", "email", "client@mail.example", "Заказ № 7 готов.\nЖдём вас.", "Заказ № 7 готов")


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.GATEWAY_HOSTS = frozenset({"localhost"})


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server speaks by; this process trusts it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return of_server(certificate)


def of_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def post() -> Iterator[mailbox.Mailbox]:
    with mailbox.running() as post:
        yield post


def setup(port: int, security: str = "none", sender: str = "Сервис <desk@dovolen.example>", login: str = "") -> Setup:
    where = {"host": "localhost", "port": port, "security": security, "login": login}
    return Setup("smtp", "email", "Post", where, "secret" if login else "", sender)


def test_a_letter_is_from_the_house_to_one_person_and_its_id_is_our_key(post: mailbox.Mailbox) -> None:
    door = open_door(setup(post.port))
    door.send([LETTER])
    door.close()

    to, mail, raw = post.letters[0]
    assert to == LETTER.address
    assert (mail["From"], mail["To"]) == ("Сервис <desk@dovolen.example>", LETTER.address)
    assert (mail["Subject"], mail["Message-ID"]) == (LETTER.subject, "<0f7c-key@dovolen.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert raw.isascii()


def test_no_subject_and_no_sender_adds_a_head(post: mailbox.Mailbox) -> None:
    plain = open_door(setup(post.port))
    plain.send([LETTER])
    forged = open_door(setup(post.port, sender="Сервис\r\nBcc: all@x.example <desk@dovolen.example>"))
    letter = Letter("k\r\nX-Forged: 1", "email", LETTER.address, "Готово", "Готово\r\nBcc: all@x.example\r\n\r\nтекст")
    with contextlib.suppress(Unreachable):
        forged.send([letter])
    plain.send([letter])
    plain.close()
    forged.close()

    heads = post.letters[0][1].keys()
    assert len(post.letters) >= 2
    assert all(mail.keys() == heads and mail["Bcc"] is None for _, mail, _ in post.letters)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_what_is_to_be_encrypted_is_and_the_log_in_goes_only_so(tls: ssl.SSLContext, security: str) -> None:
    with mailbox.running(tls=tls, is_tls_at_once=security == "tls") as post:
        door = open_door(setup(post.port, security, login="desk"))

        assert door.send([LETTER])[0].state == "sent"
        door.close()

    assert post.letters[0][0] == LETTER.address
    assert security == "tls" or post.was_encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused_for_good(certificate: Path, security: str) -> None:
    context = of_server(certificate)
    with mailbox.running(tls=context, is_tls_at_once=security == "tls") as post, pytest.raises(Unreachable) as refused:
        open_door(setup(post.port, security)).send([LETTER])

    assert refused.value.is_permanent
    assert post.letters == []


def test_a_wrong_password_lasts_until_it_is_set_otherwise(tls: ssl.SSLContext) -> None:
    with mailbox.running(tls=tls) as post, pytest.raises(Unreachable) as refused:
        open_door(setup(post.port, "starttls", login="another")).send([LETTER])

    assert refused.value.is_permanent


def test_a_server_without_encryption_gets_nothing_where_it_was_asked_for(post: mailbox.Mailbox) -> None:
    with pytest.raises(Unreachable) as refused:
        open_door(setup(post.port, "starttls")).send([LETTER])

    assert refused.value.is_permanent
    assert post.letters == []


def test_a_password_does_not_go_in_the_open_to_a_host_that_is_not_named(
    post: mailbox.Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GATEWAY_HOSTS = frozenset()

    with pytest.raises(Unreachable) as refused:
        open_door(setup(post.port, "none", login="desk")).send([LETTER])

    assert refused.value.is_permanent
    assert "unencrypted" in refused.value.detail


def test_a_sender_that_is_no_address_is_told_before_anything_is_sent(post: mailbox.Mailbox) -> None:
    with pytest.raises(Unreachable) as refused:
        open_door(setup(post.port, sender="Сервис")).send([LETTER])

    assert refused.value.is_permanent


def test_a_session_that_the_server_ended_is_begun_anew(post: mailbox.Mailbox) -> None:
    door = open_door(setup(post.port))
    post.silent = {"cut@mail.example"}
    door.send([Letter("k0", "email", "cut@mail.example", "Готово")])

    assert door.send([LETTER])[0].state == "sent"
    door.close()


def test_a_host_in_cyrillic_is_written_as_the_net_writes_it(post: mailbox.Mailbox) -> None:
    door = open_door(setup(post.port))

    assert door.send([Letter("k1", "email", "client@почта.рф", "Готово")])[0].state == "sent"
    assert post.letters[0][0] == "client@xn--80a1acny.xn--p1ai"
    door.close()

"""No gateway reaches into the network of the server, unless its configuration names the host."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from dovolen.desk.messaging.gateways import Letter, Setup, Unreachable, open_door
from dovolen.desk.messaging.gateways.addresses import is_public, place_of, web_address

INSIDE = (
    "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_addresses_inside_are_known_also_when_they_are_wrapped(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["8.8.8.8", "2a00:1450:4010:c0f::71", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_reached(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::1]".strip("[]"), "10.1.2.3"]
)
def test_a_host_inside_is_refused_for_good(host: str) -> None:
    with pytest.raises(Unreachable) as refused:
        place_of(host, 80)

    assert refused.value.is_permanent or "no such host" in refused.value.detail


def test_a_host_inside_is_reached_where_the_configuration_names_it_or_its_port(settings: Any) -> None:
    settings.GATEWAY_HOSTS = frozenset({"localhost:2775"})

    assert place_of("localhost", 2775) in ("127.0.0.1", "::1")
    with pytest.raises(Unreachable):
        place_of("localhost", 80)


def test_a_name_that_points_inside_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    with pytest.raises(Unreachable):
        place_of("rebinding.example", 443)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://x.example/",
        "https://",
        "https://u:p@x.example/",
        "//x.example/",
        "ftp://x.example",
    ],
)
def test_an_address_of_the_web_is_http_and_names_a_host(url: str) -> None:
    with pytest.raises(ValueError, match="address of a gateway"):
        web_address(url)


RECIPE = 'name = "x"\n[send]\nurl = "http://169.254.169.254/latest/"'


@pytest.mark.parametrize(
    "setup",
    [
        Setup("http", "sms", "x", {"recipe": RECIPE}),
        Setup("smpp", "sms", "x", {"host": "127.0.0.1", "port": 2775}),
        Setup("smtp", "email", "x", {"host": "localhost", "port": 25, "security": "none"}, sender="a@b.example"),
    ],
)
def test_no_kind_of_gateway_reaches_inside(setup: Setup) -> None:
    door = open_door(setup)
    address = "+79972000001" if setup.channel == "sms" else "a@b.example"

    with pytest.raises(Unreachable) as refused:
        door.send([Letter("k1", setup.channel, address, "Готово")])

    assert refused.value.is_permanent

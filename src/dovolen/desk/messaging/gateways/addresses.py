"""Where a gateway may be: on the internet, and inside the network only where the server's configuration names it."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from dovolen.desk.messaging.gateways.letters import Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
BEHIND_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def place_of(host: str, port: int) -> str:
    """The numeric address to connect to: what was checked is what is reached, whatever the name says a moment later.

    Raises: Unreachable; for good where the host lies inside the network and `DOVOLEN_GATEWAY_HOSTS` does not name it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host}: no such host") from error
    numbers = [str(place[4][0]) for place in found]
    if not is_named(host, port) and not all(is_public(number) for number in numbers):
        raise Unreachable(f"{host}: inside the network, and not named in DOVOLEN_GATEWAY_HOSTS", is_permanent=True)
    return numbers[0]


def is_named(host: str, port: int) -> bool:
    """Whether the server's configuration lets gateways reach this host, or this port of it."""
    return bool({host.lower(), f"{host.lower()}:{port}"} & settings.GATEWAY_HOSTS)


def is_public(number: str) -> bool:
    """Whether a numeric address is one of the open internet, also where another is wrapped in it."""
    address: Address = ipaddress.ip_address(number.partition("%")[0])
    inner = _wrapped(address) if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_global and not (inner or address).is_multicast


def _wrapped(address: ipaddress.IPv6Address) -> Address | None:
    if address in BEHIND_NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def web_address(url: str) -> tuple[str, int]:
    """Host and port of an address of the web. Raises: ValueError where it is none that a gateway may have."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("an address of a gateway begins with https:// or http:// and a host")
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)

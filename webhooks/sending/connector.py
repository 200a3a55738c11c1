"""Connections to servers that somebody named: none leads into a network that is not theirs.

The address is looked at when the socket for it is made, after the name was looked up and right before it is connected:
a name that led elsewhere a moment ago, an address written in the URL itself, and every address of several are seen
alike. A resolver of one's own would not see addresses that stand in the URL.
"""

import errno
import socket
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver

from webhooks.endpoints.addresses import is_public
from webhooks.endpoints.url_rules import PORTS

SECONDS = 15
_IDLE_SECONDS = 20


class AddressRefused(OSError):
    """The receiver's address is none of the internet's."""


def guarded_socket(ports: frozenset[int]) -> Callable[[Any], socket.socket]:
    """Makes sockets for these ports of public addresses alone. Raises AddressRefused."""

    def make(info: Any) -> socket.socket:
        family, kind, protocol, _, address = info
        if family not in (socket.AF_INET, socket.AF_INET6) or address[1] not in ports or not is_public(address[0]):
            text = f"Nothing is sent to {address[0]}, port {address[1]}: it is none of the internet's."
            raise AddressRefused(errno.EACCES, text)
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    return make


def guarded_session(*, resolver: AbstractResolver | None = None, ports: frozenset[int] = PORTS) -> ClientSession:
    """For receivers on the internet. `resolver`: who looks names up, the system unless set."""
    return _session(TCPConnector(**_LIMITS, resolver=resolver, socket_factory=guarded_socket(ports)))


def unguarded_session() -> ClientSession:
    """For what WEBHOOK_ALLOW_HOSTS names."""
    return _session(TCPConnector(**_LIMITS))


# No limit here: waiting for a connection would count as waiting for the answer (MOST_AT_ONCE in sender.py is one).
_LIMITS: dict[str, Any] = {"limit": 0, "keepalive_timeout": _IDLE_SECONDS, "ttl_dns_cache": 10}


def _session(connector: TCPConnector) -> ClientSession:
    """No cookies, no proxy of the environment, nothing unpacked: a small answer may unpack to a large one."""
    return ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=SECONDS),
        trust_env=False,
        auto_decompress=False,
    )

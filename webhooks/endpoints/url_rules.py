"""Which addresses an endpoint may have. What a name leads to is looked at when it is connected to
(webhooks/sending/connector.py): it may be another address by then."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext

from shared.errors import InvalidInput
from webhooks.endpoints.addresses import is_public

PORTS: Final = frozenset({443, 8443})
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_ASCII = re.compile(r"[!-~]+")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")
# A last label that begins with a digit makes the whole a number to some resolvers: 127.1, 0x7f.0.0.1, 2130706433.
_NUMBER = re.compile(r"(.*\.)?[0-9][^.]*\.?")
_OF_THIS_NETWORK = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa")


def host_and_port(url: str) -> tuple[str, int]:
    """Of a URL that was checked."""
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS[parts.scheme]


def is_allowed_anyway(url: str) -> bool:
    """Whether WEBHOOK_ALLOW_HOSTS names the URL's host and port: plain HTTP and private addresses are right there."""
    host, port = host_and_port(url)
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in settings.WEBHOOK_ALLOW_HOSTS


def check_url(url: str) -> None:
    """Raises InvalidInput at /url for what nothing will be sent to."""
    if fault := _fault_of(url):
        raise InvalidInput(("/url", "invalid_url", fault))


def _fault_of(url: str) -> str:
    if not _ASCII.fullmatch(url) or "\\" in url:
        return gettext("Only visible ASCII letters: write a name of other letters as xn--…, others as %XX.")
    try:
        parts = urlsplit(url)
        port = parts.port  # raises, too
    except ValueError:
        return gettext("This is no address of the web.")
    if fault := _fault_of_parts(url, parts, port):
        return fault
    if is_allowed_anyway(url):
        return ""
    return _fault_of_host(parts.hostname or "", parts.netloc) or _fault_of_port(url, parts.scheme)


def _fault_of_parts(url: str, parts: SplitResult, port: int | None) -> str:
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return gettext("Write the whole address, as in https://example.com/webhooks.")
    if "@" in parts.netloc:
        return gettext("No name and password in the address: the signature says who sends.")
    if "#" in url:
        return gettext("A part behind # is not sent to anybody: leave it out.")
    if port == 0 or parts.netloc.endswith(":"):
        return gettext("There is no such port.")
    return ""


def _fault_of_port(url: str, scheme: str) -> str:
    if scheme != "https":
        return gettext("Only https: what is sent is nobody else's business.")
    if host_and_port(url)[1] not in PORTS:
        ports = ", ".join(str(port) for port in sorted(PORTS))
        return gettext("Only the ports %(ports)s.") % {"ports": ports}
    return ""


def _fault_of_host(host: str, netloc: str) -> str:
    inside = gettext("This address is none of the internet's.")
    if netloc.startswith("["):
        return "" if is_public(host) else inside
    if _NUMBER.fullmatch(host):
        try:
            ip_address(host)
        except ValueError:
            return gettext("Write a name, or an address of four numbers.")
        return "" if is_public(host) else inside
    if not _NAME.fullmatch(host) or len(host) > 253:
        return gettext("There can be no such name.")
    name = f".{host.rstrip('.').lower()}"
    return inside if name.endswith(_OF_THIS_NETWORK) or name.count(".") == 1 else ""

"""From where a request came."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_IPV6_SUBSCRIBER_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The client's address; of an IPv6 address the /64, for one subscriber owns all of it.

    X-Forwarded-For is believed only as far as TRUSTED_PROXIES wrote it: read from its end, the first address
    that is not a trusted proxy's is the client's.
    """
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    address = _parse_address(request.META.get("REMOTE_ADDR", ""))
    while address is not None and hops and _is_trusted(address):
        told = _parse_address(hops.pop())
        if told is None:
            break
        address = told
    return _subscriber_of(address)


def is_trusted_proxy(address: str) -> bool:
    """Whether TRUSTED_PROXIES has the address that a connection comes from."""
    parsed = _parse_address(address)
    return parsed is not None and _is_trusted(parsed)


def subscriber(address: str) -> str:
    """Whom a connection from the address counts for: an IPv4 address, or the /64 of an IPv6 address."""
    return _subscriber_of(_parse_address(address))


def _subscriber_of(address: IPv4Address | IPv6Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_SUBSCRIBER_PREFIX), strict=False))
    return str(address or "")


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _parse_networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def _parse_networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in names)

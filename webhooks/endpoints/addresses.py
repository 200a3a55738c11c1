"""Addresses on the internet, and those that lead into somebody's own network.

An endpoint is named by whoever may make one; from where Kontor stands it must not reach what they cannot.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

# Not `is_global`: it calls multicast, 6to4 and NAT64 global, which lead anywhere.
_REFUSED_4: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT; Alibaba's metadata, 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services
        "169.254.0.0/16",  # link-local; the metadata of most clouds, 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",  # Oracle's metadata, 192.0.0.192
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# All that is given out today; outside are loopback, private, link-local, multicast, mapped and NAT64 (64:ff9b::/96).
_GLOBAL_6: Final = ip_network("2000::/3")
_REFUSED_6: Final = tuple(
    ip_network(text)
    for text in (
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether the address, as a socket connects to it, is one of the internet's. What cannot be read is not."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _REFUSED_4)
    return found.scope_id is None and found in _GLOBAL_6 and not any(found in network for network in _REFUSED_6)

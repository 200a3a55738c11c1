"""What a load test is told by its environment, and the hosts it may be pointed at."""

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadtest.stages import PROFILES, Profile

KEY, PROFILE, VARIANT = "LOADTEST_API_KEY", "LOADTEST_PROFILE", "LOADTEST_VARIANT"


class LoadTestError(Exception):
    """The load test cannot be run, or did not measure anything."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """`variant` is the SKU that everybody buys under contention; empty: the one with the most units."""

    api_key: str
    profile: Profile
    variant: str


def read_conditions() -> Conditions:
    """Raises LoadTestError when the environment lacks the key or names a profile that is none."""
    name = os.environ.get(PROFILE, "short")
    if name not in PROFILES:
        raise LoadTestError(f"{PROFILE} is {name!r}; there are {', '.join(PROFILES)}.")
    key = os.environ.get(KEY, "")
    if not key:
        raise LoadTestError(f"{KEY} must hold an API key that may read customers, place, cancel and pay orders.")
    return Conditions(key, PROFILES[name], os.environ.get(VARIANT, ""))


def check_host(url: str | None) -> str:
    """Raises LoadTestError unless the address is this machine's own: a load test on anybody else is an attack."""
    name = urlsplit(url or "").hostname or ""
    try:
        own = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        own = False
    if not url or not own:
        raise LoadTestError(f"{url or 'No host'}: load tests go to a loopback address only, as http://127.0.0.1:8000.")
    return url

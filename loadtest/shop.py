"""What there is to buy and who buys it, asked of the Kontor under test once, before the first user."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from loadtest.conditions import LoadTestError

PAGES = 5  # of 100 each at most: a shop's first customers and variants are enough to choose from
TIMEOUT_SECONDS = 30
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Goods:
    id: str
    sku: str
    available: int


@dataclass(frozen=True, slots=True)
class Shop:
    """`goods` are those with stock."""

    customers: list[str]
    goods: list[Goods]


def popular(goods: list[Goods], sku: str) -> Goods:
    """The variant with that SKU; without one, that of which there is most. Raises LoadTestError."""
    if not sku:
        return max(goods, key=lambda one: one.available)
    found = next((one for one in goods if one.sku == sku), None)
    if found is None:
        raise LoadTestError(f"No variant {sku} with stock.")
    return found


def check_alive(host: str) -> None:
    """Raises LoadTestError when Kontor is not ready any more: what was measured then was its absence."""
    try:
        with _session() as session:
            session.get(f"{host}/readyz", timeout=TIMEOUT_SECONDS).raise_for_status()
    except requests.RequestException as error:
        raise LoadTestError(f"Kontor did not outlast the load test: {error}") from error


def read_shop(host: str, api_key: str) -> Shop:
    """Raises LoadTestError when there is nobody to buy or nothing to be bought."""
    with _session() as session:
        session.headers["Authorization"] = f"Api-Key {api_key}"
        customers = [str(row["id"]) for row in _rows(session, f"{host}{API}/customers?limit=100")]
        variants = list(_rows(session, f"{host}{API}/variants?limit=100&is_active=true"))
    goods = [Goods(row["id"], row["sku"], row["available"]) for row in variants if row["available"] > 0]
    if not customers or not goods:
        raise LoadTestError("The shop needs customers, and variants with stock.")
    return Shop(customers, goods)


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy between
    return session


def _rows(session: requests.Session, url: str | None) -> Iterator[dict[str, Any]]:
    for _ in range(PAGES):
        if url is None:
            return
        answer = session.get(url, timeout=TIMEOUT_SECONDS)
        if not answer.ok:
            raise LoadTestError(f"{url} answered {answer.status_code}: {answer.text[:500]}")
        page = answer.json()
        yield from page["results"]
        url = page["next"]

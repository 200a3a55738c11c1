"""What is there after a disaster, beside what buyers and the provider of payments were told."""

import json
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ops.failover.asking import ask
from ops.failover.cluster import Cluster, DrillError
from ops.failover.load import Told
from ops.failover.shop import Shop, run_command

# The worker asks the provider every minute, and not sooner than a minute after it was asked last.
RECONCILE_SECONDS: Final = 240
SWEEP_SECONDS: Final = 150
PAUSE_SECONDS: Final = 1
_OVERDUE: Final = "SELECT count(*) FROM orders_order WHERE status = 'PENDING' AND payment_expires_at <= now()"
_PLACED: Final = """
    SELECT placed.id, coalesce(known.key, '') FROM orders_order AS placed
    LEFT JOIN orders_idempotency_key AS known ON known.order_id = placed.id
"""
_ACTIVE: Final = """
    SELECT count(*) FROM orders_reservation AS held
    JOIN orders_order_item AS item ON item.id = held.item_id JOIN orders_order AS ended ON ended.id = item.order_id
    WHERE held.status = 'active' AND ended.status = 'CANCELLED'
"""


@dataclass(frozen=True)
class Found:
    """`doubled`: orders that nobody was told of, and further ones of a key; one that its own buyer gave up waiting for
    may be there or not. `discrepancies`: of `manage.py audit`."""

    lost: int
    doubled: int
    discrepancies: int


def orders_there(cluster: Cluster) -> dict[str, str]:
    """By the key under which each was placed."""
    return {str(order): key for order, key in cluster.query(_PLACED)}


def compare(cluster: Cluster, told: Told, before: Collection[str]) -> Found:
    """`before`: orders that were there when the load began."""
    there = {order: key for order, key in orders_there(cluster).items() if order not in before}
    return Found(len(told.acknowledged - there.keys()), count_doubled(there, told), discrepancies())


def count_doubled(there: Mapping[str, str], told: Told) -> int:
    """`there`: the key of each order."""
    several = sum(len(orders) - 1 for orders in told.orders.values())
    given_up = Counter(told.given_up)
    untold = Counter(key for order, key in there.items() if order not in told.acknowledged)
    return several + (untold - given_up).total()


def discrepancies() -> int:
    done = run_command("audit", "--json")
    try:
        checks = json.loads(done.stdout)["checks"]
        return sum(check["count"] for check in checks if check["severity"] == "discrepancy")
    except (ValueError, KeyError, TypeError) as error:
        raise DrillError(f"The audit fails: {done.stderr or done.stdout}") from error


@dataclass(frozen=True)
class Payments:
    """`differing`: of which the provider's sum is another than Kontor's, in the end."""

    number: int
    differing: int


def reconcile(cluster: Cluster, shop: Shop) -> Payments:
    """Wait until Kontor's worker has heard of everything that the provider did."""
    deadline = time.monotonic() + RECONCILE_SECONDS
    while True:
        theirs, ours = sums_of_provider(shop), _sums_of_kontor(cluster)
        differing = {key for key in theirs.keys() | ours.keys() if theirs.get(key) != ours.get(key)}
        if not differing or time.monotonic() > deadline:
            return Payments(len(theirs), len(differing))
        time.sleep(PAUSE_SECONDS)


def sums_of_provider(shop: Shop) -> dict[str, Decimal]:
    books: dict[str, Any] = ask(shop.provider, "GET", "/books").body
    return {row["metadata"]["intent"]: Decimal(row["captured"]) for row in books["intents"] if Decimal(row["captured"])}


def _sums_of_kontor(cluster: Cluster) -> dict[str, Decimal]:
    rows = cluster.query("SELECT intent_id, sum(amount) FROM orders_payment WHERE intent_id IS NOT NULL GROUP BY 1")
    return {str(intent): Decimal(amount) for intent, amount in rows}


def let_deadlines_pass(cluster: Cluster) -> None:
    """Of all orders that are not paid."""
    cluster.query(
        "UPDATE orders_order SET payment_expires_at = now() - interval '1 second' "
        "WHERE status = 'PENDING' AND payment_expires_at > now() RETURNING 1"
    )


def sweep(cluster: Cluster) -> tuple[int, int]:
    """Wait for the worker to find overdue orders, as it does every minute. How many are left, and how many reservations
    are held by orders that have ended."""
    deadline = time.monotonic() + SWEEP_SECONDS
    while (left := int(cluster.query(_OVERDUE)[0][0])) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
    return left, int(cluster.query(_ACTIVE)[0][0])

"""What is there before and after, and what becomes of the money that only the provider knows of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from embedded_postgres.backup.taking import superuser_url
from ops.failover.asking import ask
from ops.failover.books import sums_of_provider
from ops.failover.cluster import wait_for
from ops.failover.shop import Shop, run_command

OPEN_SECONDS: Final = 60
# Rows and sums that must come back as they were.
_COUNTED: Final = {
    "orders": "SELECT count(*), sum(total) FROM orders_order",
    "lines": "SELECT count(*), sum(quantity) FROM orders_order_item",
    "reservations": "SELECT count(*), sum(quantity) FROM orders_reservation",
    "payments": "SELECT count(*), sum(amount) FROM orders_payment",
    "ledger": "SELECT count(*), sum(quantity) FROM inventory_stock_movement",
    "stock": "SELECT sum(on_hand), sum(reserved) FROM inventory_stock_level",
    "events": "SELECT count(*), max(id::text) FROM orders_order_event",
}
_PAID: Final = "SELECT intent_id::text, sum(amount) FROM orders_payment WHERE intent_id IS NOT NULL GROUP BY 1"


@dataclass(frozen=True)
class Finding:
    name: str
    found: object
    is_right: bool = True


@dataclass(frozen=True)
class Snapshot:
    """`at`: the database's clock, after what is counted was committed and before anything later was."""

    at: datetime
    counted: dict[str, tuple[Any, ...]]

    def compare(self, before: "Snapshot") -> Iterator[Finding]:
        for name, found in self.counted.items():
            was = before.counted[name]
            yield Finding(f"{name} restored", f"{found[0]} of {was[0]}, sum {found[1]}", found == was)


def take_snapshot(url: str) -> Snapshot:
    """While nobody sells."""
    with psycopg.connect(url, autocommit=True) as link:
        counted = {name: link.execute(sql).fetchall()[0] for name, sql in _COUNTED.items()}
        ((at,),) = link.execute("SELECT clock_timestamp()").fetchall()
    return Snapshot(at, counted)


def settle(home: Path, shop: Shop) -> Iterator[Finding]:
    """The shop is closed until reconciled; payments of orders that are gone are named, all others are in the books."""
    yield Finding("placing before payments are reconciled", code := _place(shop), code == 503)
    first = run_command("reconcile")
    theirs, ours = sums_of_provider(shop), _sums_of_kontor(home)
    gone = len(theirs.keys() - ours.keys())
    named = first.stdout.count("Belongs to nothing here")
    differing = sum(theirs.get(intent) != amount for intent, amount in ours.items())
    yield Finding("payments at the provider, of orders that are there", len(theirs) - gone)
    yield Finding("of which the sum is another", differing, differing == 0)
    yield Finding("payments of orders that are gone, named", f"{named} of {gone}", named == gone > 0)
    yield Finding("exit code of reconcile then", first.returncode, first.returncode == 1)
    opened = run_command("reconcile", "--open").returncode
    wait_for(lambda: _place(shop) == 201, "the shop sells again", seconds=OPEN_SECONDS)
    yield Finding("exit code of reconcile --open; the shop sells again", opened, opened == 0)


def _place(shop: Shop) -> int:
    body = {"customer": shop.customers[0], "items": [{"variant": shop.variants[0], "quantity": 1}]}
    return ask(shop.port, "POST", "/api/v1/orders", body, Authorization=f"Api-Key {shop.secret}").status


def _sums_of_kontor(home: Path) -> dict[str, Any]:
    with psycopg.connect(superuser_url(home)) as link:
        return dict(link.execute(_PAID).fetchall())

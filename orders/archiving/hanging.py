"""What hangs on orders by foreign keys, as PostgreSQL knows it, and how each leaves with them.

The tables are found in the catalogue and not listed by hand: what a new version, or the shop itself, hangs on orders is
noticed before a row is moved.
"""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

from orders.partitioning.locked import PartitioningFailed
from orders.partitioning.tables import ORDERS, fetch_all

# Their rows go with the orders that they are of. What makes a month too young for that: orders.archiving.open_orders.
LEAVES = frozenset(
    {
        ORDERS,
        *("orders_order_item", "orders_order_event", "orders_adjustment", "orders_coupon_use", "orders_payment"),
        *("orders_dispute", "orders_draft", "orders_draft_line", "orders_return", "orders_return_item"),
        *("orders_refund", "orders_refund_item", "orders_invoice", "orders_order_edit", "orders_reservation"),
        *("orders_backorder", "orders_shipment", "orders_shipment_item"),
        *("payments_intent", "payments_operation", "crm_order_mail"),
    }
)
# Rows with a life of their own: they stay without their order, and name it again when it comes back.
FORGETS = frozenset({("crm_deal", "order_id"), ("crm_activity", "order_id")})


class NothingSaysHow(PartitioningFailed):
    """A table hangs on orders, and neither list above has it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A column that points at what leaves."""

    table: str
    column: str
    target: str


@dataclass(frozen=True)
class Hanging:
    links: tuple[Link, ...]

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """What leaves, each after all that it points at; the orders first."""
        graph: dict[str, set[str]] = {ORDERS: set()}
        for link in self.links:
            if link.table in LEAVES and link.table != link.target:
                graph.setdefault(link.table, set()).add(link.target)
        return tuple(TopologicalSorter(graph).static_order())

    @property
    def all_tables(self) -> tuple[str, ...]:
        """Also those whose rows stay."""
        return (*self.tables, *sorted({link.table for link in self.forgetting}))

    def of(self, table: str) -> list[Link]:
        return [link for link in self.links if link.table == table]

    @property
    def forgetting(self) -> list[Link]:
        return [link for link in self.links if (link.table, link.column) in FORGETS]


def read_hanging() -> Hanging:
    """Raises NothingSaysHow."""
    links: list[Link] = []
    todo, known = [ORDERS], {ORDERS}
    while todo:
        found = _links_to(todo.pop())
        links += found
        news = {link.table for link in found if link.table in LEAVES} - known
        known |= news
        todo += sorted(news)
    unknown = [link for link in links if link.table not in LEAVES and (link.table, link.column) not in FORGETS]
    if unknown:
        names = ", ".join(sorted(f"{link.table}.{link.column}" for link in unknown))
        raise NothingSaysHow(f"Nothing says how these leave with their orders: {names}.")
    return Hanging(tuple(links))


def _links_to(target: str) -> list[Link]:
    sql = """
        SELECT conrelid::regclass::text, attname FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
        WHERE contype = 'f' AND conparentid = 0 AND confrelid = %s::regclass ORDER BY 1, 2
    """
    return [Link(table, column, target) for table, column in fetch_all(sql, target)]

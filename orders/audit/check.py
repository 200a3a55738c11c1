"""The shape of one check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for every row of the books.

    name: stable machine name. meaning: the rule, as staff would say it. sql: one SELECT of the rows that
    break it: ids first, then the facts that disagree; it may use the parameters of
    `orders.services.upkeep.audit_books` and doubles any other percent sign. is_discrepancy: such a row means that the
    books are wrong; else it is a warning.
    """

    name: str
    meaning: str
    sql: str
    # Warnings are of what somebody should do soon; a discrepancy is wrong whatever anybody does.
    is_discrepancy: bool = True


_REMOVED = """EXISTS (
    SELECT FROM crm_demo_row AS demo
    WHERE demo."table" IN ('orders_order_item', 'inventory_stock_level') AND demo.row = {column}
          AND demo.state = 'removed'
)"""


def removed_with_the_demo(column: str) -> str:
    """Whether the column names a line or a stock level of the demo shop, which was removed (decisions/demo-shop.md)."""
    return _REMOVED.format(column=column)


_ARCHIVED = """EXISTS (
    SELECT FROM (SELECT unnest(items) AS id FROM orders_archived_order) AS archived WHERE archived.id = {column}
)"""


def in_the_archive(column: str) -> str:
    """Whether the column names a line of an order that left with its month (decisions/archive.md)."""
    return _ARCHIVED.format(column=column)

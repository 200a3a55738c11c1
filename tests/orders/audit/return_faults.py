"""Ways to spoil the ledger of goods that came back. Each returns an id that the named check must show."""

from uuid import UUID

from orders.refunds.plans import RefundRequest, RequestedLine
from orders.services.refunds.refund_order import refund_order
from orders.services.returns.take_goods_back import take_goods_back
from shared.actor import SYSTEM
from tests.shop.books import Books, item_ids, sql, unprotect
from tests.shop.goods import add_level, make_level, make_location


def back_among_other_goods(books: Books) -> UUID:
    item_id, other = item_ids(books.delivered.pk)[0], make_level(on_hand=1)
    take_goods_back(order_id=books.delivered.pk, units={item_id: (1, 1)}, reason="too small", actor=SYSTEM)
    _move_to(other.pk, item_id)
    return item_id


def called_off_and_back_on_another_shelf(books: Books) -> UUID:
    """What never left lies where it was sold from; elsewhere somebody would look for it in vain."""
    item_id = item_ids(books.paid.pk)[0]
    requested = RefundRequest((RequestedLine(item_id, 1),))
    refund_order(order_id=books.paid.pk, requested=requested, reason="too much", actor=SYSTEM)
    _move_to(add_level(books.level.variant, make_location("Elsewhere"), on_hand=1).pk, item_id)
    return item_id


def _move_to(level_id: UUID, item_id: UUID) -> None:
    unprotect("inventory_stock_movement")
    sql(
        """UPDATE inventory_stock_movement SET level_id = %s, level_version = 99
           WHERE order_item_id = %s AND kind = 'return'""",
        level_id,
        item_id,
    )


FAULTS = [
    (back_among_other_goods, "holds_equal_ledger"),
    (called_off_and_back_on_another_shelf, "holds_equal_ledger"),
]

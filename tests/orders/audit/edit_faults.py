"""Changes of orders that do not fit them."""

from uuid import UUID

from orders.editing.edit_requests import ChangedQuantity, EditRequest
from orders.models.order_item import OrderItem
from orders.services.orders.edit_order import edit_order
from shared.actor import SYSTEM
from shared.ids import new_id
from tests.shop.books import Books, sql, unprotect


def _edited(books: Books) -> UUID:
    """A paid order with a unit more than it was paid for."""
    item = OrderItem.objects.get(order=books.paid)
    requested = EditRequest((ChangedQuantity(0, item.pk, item.quantity + 1),))
    edit_order(order_id=books.paid.pk, requested=requested, actor=SYSTEM, reason="one more")
    return books.paid.pk


def edit_of_another_difference(books: Books) -> UUID:
    order_id = _edited(books)
    sql("UPDATE orders_order_edit SET difference = difference - 1 WHERE order_id = %s", order_id)
    return order_id


def total_moved_without_edit(books: Books) -> UUID:
    order_id = _edited(books)
    sql("UPDATE orders_order SET total = total + 5, shipping_total = shipping_total + 5 WHERE id = %s", order_id)
    return order_id


def edit_forgotten(books: Books) -> UUID:
    order_id = _edited(books)
    sql("DELETE FROM orders_order_edit WHERE order_id = %s", order_id)
    return order_id


def edit_without_event(books: Books) -> UUID:
    order_id = _edited(books)
    unprotect("orders_order_edit", "order_edit_once_a_version")
    columns = "order_id, order_version, before, after, difference, reason, created_at"
    sql(f"INSERT INTO orders_order_edit (id, {columns}) SELECT %s, {columns} FROM orders_order_edit", new_id())
    return order_id


def paid_less_than_it_costs(books: Books) -> UUID:
    order_id = _edited(books)
    sql("UPDATE orders_payment SET amount = amount - 1 WHERE order_id = %s", order_id)
    return order_id


FAULTS = [
    (edit_of_another_difference, "edits_equal_totals"),
    (total_moved_without_edit, "edits_equal_totals"),
    (edit_forgotten, "edits_have_their_event"),
    (edit_without_event, "edits_have_their_event"),
    (paid_less_than_it_costs, "paid_orders_have_their_payment"),
]

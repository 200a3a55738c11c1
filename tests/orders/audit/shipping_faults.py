"""Ways to spoil shipments, what follows them, and documents. Each returns an id that the named check must show."""

from uuid import UUID

from orders.models.shipment import Shipment
from orders.services.invoices.issue_invoice import issue_invoice
from shared.actor import SYSTEM
from tests.shop.books import Books, item_ids, sql, unprotect


def shipment_of(books: Books) -> Shipment:
    return Shipment.objects.get(order=books.delivered)


def shipped_without_shipment(books: Books) -> UUID:
    [item] = item_ids(books.paid.pk)
    sql("UPDATE orders_order_item SET shipped_quantity = 1 WHERE id = %s", item)
    return item


def packed_beyond_what_was_sold(books: Books) -> UUID:
    [item] = item_ids(books.delivered.pk)
    sql("UPDATE orders_shipment_item SET quantity = quantity + 1 WHERE item_id = %s", item)
    return item


def packed_elsewhere(books: Books) -> UUID:
    sql(
        "UPDATE orders_shipment SET location_id = (SELECT id FROM inventory_stock_location WHERE id <> location_id "
        "AND name = 'Attic') WHERE order_id = %s",
        books.delivered.pk,
    )
    return books.delivered.pk


def shipment_taken_back(books: Books) -> UUID:
    sql("UPDATE orders_shipment SET status = 'SHIPPED' WHERE order_id = %s", books.delivered.pk)
    return books.delivered.pk


def line_that_never_left(books: Books) -> UUID:
    [item] = item_ids(books.delivered.pk)
    sql("UPDATE orders_order_item SET status = 'PROCESSING' WHERE id = %s", item)
    return item


def number_left_out(books: Books) -> UUID:
    first, second = (issue_invoice(order_id=order.pk, actor=SYSTEM) for order in (books.paid, books.delivered))
    sql("DELETE FROM orders_invoice WHERE id = %s", first.invoice.pk)
    return second.invoice.pk


def number_never_handed_out(books: Books) -> UUID:
    invoice = issue_invoice(order_id=books.paid.pk, actor=SYSTEM).invoice
    sql("UPDATE orders_invoice_series SET last_number = 0")
    return invoice.pk


def parent_left_behind(books: Books) -> UUID:
    """The delivered order as one sub-order of a split one that stayed where it was."""
    unprotect("orders_order", "order_sub_order_is_one_sellers")
    sql("UPDATE orders_order SET parent_id = %s WHERE id = %s", books.paid.pk, books.delivered.pk)
    return books.paid.pk


FAULTS = [
    (shipped_without_shipment, "shipped_units_are_in_shipments"),
    (packed_beyond_what_was_sold, "shipped_units_are_in_shipments"),
    (packed_beyond_what_was_sold, "shipments_hold_what_was_sold_there"),
    (packed_elsewhere, "shipments_hold_what_was_sold_there"),
    (shipment_taken_back, "order_is_where_its_shipments_are"),
    (line_that_never_left, "line_says_that_it_left"),
    (number_left_out, "document_numbers_have_no_gap"),
    (number_never_handed_out, "document_numbers_have_no_gap"),
    (parent_left_behind, "parent_order_is_where_its_sub_orders_are"),
]

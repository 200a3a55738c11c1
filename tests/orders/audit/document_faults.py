"""Ways to spoil papers of the warehouse and backorders. Each returns an id that the named check must show."""

from uuid import UUID

from inventory.models.document import DocumentKind, StockDocument
from inventory.services.apply_stock_document import apply_stock_document
from inventory.services.create_stock_document import RequestedDocumentLine, create_stock_document
from shared.actor import SYSTEM
from tests.shop.backorders import make_level_to_wait_for, sell_ahead
from tests.shop.books import Books, sql
from tests.shop.goods import make_location
from tests.shop.people import make_buyer


def _transfer(books: Books) -> StockDocument:
    document = create_stock_document(
        kind=DocumentKind.TRANSFER,
        location_id=books.level.location_id,
        target_id=make_location("Cellar").pk,
        lines=[RequestedDocumentLine(books.level.variant.sku, 2)],
        actor=SYSTEM,
    )
    return apply_stock_document(document_id=document.pk, actor=SYSTEM)


def _first(rows: list[tuple[UUID, ...]]) -> UUID:
    return rows[0][0]


def line_that_names_no_ledger_row(books: Books) -> UUID:
    key = _transfer(books).pk
    return _first(
        sql("UPDATE inventory_stock_document_line SET arrival_id = NULL WHERE document_id = %s RETURNING id", key)
    )


def line_changed_after_it_was_applied(books: Books) -> UUID:
    key = _transfer(books).pk
    return _first(sql("UPDATE inventory_stock_document_line SET quantity = 3 WHERE document_id = %s RETURNING id", key))


def goods_carried_without_a_paper(books: Books) -> UUID:
    key = _transfer(books).pk
    return _first(sql("DELETE FROM inventory_stock_document_line WHERE document_id = %s RETURNING movement_id", key))


def miscounted_backorders(books: Books) -> UUID:
    level = make_level_to_wait_for(on_hand=0, limit=5)
    sell_ahead(make_buyer(), level, 3)
    sql("UPDATE inventory_backorder_count SET waiting = 2 WHERE variant_id = %s", level.variant_id)
    return level.variant_id


def backorder_of_another_variant(books: Books) -> UUID:
    sell_ahead(make_buyer(), make_level_to_wait_for(on_hand=0, limit=5), 3)
    return _first(sql("UPDATE orders_backorder SET variant_id = %s RETURNING id", books.level.variant_id))


def cancelled_order_that_waits(books: Books) -> UUID:
    order = sell_ahead(make_buyer(), make_level_to_wait_for(on_hand=0, limit=5), 3)
    sql(
        "UPDATE orders_order SET status = 'CANCELLED', cancelled_at = now(), cancel_reason = 'staff' WHERE id = %s",
        order.pk,
    )
    return _first(sql("SELECT id FROM orders_backorder"))


FAULTS = [
    (line_that_names_no_ledger_row, "document_lines_are_in_the_ledger"),
    (line_changed_after_it_was_applied, "document_lines_are_in_the_ledger"),
    (goods_carried_without_a_paper, "transfers_and_counts_have_documents"),
    (miscounted_backorders, "backorder_count_is_their_sum"),
    (backorder_of_another_variant, "backorders_are_of_their_lines"),
    (cancelled_order_that_waits, "backorders_are_of_their_lines"),
]

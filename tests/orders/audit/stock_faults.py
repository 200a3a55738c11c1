"""Ways to spoil stock, its ledger and reservations. Each returns an id that the named check must show."""

from uuid import UUID

from tests.shop.books import Books, drop_foreign_keys, item_ids, sql, unprotect
from tests.shop.goods import make_level, make_level_of_another


def lost_stock_update(books: Books) -> UUID:
    sql("UPDATE inventory_stock_level SET on_hand = on_hand + 1 WHERE id = %s", books.level.pk)
    return books.level.pk


def level_of_no_ledger(books: Books) -> UUID:
    level = make_level(on_hand=0)
    sql("UPDATE inventory_stock_level SET on_hand = 5, version = 1 WHERE id = %s", level.pk)
    return level.pk


def rewritten_quantity(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    sql(
        "UPDATE inventory_stock_movement SET quantity = quantity + 1 WHERE level_id = %s AND level_version = 1",
        books.level.pk,
    )
    return books.level.pk


def removed_ledger_row(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    sql("DELETE FROM inventory_stock_movement WHERE level_id = %s AND level_version = 2", books.level.pk)
    return books.level.pk


def hidden_oversell(books: Books) -> UUID:
    """Two buyers got the same unit and one gave it back: the level's end state looks right."""
    unprotect("inventory_stock_movement", "movement_balances_never_oversold")
    return sql(
        """UPDATE inventory_stock_movement SET reserved_after = on_hand_after + 1
           WHERE (level_id, level_version) = (%s, 4) RETURNING id""",
        books.level.pk,
    )[0][0]


def broken_running_balance(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    return sql(
        """UPDATE inventory_stock_movement SET on_hand_after = on_hand_after + 2
           WHERE (level_id, level_version) = (%s, 4) RETURNING id""",
        books.level.pk,
    )[0][0]


def unknown_movement_kind(books: Books) -> UUID:
    unprotect("inventory_stock_movement", "movement_kind_known")
    return sql(
        """UPDATE inventory_stock_movement SET kind = 'stolen'
           WHERE (level_id, level_version) = (%s, 2) RETURNING id""",
        books.level.pk,
    )[0][0]


def oversold_level(books: Books) -> UUID:
    unprotect("inventory_stock_level", "stock_never_oversold")
    sql("UPDATE inventory_stock_level SET reserved = on_hand + 1 WHERE id = %s", books.level.pk)
    return books.level.pk


def reservation_lost(books: Books) -> UUID:
    return sql(
        "DELETE FROM orders_reservation WHERE item_id = ANY(%s) AND level_id = %s RETURNING level_id",
        item_ids(books.pending.pk),
        books.level.pk,
    )[0][0]


def held_too_little(books: Books) -> UUID:
    sql("UPDATE orders_reservation SET quantity = 2 WHERE item_id = ANY(%s)", item_ids(books.pending.pk))
    return books.pending.pk


def sold_too_much(books: Books) -> UUID:
    sql("UPDATE orders_reservation SET quantity = 9 WHERE item_id = ANY(%s)", item_ids(books.delivered.pk))
    return books.delivered.pk


def cancelled_still_holding(books: Books) -> UUID:
    sql(
        "UPDATE orders_reservation SET status = 'active' WHERE item_id = ANY(%s)",
        item_ids(books.cancelled.pk),
    )
    return books.cancelled.pk


def paid_still_holding(books: Books) -> UUID:
    rows = sql(
        "UPDATE orders_reservation SET status = 'active' WHERE item_id = ANY(%s) RETURNING id",
        item_ids(books.paid.pk),
    )
    return rows[0][0]


def hold_of_another_variant(books: Books) -> UUID:
    other = make_level(on_hand=50)
    rows = sql(
        "UPDATE orders_reservation SET level_id = %s WHERE item_id = ANY(%s) RETURNING id",
        other.pk,
        item_ids(books.paid.pk),
    )
    return rows[0][0]


def hold_beyond_the_deadline(books: Books) -> UUID:
    rows = sql(
        """UPDATE orders_reservation SET expires_at = expires_at + interval '1 day'
           WHERE item_id = ANY(%s) RETURNING id""",
        item_ids(books.spread.pk),
    )
    return rows[0][0]


def hold_without_ledger_row(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    item_id = item_ids(books.spread.pk)[0]
    sql("DELETE FROM inventory_stock_movement WHERE order_item_id = %s", item_id)
    return item_id


def came_back_to_another_seller(books: Books) -> UUID:
    item_id, elsewhere = item_ids(books.paid.pk)[0], make_level_of_another(on_hand=1)
    sql("UPDATE inventory_stock_level SET variant_id = %s WHERE id = %s", books.level.variant_id, elsewhere.pk)
    sql(
        """INSERT INTO inventory_stock_movement
               (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after, order_item_id, reason,
                created_at)
           VALUES (gen_random_uuid(), %s, 2, 'return', 1, 2, 0, %s, '', now())""",
        elsewhere.pk,
        item_id,
    )
    return item_id


def came_back_twice(books: Books) -> UUID:
    item_id = item_ids(books.paid.pk)[0]
    sql(
        """INSERT INTO inventory_stock_movement
               (id, level_id, level_version, kind, quantity, on_hand_after, reserved_after, order_item_id, reason,
                created_at)
           VALUES (gen_random_uuid(), %s, 99, 'return', 999, 999, 0, %s, '', now())""",
        books.level.pk,
        item_id,
    )
    return item_id


def orphaned_reservation(books: Books) -> UUID:
    drop_foreign_keys("orders_reservation")
    item_id = item_ids(books.paid.pk)[0]
    return sql("UPDATE orders_reservation SET item_id = gen_random_uuid() WHERE item_id = %s RETURNING id", item_id)[0][
        0
    ]


def ledger_row_of_no_item(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    return sql(
        """UPDATE inventory_stock_movement SET order_item_id = gen_random_uuid()
           WHERE (level_id, level_version) = (%s, 2) RETURNING id""",
        books.level.pk,
    )[0][0]


def ledger_row_of_another_variant(books: Books) -> UUID:
    unprotect("inventory_stock_movement")
    return sql(
        """UPDATE inventory_stock_movement SET order_item_id = %s
           WHERE (level_id, level_version) = (%s, 2) RETURNING id""",
        item_ids(books.spread.pk)[0],
        books.level.pk,
    )[0][0]


FAULTS = [
    (lost_stock_update, "level_equals_last_movement"),
    (level_of_no_ledger, "level_equals_last_movement"),
    (lost_stock_update, "level_equals_ledger_sum"),
    (rewritten_quantity, "level_equals_ledger_sum"),
    (removed_ledger_row, "ledger_versions_gapless"),
    (hidden_oversell, "ledger_balance_follows"),
    (broken_running_balance, "ledger_balance_follows"),
    (hidden_oversell, "ledger_never_oversold"),
    (unknown_movement_kind, "ledger_row_is_sane"),
    (oversold_level, "level_never_oversold"),
    (reservation_lost, "level_reserved_equals_holds"),
    (held_too_little, "pending_items_fully_held"),
    (sold_too_much, "paid_items_fully_sold"),
    (cancelled_still_holding, "cancelled_orders_hold_nothing"),
    (paid_still_holding, "active_holds_only_on_pending_orders"),
    (hold_of_another_variant, "hold_takes_what_was_ordered"),
    (hold_beyond_the_deadline, "hold_keeps_the_deadline"),
    (hold_without_ledger_row, "holds_equal_ledger"),
    (came_back_to_another_seller, "holds_equal_ledger"),
    (came_back_twice, "holds_equal_ledger"),
    (orphaned_reservation, "references_exist"),
    (ledger_row_of_no_item, "references_exist"),
    (ledger_row_of_another_variant, "ledger_item_bought_this_variant"),
]

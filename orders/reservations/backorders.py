"""Units sold beyond the stock, which wait for goods: held within the variant's limit, given up, and who still waits.

The order must be locked, or new in this transaction. Locks: the variants' counters, in primary-key order: after the
order and before stock levels. docs/decisions/backorders.md says why it is done so.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from inventory.ledger.stock import Levels, Shortage, StockShort
from orders.models.backorder import Backorder, BackorderStatus
from shared.database.rows_as_json import rows_as_json
from shared.errors import Refusal
from shared.ids import new_id

# A variant whose row comes back had room.
_RAISE_COUNTS = """
WITH wanted AS (
    SELECT variant_id, sum(quantity) AS units
    FROM json_to_recordset(%s::json) AS w (variant_id uuid, quantity int)
    GROUP BY variant_id
)
INSERT INTO inventory_backorder_count AS count (variant_id, waiting, "limit")
SELECT variant_id, units, variant.backorder_limit
FROM wanted JOIN catalog_variant AS variant ON variant.id = variant_id
WHERE units <= variant.backorder_limit
ORDER BY variant_id
ON CONFLICT (variant_id) DO UPDATE SET waiting = count.waiting + excluded.waiting, "limit" = excluded."limit"
WHERE count.waiting + excluded.waiting <= excluded."limit"
RETURNING variant_id
"""

# A line that waits already waits for more.
_WRITE = """
INSERT INTO orders_backorder AS waiting
    (id, item_id, variant_id, seller_id, quantity, filled_quantity, status, created_at, updated_at)
SELECT id, item_id, variant_id, seller_id, quantity, 0, 'waiting', moment, moment
FROM json_to_recordset(%s::json) AS w (id uuid, item_id uuid, variant_id uuid, seller_id uuid, quantity int),
     coalesce(%s::timestamptz, clock_timestamp()) AS moment
ON CONFLICT (item_id) WHERE status = 'waiting'
DO UPDATE SET quantity = waiting.quantity + excluded.quantity, updated_at = excluded.updated_at
"""

# Counters are locked in order before they are lowered: an UPDATE by itself locks its rows as the plan meets them.
_CANCEL = """
WITH gone AS (
    UPDATE orders_backorder AS backorder
    SET status = 'cancelled', updated_at = coalesce(%s::timestamptz, clock_timestamp())
    FROM orders_order_item AS item
    WHERE backorder.status = 'waiting' AND item.id = backorder.item_id AND item.order_id = ANY(%s)
    RETURNING backorder.variant_id, backorder.quantity - backorder.filled_quantity AS units
), locked AS (
    SELECT variant_id FROM inventory_backorder_count
    WHERE variant_id IN (SELECT variant_id FROM gone) ORDER BY variant_id FOR UPDATE
)
UPDATE inventory_backorder_count AS count SET waiting = waiting - sums.units
FROM (SELECT variant_id, sum(units) AS units FROM gone JOIN locked USING (variant_id) GROUP BY variant_id) AS sums
WHERE count.variant_id = sums.variant_id
"""

_LOWER_COUNT = "UPDATE inventory_backorder_count SET waiting = waiting - %s WHERE variant_id = %s"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`quantity` units of an order's line that are to wait for goods of the seller."""

    item_id: UUID
    variant_id: UUID
    seller_id: UUID
    quantity: int


class NoBackorderRoom(Refusal):
    """More units would wait than the variants' limits allow; `variant_ids` are those without room."""

    code = "insufficient_stock"
    title = _("Not enough stock")

    def __init__(self, variant_ids: Collection[UUID]) -> None:
        super().__init__(gettext("Not enough stock, and no more units may be ordered in advance."))
        self.variant_ids = frozenset(variant_ids)


def backorder_room(variant_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many more units of each variant may be sold beyond its stock; those without room are missing. One
    statement, no locks: hold_backorders has the last word."""
    rows = Variant.objects.filter(pk__in=set(variant_ids), backorder_limit__gt=0).order_by()
    # A variant that nobody has waited for yet has no counter: the join leaves it empty, which is none waiting.
    limits = rows.values_list("pk", "backorder_limit", "backorder_count__waiting")
    return {pk: limit - (waiting or 0) for pk, limit, waiting in limits if limit > (waiting or 0)}


def hold_backorders(units: Sequence[Waiting], *, now: datetime | None = None) -> None:
    """Let these units wait, after the lines were written and before any stock level is locked. 2 statements.

    Raises NoBackorderRoom, naming every variant whose limit would be exceeded; roll back then.
    """
    if not units:
        return
    rows = [
        {
            "id": new_id(),
            "item_id": unit.item_id,
            "variant_id": unit.variant_id,
            "seller_id": unit.seller_id,
            "quantity": unit.quantity,
        }
        for unit in units
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RAISE_COUNTS, [rows_as_json(rows)])
        having_room = {variant_id for (variant_id,) in cursor.fetchall()}
        full = {unit.variant_id for unit in units} - having_room
        if full:
            raise NoBackorderRoom(full)
        cursor.execute(_WRITE, [rows_as_json(rows), now])


def check_sold_out(levels: Levels, level_ids: Iterable[UUID]) -> None:
    """Raise StockShort (plan again) if a unit is left at one of these locked levels once the order took its part.

    Whoever brings goods after this finds the backorder: they wait for the same levels.
    """
    left = [pk for pk in level_ids if levels[pk].available > 0]
    if left:
        raise StockShort([Shortage(pk, 0, levels[pk].available) for pk in left])


def cancel_backorders(order_ids: Iterable[UUID], *, now: datetime | None = None) -> None:
    """These orders, all locked, wait for nothing any more. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, [now, list(order_ids)])


def give_up_waiting(item_id: UUID, units: int, *, now: datetime) -> int:
    """Up to `units` units of a line of a locked order need not come any more; returns how many of them had been
    waiting. The others are held or sold: give those back by stock."""
    backorder = Backorder.objects.filter(item=item_id, status=BackorderStatus.WAITING).first()
    given_up = min(units, backorder.waiting) if backorder else 0
    if backorder is None or given_up <= 0:
        return 0
    left = backorder.quantity - given_up
    if left == 0:  # a row of no units would say nothing: what it waited for stays on record
        fields: dict[str, object] = {"status": BackorderStatus.CANCELLED}
    else:
        status = BackorderStatus.FILLED if left == backorder.filled_quantity else BackorderStatus.WAITING
        fields = {"quantity": left, "status": status}
    Backorder.objects.filter(pk=backorder.pk).update(updated_at=now, **fields)
    lower_count(backorder.variant_id, given_up)
    return given_up


def lower_count(variant_id: UUID, units: int) -> None:
    """So many units of the variant fewer are waiting."""
    with connection.cursor() as cursor:
        cursor.execute(_LOWER_COUNT, [units, variant_id])


def waiting_units(item_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many units of each line still wait for goods: these cannot be shipped. Lines without any are missing."""
    rows = Backorder.objects.filter(item__in=list(item_ids), status=BackorderStatus.WAITING)
    return {row.item_id: row.waiting for row in rows}

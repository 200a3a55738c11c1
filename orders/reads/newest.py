"""The newest orders of one kind, or of several, read from an index just as far as the page needs.

Left to itself, PostgreSQL often walks through all orders from the newest on, hoping to meet twenty of the kind soon:
with two orders as large as asked for among a million that took 760 ms, and delivered orders begin only weeks back. So
these reads leave it one way: each asks for `kind BETWEEN x AND x` instead of `kind = x` and orders by the kind first,
and nothing but the kind's own index has that order. Several kinds are read one by one and merged: twenty entries of
each, however many orders there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from orders.models.order import Order
from orders.states import UNFINISHED, OrderStatus
from shared.planner.prepared import Columns, PreparedRows

NEWEST_FIRST = ("-created_at", "-id")
_IDS = Columns(("pk",))

_NEWEST = """
SELECT of_kind.id FROM {kinds} AS kind, LATERAL (
    SELECT id, created_at FROM orders_order
    WHERE {column} BETWEEN kind AND kind AND parent_id IS NULL AND deleted_at IS NULL {further}
    ORDER BY {column} {opposite}, created_at {direction}, id {direction} LIMIT %(limit)s
) AS of_kind
ORDER BY of_kind.created_at {direction}, of_kind.id {direction} LIMIT %(limit)s
"""
# As above, of lines, whose ids are in order of time. The limit stands in the text: a plan kept for any limit would
# expect a tenth of the seller's lines. The candidates come from the index alone: with the order looked up inside, a
# server whose random_page_cost is the default reads all lines of the seller and sorts them, as it expects few.
_NEWEST_ITEMS = """
WITH candidates AS MATERIALIZED (
    SELECT of_kind.id FROM unnest(%(sellers)s::uuid[]) AS owner, unnest(%(statuses)s::text[]) AS kind, LATERAL (
        SELECT item.id FROM orders_order_item AS item
        WHERE item.seller_id = owner AND item.status BETWEEN kind AND kind {further}
        ORDER BY item.status {opposite}, item.id {direction} LIMIT {limit:d}
    ) AS of_kind
    ORDER BY of_kind.id {direction} LIMIT {limit:d}
)
SELECT id, (
    SELECT live.deleted_at IS NULL FROM orders_order_item AS item JOIN orders_order AS live ON live.id = item.order_id
    WHERE item.id = candidates.id
) FROM candidates ORDER BY id {direction}
"""
# The expression of the index order_worth_created (orders.models.order.WORTH), each of whose steps is a kind.
_STEP = "floor(ln(greatest({}, 1)::double precision) * 4)"
_STEPS = f"""
    generate_series(
        {_STEP.format("%(minimum)s::numeric")}::integer,
        (SELECT {_STEP.format("total")} AS step FROM orders_order
         WHERE parent_id IS NULL AND deleted_at IS NULL ORDER BY step DESC LIMIT 1)::integer
    )
"""  # noqa: S608 - every part is a constant of ours


@dataclass(frozen=True, slots=True)
class Stretch:
    """Up to `limit` orders in order of time, newest first unless `ascending`, beyond `position`: a time, or its text
    out of a cursor."""

    limit: int
    ascending: bool = False
    position: object = None


def orders_of_kind(*, ascending: bool = False, **kind: Any) -> QuerySet[Order]:
    """Whole orders with these values, newest first unless `ascending`. There must be an index of these fields, in their
    order, then created_at and id."""
    of_kind: QuerySet[Order] = _of_kind(Order.objects.whole(), kind, ascending)
    return of_kind


def _of_kind(rows: Any, kind: Mapping[str, Any], ascending: bool) -> Any:
    *others, last = kind
    bounds = {f"{last}__gte": kind[last], f"{last}__lte": kind[last]}
    of_kind = rows.filter(**{field: kind[field] for field in others}, **bounds)
    return of_kind.order_by(f"-{last}", "created_at", "id") if ascending else of_kind.order_by(last, *NEWEST_FIRST)


def newest_ids_of_kind(
    stretch: Stretch, *, since: datetime | None = None, until: datetime | None = None, **kind: Any
) -> list[UUID]:
    """Ids of orders with these values (see orders_of_kind), placed in [since, until)."""
    beyond = "created_at__gt" if stretch.ascending else "created_at__lt"
    limits = {"created_at__gte": since, "created_at__lt": until}
    found = _of_kind(PreparedRows.of(Order.objects.whole), kind, stretch.ascending)
    found = found.filter(**{name: moment for name, moment in limits.items() if moment is not None})
    if stretch.position is not None:
        found = found.filter(**{beyond: stretch.position})
    return [row[0] for row in found.select(_IDS)[: stretch.limit]]


def newest_ids_worth(minimum: Decimal, stretch: Stretch) -> list[UUID]:
    """Ids of orders with a total of at least `minimum`, in whatever currency each is in."""
    return _fetch_ids(_STEPS, _STEP.format("total"), stretch, further="AND total >= %(minimum)s", minimum=minimum)


def newest_active_ids(stretch: Stretch) -> list[UUID]:
    """Ids of orders in progress: neither delivered nor cancelled."""
    statuses = [status.value for status in UNFINISHED]
    return _fetch_ids("unnest(%(statuses)s::text[])", "status", stretch, statuses=statuses)


def newest_item_ids(sellers: Iterable[UUID], stretch: Stretch) -> list[UUID]:
    """Ids of these sellers' lines in live orders; the stretch's position is an id. Reads item_seller_status once for
    each seller and status: left to itself, PostgreSQL walks along the newest lines of all until it has met enough.
    Where lines of deleted orders come between, it looks further, each time twice as far."""
    sellers, found, limit, position = list(sellers), list[UUID](), stretch.limit, stretch.position
    while True:
        candidates = _candidate_items(sellers, Stretch(limit, stretch.ascending, position))
        found += [item_id for item_id, is_live in candidates if is_live]
        if len(found) >= stretch.limit or len(candidates) < limit:
            return found[: stretch.limit]
        position, limit = candidates[-1][0], min(2 * limit, _MAX_CANDIDATES)


# Where a seller's newest lines are all of deleted orders, no statement grows beyond it.
_MAX_CANDIDATES = 10_000


def _candidate_items(sellers: list[UUID], stretch: Stretch) -> list[tuple[UUID, bool]]:
    """Lines and whether their orders are live, in order."""
    direction, opposite, sign = ("ASC", "DESC", ">") if stretch.ascending else ("DESC", "ASC", "<")
    further = "" if stretch.position is None else f"AND item.id {sign} %(position)s::uuid"
    sql = _NEWEST_ITEMS.format(further=further, direction=direction, opposite=opposite, limit=stretch.limit)
    values: dict[str, Any] = {"sellers": sellers, "statuses": OrderStatus.values, "position": stretch.position}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        candidates: list[tuple[UUID, bool]] = cursor.fetchall()
        return candidates


def _fetch_ids(kinds: str, column: str, stretch: Stretch, *, further: str = "", **values: Any) -> list[UUID]:
    direction, opposite, sign = ("ASC", "DESC", ">") if stretch.ascending else ("DESC", "ASC", "<")
    if stretch.position is not None:
        further += f" AND created_at {sign} %(position)s::timestamptz"
    sql = _NEWEST.format(kinds=kinds, column=column, further=further, direction=direction, opposite=opposite)
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"limit": stretch.limit, "position": stretch.position})
        return [row[0] for row in cursor.fetchall()]

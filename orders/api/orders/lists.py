"""Pages of orders: their rows, and in one statement each their lines and the sub-orders of split ones."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from orders.api.orders.representations import ITEM, LINE, SUB_ORDER
from orders.reads.orders import lines, orders_in_lists, sub_orders
from shared.api.reads import Members, Row, by_last_column, currencies_of, keys_of
from shared.api.shapes.shape import Shape
from shared.planner.prepared import Columns, PreparedRows


def represent_page(shape: Shape, rows: Sequence[Row], sellers: Collection[UUID] | None) -> Members:
    """The orders of these rows with their lines: those of `sellers` alone, who see no others' part of an order, or all.
    Lines and sub-orders are read if they are shown."""
    shown = [shape.of_row(row) for row in rows]
    keys = keys_of(rows)
    currencies = currencies_of(rows) if shape.has_money else {}
    # Lines tell which are split; where none are shown, every order of the page is asked for sub-orders.
    split = keys
    if "items" in shape.names:
        own = PreparedRows.of(lines) if sellers is None else PreparedRows.of(lines).filter(seller_id__in=sellers)
        _gather_lines(shown, keys, own, currencies)
        # Only a split order is without lines of its own, so plain pages need no statement to find that out.
        split = [key for key, order in zip(keys, shown, strict=True) if not order["items"]]
    if "sub_orders" in shape.names or ("items" in shape.names and split):
        _gather_sub_orders(shape, shown, keys, split, currencies)
    return shown


def _line_shape(currencies: Mapping[str, str]) -> Shape:
    """A line's amounts are in its order's currency. That stands in the order's row, unless a sparse answer shows no
    amount of the order's own; only then is each line's order looked up for it, some four pages a line."""
    return LINE if currencies else ITEM


def _gather_lines(shown: Members, keys: Sequence[str], of_lines: PreparedRows, currencies: Mapping[str, str]) -> None:
    line = _line_shape(currencies)
    found = by_last_column(of_lines.filter(order_id__in=keys), line.columns("order_id")) if keys else {}
    for key, order in zip(keys, shown, strict=True):
        order["items"] = [line.of_row(row, currencies.get(key)) for row in found.get(key, ())]


def _gather_sub_orders(
    shape: Shape, shown: Members, keys: Sequence[str], split: Sequence[str], currencies: Mapping[str, str]
) -> None:
    """Only a split order has no lines of its own: its sub-orders', by position, stand for them."""
    of_orders = PreparedRows.of(sub_orders).filter(parent_id__in=split)
    parts = by_last_column(of_orders, SUB_ORDER.columns("parent_id")) if split else {}
    for key, order in zip(keys, shown, strict=True):
        if "sub_orders" in shape.names:
            order["sub_orders"] = [SUB_ORDER.of_row(row) for row in parts.get(key, ())]
    if "items" in shape.names and parts:
        # In a shape's rows the id stands last but one, and what they hang on last (Shape.columns).
        order_of_part = {part[-2]: key for key, of_order in parts.items() for part in of_order}
        line = _line_shape(currencies)
        of_parts = PreparedRows.of(lines).filter(order_id__in=list(order_of_part)).select(line.columns("order_id"))
        order_of = dict(zip(keys, shown, strict=True))
        for row in of_parts:
            key = order_of_part[row[-1]]
            order_of[key]["items"].append(line.of_row(row, currencies.get(key)))


@cache
def part_columns(position: str) -> Columns:
    """Of a page whose rows may be sub-orders: which they are, of which order, and where the page stands."""
    return Columns(tuple(Cast(path, TextField()) for path in ("id", "parent_id", position)))


def whole_rows(parts: Sequence[Row], shape: Shape) -> list[Row]:
    """Of the orders that these are, or are sub-orders of, the rows, in the same order: one statement."""
    keys = {key for part in parts for key in part[:2] if key}
    # All at once, both of the sub-orders' parents and of orders of one seller, which have none.
    found = PreparedRows.of(orders_in_lists).filter(pk__in=list(keys)).select(shape.columns()) if keys else ()
    of_key: dict[Any, Row] = {row[-2]: row for row in found}
    wholes = (of_key.get(parent) or of_key.get(key) for key, parent, _position in parts)
    return [row for row in wholes if row]  # one may have been deleted since its part was found

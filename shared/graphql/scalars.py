"""Scalars: what REST shows as text stays that text, so that the two doors cannot differ in a digit."""

from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import FloatValueNode, ValueNode, value_from_ast_untyped

from shared.money.amounts import is_plain_decimal


def _same(value: Any) -> Any:
    return value


def _digits_of(value: Any) -> Any:
    """A number sent as an amount, as text: on its way to the route it would be a float, which has fifteen digits."""
    text = str(value)
    return text if isinstance(value, Decimal) and is_plain_decimal(text) else value


def _digits_in_query(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    if isinstance(node, FloatValueNode) and is_plain_decimal(node.value):
        return node.value
    return value_from_ast_untyped(node, variables)


def _scalar(name: str, description: str, **parsers: Any) -> Any:
    kind, parsers = NewType(name, str), {"parse_value": _same, **parsers}
    return strawberry.scalar(kind, name=name, description=description, serialize=_same, **parsers)


Money = _scalar(
    "Decimal",
    "A decimal in a string, with the digits of the currency beside it: never a float.",
    parse_value=_digits_of,
    parse_literal=_digits_in_query,
)
DateTime = _scalar("DateTime", "RFC 3339, UTC.")
Date = _scalar("Date", "YYYY-MM-DD.")
BigInt = _scalar("BigInt", "A whole number that may be beyond 32 bits.")
JSONValue = _scalar("JSON", "Any JSON.")

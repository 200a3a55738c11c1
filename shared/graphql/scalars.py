"""Scalars: what REST shows as text stays that text, so that the two doors cannot differ in a digit."""

from typing import Any, NewType

import strawberry


def _same(value: Any) -> Any:
    return value


def _scalar(name: str, description: str) -> Any:
    return strawberry.scalar(NewType(name, str), name=name, description=description, serialize=_same, parse_value=_same)


Money = _scalar("Decimal", "A decimal in a string, with the digits of the currency beside it: never a float.")
DateTime = _scalar("DateTime", "RFC 3339, UTC.")
Date = _scalar("Date", "YYYY-MM-DD.")
BigInt = _scalar("BigInt", "A whole number that may be beyond 32 bits.")
JSONValue = _scalar("JSON", "Any JSON.")

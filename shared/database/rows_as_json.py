"""Rows on their way into a statement's json_to_recordset."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson


def rows_as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Ids, times and amounts are text in it. Placing an order writes four of these: the standard library's encoder
    takes eight times as long (35 and 4 µs for three lines)."""
    return orjson.dumps(rows, default=str).decode()

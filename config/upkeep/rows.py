"""Rows of PostgreSQL's own views, a few of each."""

from typing import Any

from django.db import connection
from django.utils.formats import number_format

MOST = 10

Row = tuple[Any, ...]


def rows_of(sql: str, **values: Any) -> list[Row]:
    """`sql` may name %(most)s."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"most": MOST, **values})
        rows: list[Row] = cursor.fetchall()
    return rows


def share_of(part: float) -> str:
    return f"{number_format(round(100 * float(part), 1), decimal_pos=1)} %"

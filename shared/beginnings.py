"""Texts by their beginning, in any language of names, as indexes with pattern operators hold them.

Asked for as a range, because `LIKE $1` finds no index once PostgreSQL keeps one plan for all terms.
"""

from typing import Any

from django.db.models import F, Lookup, OrderBy, QuerySet
from django.db.models.expressions import Expression
from django.db.models.functions import Lower, Upper

_LAST_CHARACTER = "\U0010ffff"


class _AtLeast(Lookup):
    """`lhs` is not before the text, byte by byte: the order of indexes with pattern operators."""

    operator = "~>=~"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} {self.operator} {rhs}", (*lhs_params, *rhs_params)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (value,)


class _Before(_AtLeast):
    operator = "~<~"


class _PatternOrder(OrderBy):
    """The order of such an index. Django looks for the word ASC in what it orders by; PostgreSQL skips the comment."""

    template = "%(expression)s USING ~<~ /* ASC */"


class Beginning:
    """Rows whose `expression` begins with `term`, served by an index on it with pattern operators."""

    def __init__(self, expression: Expression | F, term: str) -> None:
        self.expression = expression
        self.term = term

    def first_of(self, rows: QuerySet, limit: int) -> QuerySet:
        """The first of `rows` in the order of the index; no other index has that order, so no other is taken."""
        return self.all_of(rows).order_by(_PatternOrder(self.expression))[:limit]

    def all_of(self, rows: QuerySet) -> QuerySet:
        """All of them, in the order that `rows` has."""
        return rows.filter(_AtLeast(self.expression, self.term), _Before(self.expression, self.term + _LAST_CHARACTER))


def begins(field: str, term: str) -> Beginning:
    """The field begins with the term in any case; served by an index on Lower(field), text_pattern_ops."""
    return Beginning(Lower(field), term.lower())


def begins_upper(field: str, term: str) -> Beginning:
    """The same, served by an index on Upper(field)."""
    return Beginning(Upper(field), term.upper())


def begins_as_written(field: str, term: str) -> Beginning:
    """The field begins with the term in the same case; served by an index on it, varchar_pattern_ops."""
    return Beginning(F(field), term)

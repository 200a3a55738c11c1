"""Texts by their beginning, in any language of names, as indexes with pattern operators hold them.

Asked for as a range, because `LIKE $1` finds no index once PostgreSQL keeps one plan for all terms.
"""

from typing import Any

from django.db.models import F, Func, Lookup, OrderBy, QuerySet, TextField
from django.db.models.expressions import Expression
from django.db.models.functions import Lower, Upper

from shared.planner.folding import Fold, term_of


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


class _JustAfter(Func):
    """What comes after all texts that begin so: the last character of Unicode behind it."""

    template = "(%(expressions)s || '\U0010ffff')"
    output_field = TextField()


class _PatternOrder(OrderBy):
    """The order of such an index. Django looks for the word ASC in what it orders by; PostgreSQL skips the comment."""

    template = "%(expression)s USING ~<~ /* ASC */"


class Beginning:
    """Rows whose `expression` begins with `term`, served by an index on it with pattern operators."""

    def __init__(self, expression: Expression | F, term: str | Func) -> None:
        self.expression = expression
        self.term = term

    def first_of(self, rows: QuerySet, limit: int) -> QuerySet:
        """The first of `rows` in the order of the index; no other index has that order, so no other is taken."""
        return self.all_of(rows).order_by(_PatternOrder(self.expression))[:limit]

    def all_of(self, rows: QuerySet) -> QuerySet:
        """All of them, in the order that `rows` has."""
        after = f"{self.term}\U0010ffff" if isinstance(self.term, str) else _JustAfter(self.term)
        return rows.filter(_AtLeast(self.expression, self.term), _Before(self.expression, after))


def begins(field: str, term: str) -> Beginning:
    """The name begins with the term, however its letters are written; served by an index on Fold(field),
    text_pattern_ops."""
    return Beginning(Fold(field), term_of(term, Fold))


def begins_lower(field: str, term: str) -> Beginning:
    """The field begins with the term in any case; served by an index on Lower(field), text_pattern_ops."""
    return Beginning(Lower(field), term_of(term, Lower))


def begins_upper(field: str, term: str) -> Beginning:
    """The field begins with the term in any case; served by an index on Upper(field), text_pattern_ops."""
    return Beginning(Upper(field), term_of(term, Upper))


def begins_as_written(field: str, term: str) -> Beginning:
    """The field begins with the term in the same case; served by an index on it, varchar_pattern_ops."""
    return Beginning(F(field), term)

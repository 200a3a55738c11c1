"""Search terms that an index answers: whole values and beginnings, never “contains”.

A search looks at MAX_MATCHES rows of each index at most, from where the term stands in it, and what it costs depends
on nothing else: not on how many rows match, nor on what PostgreSQL expects. `LIKE 'ada%' ORDER BY id DESC LIMIT 25` is
planned as a walk through the newest rows as soon as one plan is kept for all terms; a rare term then reads the table.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import F, Func, Lookup, OrderBy, QuerySet
from django.db.models.expressions import Expression
from django.db.models.functions import Lower, Upper

from shared.lookups import one_of

MAX_MATCHES = 1_000
_NUMBER = re.compile(r"[0-9]{1,32}")
_LAST_CHARACTER = "\U0010ffff"
_MAX_IN_A_FILE = 1_000_000
_is_complete: ContextVar[bool] = ContextVar("is_complete", default=False)


@contextmanager
def complete() -> Iterator[None]:
    """Meanwhile searches and filters stop at no bound that was made for pages: a file holds all that matches."""
    token = _is_complete.set(True)
    try:
        yield
    finally:
        _is_complete.reset(token)


def is_complete() -> bool:
    """Whether all that matches is wanted."""
    return _is_complete.get()


def at_most(limit: int) -> int:
    """The bound of a page, or that of a file."""
    return _MAX_IN_A_FILE if is_complete() else limit


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
        begun = rows.filter(_AtLeast(self.expression, self.term), _Before(self.expression, self.term + _LAST_CHARACTER))
        return begun.order_by(_PatternOrder(self.expression))[:limit]


def begins(field: str, term: str) -> Beginning:
    """The field begins with the term in any case; served by an index on Lower(field), text_pattern_ops."""
    return Beginning(Lower(field), term.lower())


def begins_upper(field: str, term: str) -> Beginning:
    """The same, served by an index on Upper(field)."""
    return Beginning(Upper(field), term.upper())


def begins_as_written(field: str, term: str) -> Beginning:
    """The field begins with the term in the same case; served by an index on it, varchar_pattern_ops."""
    return Beginning(F(field), term)


def first_matches(rows: QuerySet, *beginnings: Beginning, limit: int = MAX_MATCHES + 1) -> list[Any]:
    """Keys of the rows that match any of the beginnings, `limit` of each at most. One statement for each."""
    found: dict[Any, None] = {}
    for beginning in beginnings:
        some = beginning.first_of(rows.select_related(None), at_most(limit))
        found |= dict.fromkeys(some.values_list("pk", flat=True))
    return list(found)


def found_by(rows: QuerySet, field: str, keys: Iterable[Any]) -> QuerySet:
    """Those of `rows` whose field is one of a few keys, in the order that `rows` has, but written so that no index has
    it: PostgreSQL finds them by the keys. It would else walk along the list's own index until it has met enough of
    them, and where they are all old that is the whole table."""
    order = rows.query.order_by or rows.model._meta.ordering
    return rows.filter(one_of(field, keys)).order_by(*map(_by_value, order))


def _by_value(term: Any) -> OrderBy:
    if isinstance(term, str):
        return OrderBy(_Itself(F(term.removeprefix("-"))), descending=term.startswith("-"))
    found: OrderBy = term.copy() if isinstance(term, OrderBy) else OrderBy(term)
    found.set_source_expressions([_Itself(*found.get_source_expressions())])
    return found


class _Itself(Func):
    """A value, as an expression that is not its column."""

    function = "GREATEST"


def only_beginning(rows: QuerySet, *beginnings: Beginning) -> QuerySet:
    """Those of `rows` that match any of the beginnings, in the order that `rows` has."""
    return found_by(rows, "pk", first_matches(rows, *beginnings))


def looks_like_email(term: str) -> bool:
    return "@" in term


def looks_like_number(term: str) -> bool:
    """Whether it can be an order number."""
    return _NUMBER.fullmatch(term) is not None


def looks_like_phone(term: str) -> bool:
    return term[:1] in "+0(" and sum(c.isdigit() for c in term) >= 3

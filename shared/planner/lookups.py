"""Comparisons whose plan is right whatever values come: PostgreSQL keeps one plan for a statement sent often."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, Lookup, OrderBy, Q, QuerySet, Value


class InlineWord(Value):
    """A status or other word of the code's own, for reads that a partial index serves.

    A plan that PostgreSQL keeps for all values of a parameter cannot use an index that holds one value only: the count
    of the refunds due then reads every payment. Not for what people type: only letters and underscores are taken.
    """

    def __init__(self, word: str) -> None:
        if not re.fullmatch(r"[A-Za-z_]+", word):
            raise ValueError(f"Not a word: {word!r}")
        super().__init__(str(word))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return f"'{self.value}'", ()


class _AnyOf(Lookup):
    """`lhs` is one of a list, which is one parameter however long it is: the statement stays the same."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", (*lhs_params, self.rhs)


def one_of(field: str, keys: Iterable[Any]) -> Q:
    """The field is one of the keys; read through the field's index, and never by way of the whole table."""
    return Q(_AnyOf(F(field), list(keys)))


class UnindexedValue(Func):
    """A value, as an expression that is not its column, so that no index has its order."""

    function = "GREATEST"


def filter_by_keys(rows: QuerySet, field: str, keys: Iterable[Any]) -> QuerySet:
    """Those of `rows` whose field is one of a few keys, in the order that `rows` has, but written so that no index has
    it: PostgreSQL finds them by the keys. It would else walk along the list's own index until it has met enough of
    them, and where they are all old that is the whole table."""
    order = rows.query.order_by or rows.model._meta.ordering
    return rows.filter(one_of(field, keys)).order_by(*map(_by_value, order))


def _by_value(term: Any) -> OrderBy:
    if isinstance(term, str):
        return OrderBy(UnindexedValue(F(term.removeprefix("-"))), descending=term.startswith("-"))
    found: OrderBy = term.copy() if isinstance(term, OrderBy) else OrderBy(term)
    found.set_source_expressions([UnindexedValue(*found.get_source_expressions())])
    return found

"""Comparisons whose plan is right whatever values come: PostgreSQL keeps one plan for a statement sent often."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Lookup, Q, Value


class Literal(Value):
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

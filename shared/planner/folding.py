"""Texts compared without regard to how their letters are written: one fold for the term and for the column.

PostgreSQL does both. Python and PostgreSQL disagree about the lower case of Σ, İ or ß, so that a term lowered here
would not find the very text it was copied from.
"""

from typing import Any

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact


class Fold(Func):
    """A name's letters in lower case: compatibility forms (ligatures, full width) resolved, sharp s as ss, final sigma
    as sigma, the Turkish i with and without its dot as i. The function is in the database: shared.migrations, 0007."""

    function = "kontor_fold"
    arity = 1
    output_field = TextField()


class _Text(Func):
    """A value whose type is said, as functions of PostgreSQL exist for several."""

    template = "%(expressions)s::text"
    output_field = TextField()


def term_of(value: str, fold: type[Func]) -> Func:
    """The value folded as a column is."""
    return fold(_Text(Value(value)))


def folded(field: str, value: str) -> Q:
    """The name is the same, however its letters are written; served by an index on Fold(field)."""
    return Q(Exact(Fold(F(field)), term_of(value, Fold)))


def in_any_case(field: str, value: str) -> Q:
    """The text is the same in upper or lower case; served by an index on Lower(field)."""
    return Q(Exact(Lower(F(field)), term_of(value, Lower)))


def any_in_any_case(field: str, values: Any) -> Q:
    """The text is one of a few in upper or lower case."""
    found = Q(pk__in=[])
    for value in values:
        found |= in_any_case(field, value)
    return found

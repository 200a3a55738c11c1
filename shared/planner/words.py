"""Rows by the words of their texts, in any language of names: docs/decisions/word-search.md.

The words stand in an index alone (GIN, on the expression Words), which PostgreSQL keeps. A word that is typed finds
those that begin with it; rows have all words that are typed. Last digits find a telephone number.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Lookup, Q, QuerySet, TextField
from django.utils.deconstruct import deconstructible


class _Joined(Func):
    """Texts with a space between, without a parameter: a plan for whatever values come knows the index's expression."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class _FirstGiven(Func):
    """The first of two texts that is not empty."""

    template = "COALESCE(NULLIF(%(expressions)s)"
    arg_joiner = ", ''), "
    output_field = TextField()


@deconstructible(path="shared.planner.words.Words")
class Words(Func):
    """The words of these fields, none of which is ever null, and the digits of the telephone number: of the first of
    the `phone` fields that has one. The function is in the database: shared.migrations, 0007."""

    function = "kontor_words"
    output_field = SearchVectorField()

    def __init__(self, *fields: str, phone: tuple[str, ...] = ()) -> None:
        number = [_FirstGiven(*phone) if len(phone) > 1 else F(phone[0])] if phone else []
        super().__init__(_Joined(*fields), *number)
        self._made_of = fields, phone

    def seen_from(self, field: str) -> "Words":
        """The same of the row that a field points at."""
        fields, phone = self._made_of
        return Words(*(f"{field}__{name}" for name in fields), phone=tuple(f"{field}__{name}" for name in phone))


def words_index(words: Words, name: str) -> GinIndex:
    """Without a list of what is pending, which every search would read through."""
    return GinIndex(words, name=name, fastupdate=False)


class Both(Func):
    """The words of two rows together."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchVectorField()


class Matching(Lookup):
    """The words fulfil a tsquery, which is one parameter."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @@ %s::tsquery", (*params, self.rhs)

    def get_prep_lookup(self) -> Any:
        return self.rhs


class MatchingColumn(Matching):
    """The words fulfil the tsquery that a column has as text, named in SQL of the code's own."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @@ {self.rhs}::tsquery", params


class Compared(Matching):
    """The same, of a row that is there already: no index answers it. PostgreSQL expects it of every second row, and so
    walks to a page of them; of two words it would expect so few that it reads and sorts the whole table."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(compiler, connection)
        return f"COALESCE({sql}, FALSE)", params


class _AnyOfThese(Lookup):
    """`lhs` is one of what a subquery finds, which is read first and once, whatever the planner expects of it."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        rhs, more = self.process_rhs(compiler, connection)
        return f"{lhs} = ANY({rhs})", (*params, *more)


def found_by(field: str, keys: QuerySet) -> Q:
    """The field is one of these keys (a queryset of one column)."""
    # The order says which keys, where the list is cut; else sorting them would be for nothing.
    return Q(_AnyOfThese(F(field), ArraySubquery(keys.order_by() if not keys.query.is_sliced else keys)))

"""Search terms that an index answers: whole values and beginnings, never “contains”.

A search looks at MAX_MATCHES rows of each index at most, from where the term stands in it, and what it costs depends
on nothing else: not on how many rows match, nor on what PostgreSQL expects. `LIKE 'ada%' ORDER BY id DESC LIMIT 25` is
planned as a walk through the newest rows as soon as one plan is kept for all terms; a rare term then reads the table.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet

from shared.planner.beginnings import Beginning
from shared.planner.lookups import filter_by_keys
from shared.planner.word_search import WordIndex, among_first, has_common, word_searches

MAX_MATCHES = 1_000
_MOST_WALKED = 1_500
_NUMBER = re.compile(r"[0-9]{1,32}")
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


def first_matches(rows: QuerySet, *beginnings: Beginning, limit: int = MAX_MATCHES + 1) -> list[Any]:
    """Keys of the rows that match any of the beginnings, `limit` of each at most. One statement for each."""
    found: dict[Any, None] = {}
    for beginning in beginnings:
        some = beginning.first_of(rows.select_related(None), at_most(limit))
        found |= dict.fromkeys(some.values_list("pk", flat=True))
    return list(found)


def only_beginning(rows: QuerySet, *beginnings: Beginning) -> QuerySet:
    """Those of `rows` that match any of the beginnings, in the order that `rows` has."""
    return filter_by_keys(rows, "pk", first_matches(rows, *beginnings))


def only_with_words(rows: QuerySet, index: WordIndex, term: str, *beginnings: Beginning) -> QuerySet:
    """Those of `rows` that have all words of the term, in the order that `rows` has, and what begins with it.

    Of a word that very many have: those among the first of `rows`, and what begins so. Then the answer's `has_more` is
    set, for the list to say so.
    """
    searches = word_searches(term, index)
    if not searches:
        return rows.none()
    (search,) = searches
    if is_complete():
        return rows.filter(search.compared() if search.is_common else search.looked_up())
    keys = first_matches(rows, *beginnings)
    is_common = has_common(rows, search)
    if is_common:
        keys += among_first(rows, search, _MOST_WALKED, MAX_MATCHES + 1)
    else:
        found = rows.select_related(None).prefetch_related(None).filter(search.looked_up())
        keys += found.values_list("pk", flat=True)[: MAX_MATCHES + 1]
    answer = filter_by_keys(rows, "pk", dict.fromkeys(keys))
    answer.has_more = is_common  # type: ignore[attr-defined]
    return answer


def looks_like_email(term: str) -> bool:
    return "@" in term


def looks_like_number(term: str) -> bool:
    """Whether it can be an order number."""
    return _NUMBER.fullmatch(term) is not None


def looks_like_phone(term: str) -> bool:
    return term[:1] in "+0(" and sum(c.isdigit() for c in term) >= 3

"""Search terms that an index answers: whole values and beginnings, never “contains”.

A search looks at MAX_MATCHES rows of each index at most, from where the term stands in it, and what it costs depends
on nothing else: not on how many rows match, nor on what PostgreSQL expects. `LIKE 'ada%' ORDER BY id DESC LIMIT 25` is
planned as a walk through the newest rows as soon as one plan is kept for all terms; a rare term then reads the table.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from shared.planner.beginnings import Beginning
from shared.planner.lookups import filter_by_keys
from shared.planner.near_words import near_search
from shared.planner.word_search import WordIndex, WordSearch, among_first, has_common, or_begins, word_searches

MAX_MATCHES = 1_000
# Of a common word: rows looked at, the newest first, and how many are taken.
_MOST_WALKED = 1_000
_MOST_MET = 200
_NUMBER = re.compile(r"[0-9]{1,32}")
_MAX_IN_A_FILE = 1_000_000
_is_complete: ContextVar[bool] = ContextVar("is_complete", default=False)
_is_forgiving: ContextVar[bool] = ContextVar("is_forgiving", default=False)


@dataclass(slots=True)
class _Found:
    """Keys, whether there are more than these, and whether they only have words that are spelled nearly so."""

    keys: list[Any]
    has_more: bool = False
    is_near: bool = False


@contextmanager
def complete() -> Iterator[None]:
    """Meanwhile searches and filters stop at no bound that was made for pages: a file holds all that matches."""
    token = _is_complete.set(True)
    try:
        yield
    finally:
        _is_complete.reset(token)


@contextmanager
def forgiving(is_forgiving: bool) -> Iterator[None]:
    """Meanwhile a search that finds nothing may show what is spelled nearly so: somebody looks, and picks."""
    token = _is_forgiving.set(is_forgiving)
    try:
        yield
    finally:
        _is_forgiving.reset(token)


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


def only_with_words(
    rows: QuerySet, index: WordIndex, term: str, *beginnings: Beginning, besides: Beginning | None = None
) -> QuerySet:
    """Those of `rows` that have all words of the term, and those that `besides` finds, in the order that `rows` has;
    where none has, and while `forgiving`, those with words that are spelled nearly so, and `is_near` is set. Where not
    all are in the answer, its `has_more` is set."""
    searches = word_searches(term, index)
    if searches and is_complete():
        return rows.filter(or_begins(searches[0].looked_up(), rows, besides))
    found = _first_with_words(rows, searches[0], term, beginnings) if searches else _Found([])
    if besides is not None:
        found.keys = list(dict.fromkeys([*first_matches(rows, besides), *found.keys]))[: MAX_MATCHES + 1]
    if searches and not found.keys and _is_forgiving.get():
        found = _found_near(rows, searches[0], term) or found
    answer = filter_by_keys(rows, "pk", found.keys)
    answer.has_more, answer.is_near = found.has_more, found.is_near  # type: ignore[attr-defined]
    return answer


def first_with_words(
    rows: QuerySet, index: WordIndex, term: str, *beginnings: Beginning, limit: int = MAX_MATCHES + 1
) -> list[Any]:
    """Keys of the first that have all words, as they are spelled: for searching what belongs to them."""
    searches = word_searches(term, index)
    if searches and is_complete():
        return list(rows.filter(searches[0].looked_up()).values_list("pk", flat=True)[: at_most(limit)])
    return _first_with_words(rows, searches[0], term, beginnings).keys[:limit] if searches else []


def _first_with_words(rows: QuerySet, search: WordSearch, term: str, beginnings: Iterable[Beginning]) -> _Found:
    """Of words that very many have: those among the first of `rows`, and what begins so."""
    found = _found_first(rows, search)
    if found.has_more or looks_like_phone(term):  # else it has that word, too
        found.keys += first_matches(rows, *beginnings)
    found.keys = list(dict.fromkeys(found.keys))[: MAX_MATCHES + 1]
    return found


def _found_near(rows: QuerySet, search: WordSearch, term: str) -> _Found | None:
    near = near_search(search, term)
    found = None if near is None else _found_first(rows, near)
    if found is None or not found.keys:
        return None
    found.is_near = True
    return found


def _found_first(rows: QuerySet, search: WordSearch) -> _Found:
    if has_common(search):
        return _Found(among_first(rows, search, _MOST_WALKED, _MOST_MET), has_more=True)
    found = rows.select_related(None).prefetch_related(None).filter(search.looked_up())
    return _Found(list(found.values_list("pk", flat=True)[: MAX_MATCHES + 1]))


def looks_like_email(term: str) -> bool:
    return "@" in term


def looks_like_number(term: str) -> bool:
    """Whether it can be an order number."""
    return _NUMBER.fullmatch(term) is not None


def looks_like_phone(term: str) -> bool:
    return term[:1] in "+0(" and sum(c.isdigit() for c in term) >= 3

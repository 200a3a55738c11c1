"""Finding rows by words, whatever the words: a common one is met along the newest rows, any other by the index.

PostgreSQL expects of a beginning of words the same share of any table (2 %), and reads all that begin so before the
first is given out. So the statistics of the index are asked here for the words that many rows have, and a sample
of the rows for what no statistics know, as `login1` of login1001, login1002, …
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet

from shared.planner.beginnings import Beginning
from shared.planner.words import Both, Compared, Matching, Words, found_by

LONGEST_TERM = 200
_MOST_WORDS = 8
_FEWEST_DIGITS = 4
_PHONE = re.compile(r"[+0-9 ()./-]+")
# Rows looked at to learn how common a term is, of so many pages evenly: rows that lie together are alike. A term that
# so many of them have is met soon along the newest rows. Of fewer rows the index may bring all.
_SAMPLE = 300
_SAMPLE_PAGES = 100
_COMMON_IN_SAMPLE = 5
_FEW_ROWS = 5_000
# A row compared costs as much as twelve fetched by the index, and a page has 25: the walk is shorter from
# sqrt(25 * 12 * rows) matches on.
_WALK_FACTOR = 300
# Beside a rarer word one that so many rows have is compared, row by row, and not looked up.
LOOKED_UP = 0.15
# What is expected of so short a beginning at least, as of numbers no statistics know any.
_SHORT = 2
_SHARE_OF_SHORT = 0.1

_SHARES = """
    WITH asked AS (
        SELECT word, min(place) AS place FROM
            unnest(kontor_split(kontor_plain(%s))) WITH ORDINALITY AS all_of (word, place)
        GROUP BY word ORDER BY 2 LIMIT %s
    )
    SELECT asked.word, named.name, greatest(class.reltuples, 0), greatest(class.relpages, 1), coalesce((
        SELECT sum(share) FROM unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs)
            AS common (word, share)
        WHERE common.word ^@ asked.word
    ), 0)
    FROM asked CROSS JOIN unnest(%s::text[]) AS named (name)
    JOIN pg_index AS index ON index.indexrelid = to_regclass(named.name)
    JOIN pg_class AS class ON class.oid = index.indrelid
    LEFT JOIN pg_stats AS stats
        ON stats.tablename = named.name AND stats.schemaname = class.relnamespace::regnamespace::text
    ORDER BY asked.place
"""


@dataclass(frozen=True)
class WordIndex:
    """Where the words of a model's rows stand: the index's name and its expression. `of` is another's, whose rows the
    field points at: a row and the one it points at have all words together."""

    model: type[Model]
    name: str
    words: Words
    field: str = ""
    of: "WordIndex | None" = None

    @property
    def names(self) -> list[str]:
        return [self.name, *(self.of.names if self.of else [])]


@dataclass(frozen=True)
class WordSearch:
    """What was asked for, as one index answers it."""

    index: WordIndex
    query: str
    narrow: str
    is_common: bool
    rows: float = 0
    pages: int = 1
    shares: Mapping[str, float] = field(default_factory=dict)

    def compared(self) -> Q:
        """Rows with all words, each row compared: for those that something else chose."""
        words, other = self.index.words, self.index.of
        all_of = words if other is None else Both(words, other.words.seen_from(self.index.field))
        return Q(Compared(all_of, self.query))

    def looked_up(self) -> Q:
        """Rows with all words, by way of the index."""
        own = self.index.model._base_manager.filter(Matching(self.index.words, self.narrow)).values("pk")
        found = found_by("pk", own)
        if (other := self.index.of) is not None:
            there = other.model._base_manager.filter(Matching(other.words, self.narrow)).values("pk")
            found |= found_by(self.index.field, there)
        return found if self.narrow == self.query and other is None else found & self.compared()


def word_searches(term: str, *indexes: WordIndex) -> list[WordSearch]:
    """The search in each of the indexes; none if the term has no word. One statement."""
    term = term.strip()[:LONGEST_TERM]
    if "\0" in term:  # PostgreSQL has no such text
        return []
    digits = _last_digits(term)
    if digits:
        return [WordSearch(index, query, query, False) for index in indexes for query in [_of_digits(term, digits)]]
    shares: dict[str, dict[str, float]] = {}
    size: dict[str, tuple[float, int]] = {}
    with connection.cursor() as cursor:
        names = [name for index in indexes for name in index.names]
        cursor.execute(_SHARES, [term, _MOST_WORDS, names])
        for word, name, rows, pages, share in cursor.fetchall():
            shares.setdefault(name, {})[word] = min(1.0, share)
            size[name] = rows, pages
    return [_search(index, shares, *size[index.name]) for index in indexes] if shares else []


def _search(index: WordIndex, shares: dict[str, dict[str, float]], rows: float, pages: int) -> WordSearch:
    known = {word: max(shares[name][word] for name in index.names) for word in shares[index.name]}
    known |= {word: max(share, _SHARE_OF_SHORT) for word, share in known.items() if len(word) <= _SHORT}
    rarest = min(known, key=lambda word: (known[word], -len(word)))
    # Words of two rows together: either row may lack the others, so one alone can be looked up.
    narrow = [rarest] if index.of else [word for word in known if word == rarest or known[word] < LOOKED_UP]
    is_common = are_common(known.values(), rows)
    return WordSearch(index, _all_of(list(known)), _all_of(narrow), is_common, rows, pages, known)


def are_common(shares: Iterable[float], rows: float) -> bool:
    """Whether words that such shares of the rows have are met sooner along the newest rows than by the index."""
    return bool(prod(shares) * rows > (_WALK_FACTOR * rows) ** 0.5)


def _all_of(words: list[str]) -> str:
    return " & ".join(f"{_quoted(word)}:*" for word in words)


def one_of_these(words: list[str]) -> str:
    """As a tsquery: a word that begins with one of them."""
    return f"({' | '.join(f'{_quoted(word)}:*' for word in words)})"


def _of_digits(term: str, digits: str) -> str:
    """The words; or what ends so, as it is written and without the zeros that stand for a country."""
    words = _all_of(re.findall(r"[0-9]+", term)[:_MOST_WORDS])
    ends = [f"{_quoted('~' + end[::-1])}:*" for end in {digits, digits.lstrip("0")} if len(end) >= _FEWEST_DIGITS]
    return " | ".join([words, *sorted(ends)])


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _last_digits(term: str) -> str:
    """Of a telephone number or another; "" if it can be none."""
    digits = "".join(re.findall(r"[0-9]", term)) if _PHONE.fullmatch(term) else ""
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def has_common(search: WordSearch) -> bool:
    """Whether so many rows have the words that reading all of them costs more than a walk along the newest rows."""
    if search.is_common or search.rows < _FEW_ROWS:
        return search.is_common
    sample = search.index.model._base_manager.filter(search.compared()).order_by().values("pk")[:_COMMON_IN_SAMPLE]
    sql, params = sample.query.sql_with_params()
    table = connection.ops.quote_name(search.index.model._meta.db_table)
    share = min(1.0, _SAMPLE_PAGES / search.pages)
    # By a hash of the id, about _SAMPLE rows of all those pages; a LIMIT would take them from the first few.
    each = max(1, round(search.rows * share / _SAMPLE))
    sampled = f"FROM {table} TABLESAMPLE SYSTEM ({share * 100:.6f}) REPEATABLE (0)"
    sql = sql.replace(f"FROM {table}", sampled, 1).replace(
        " WHERE ", f" WHERE uuid_hash({table}.id) % {each} = 0 AND ", 1
    )
    with connection.cursor() as cursor:
        # With parameters, every plain % would be read as the place of one.
        cursor.execute(sql.replace(f"% {each}", f"%% {each}"), params)
        return len(cursor.fetchall()) == _COMMON_IN_SAMPLE


def is_met_soon(rows: QuerySet, search: WordSearch) -> bool:
    """Whether a walk along `rows` comes to what has the words: it is common, and not everywhere but here."""
    return has_common(search) and len(among_first(rows, search, _SAMPLE, _COMMON_IN_SAMPLE)) == _COMMON_IN_SAMPLE


def among_first(rows: QuerySet, search: WordSearch, looked_at: int, limit: int) -> list[Any]:
    """Keys of those among the first of `rows`, in their order."""
    plain = rows.select_related(None).prefetch_related(None)
    first = plain.filter(found_by("pk", plain.values("pk")[:looked_at])).filter(search.compared())
    return list(first.values_list("pk", flat=True)[:limit])


def with_words(rows: QuerySet, index: WordIndex, term: str, besides: Beginning | None = None) -> QuerySet:
    """All of `rows` that have the words, and those that `besides` finds, in the order that `rows` has."""
    searches = word_searches(term, index)
    if not searches:
        return rows.none()
    (search,) = searches
    found = search.compared() if is_met_soon(rows, search) else search.looked_up()
    return rows.filter(or_begins(found, rows, besides))


def or_begins(found: Q, rows: QuerySet, besides: Beginning | None) -> Q:
    """What was found, or what begins so: the keys of that are read once, by its own index."""
    return found if besides is None else found | found_by("pk", besides.all_of(rows.model._base_manager).values("pk"))

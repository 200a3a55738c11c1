"""A search by words that found nothing, once more with a typing mistake forgiven: docs/decisions/typing-mistakes.md."""

from dataclasses import replace
from typing import Any
from unicodedata import name

from django.db import connection
from django.db.models import Model

from shared.planner.word_search import LOOKED_UP, WordIndex, WordSearch, are_common, one_of_these
from shared.planner.words import MatchingColumn, Words

# A shorter word is one edit away from too many others to be meant; a longer one is no name.
FEWEST_LETTERS = 5
_MOST_LETTERS = 24
_MOST_MISTYPED = 2
_MOST_NEAR = 5
# Beginnings that are asked of the index, for all words together.
_MOST_MEANT = 1_200
# Rows counted of each word that statistics do not know.
_COUNTED = 1_000
# As `kontor_plain` leaves letters: without marks.
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъыьэюяієґ", "αβγδεζηθικλμνξοπρστυφχψω")

# Of words that statistics know the index is not asked: it would give out all rows of them before the first is counted.
_COUNTS = """
    WITH near AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS near (word, query)),
    known AS MATERIALIZED (
        SELECT begun.word, greatest(sum(begun.rows), 1)::bigint AS rows FROM (
            SELECT left(common.word, beginning.length) AS word, common.share * class.reltuples AS rows
            FROM unnest(%s::text[]) AS named (name)
            JOIN pg_index AS index ON index.indexrelid = to_regclass(named.name)
            JOIN pg_class AS class ON class.oid = index.indrelid
            JOIN pg_stats AS stats
                ON stats.tablename = named.name AND stats.schemaname = class.relnamespace::regnamespace::text
            CROSS JOIN unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs)
                AS common (word, share)
            JOIN unnest(%s::int[]) AS beginning (length) ON beginning.length <= length(common.word)
        ) AS begun WHERE begun.word = ANY(%s::text[]) GROUP BY begun.word
    ),
    looked_up AS MATERIALIZED (
        SELECT near.word, {counts} AS rows FROM near WHERE near.word NOT IN (SELECT known.word FROM known)
    )
    SELECT word, rows FROM known UNION ALL SELECT word, rows FROM looked_up WHERE rows > 0 ORDER BY rows DESC, word
"""
_COUNT = "(SELECT count(*) FROM ({rows}) AS counted)"


def near_search(search: WordSearch, term: str) -> WordSearch | None:
    """For words that no row has, those that are one edit away: a letter more, fewer or another, or two that changed
    places. None where each word is there, or nothing is near. Two statements, each of a bounded number of looks into
    the index."""
    if "@" in term or any(letter.isdigit() for letter in term):  # copied or scanned, and meant as it is
        return None
    typed = [word for word in search.shares if word.isalpha() and FEWEST_LETTERS <= len(word) <= _MOST_LETTERS]
    known = _count_rows(search.index, typed) if typed else {}
    mistyped = {word: one_edit_away(word) for word in typed if word not in known}
    meant = sorted({one for edits in mistyped.values() for one in edits})
    if not (1 <= len(mistyped) <= _MOST_MISTYPED and 1 <= len(meant) <= _MOST_MEANT):
        return None
    rows_of = _count_rows(search.index, meant)  # the commonest first
    near = [[one for one in rows_of if one in edits][:_MOST_NEAR] for edits in map(set, mistyped.values())]
    if not all(near):
        return None
    shares = {one_of_these([word]): share for word, share in search.shares.items() if word not in mistyped}
    shares |= {one_of_these(group): _share(search, sum(rows_of[one] for one in group)) for group in near}
    return _with_groups(search, shares)


def _share(search: WordSearch, rows: int) -> float:
    return min(1.0, rows / max(search.rows, rows, 1))


def _with_groups(search: WordSearch, shares: dict[str, float]) -> WordSearch:
    """What each group of words is found by, its way chosen as that of any search."""
    rarest = min(shares, key=lambda group: shares[group])
    narrow = [rarest] if search.index.of else [one for one in shares if one == rarest or shares[one] < LOOKED_UP]
    is_common = are_common(shares.values(), search.rows)
    return replace(search, query=" & ".join(shares), narrow=" & ".join(narrow), is_common=is_common, shares={})


def one_edit_away(word: str) -> list[str]:
    """Beginnings of what may have been meant, in the word's own letters: none of a word in two scripts. Without its
    last letter it begins all that end in another way."""
    if len({name(letter, "").partition(" ")[0] for letter in word}) > 1:
        return []
    alphabet = next((each for each in _ALPHABETS if set(word) & set(each)), "")
    letters = set(word) | set(alphabet)
    halves = [(word[:place], word[place:]) for place in range(len(word))]
    found = {left + right[1:] for left, right in halves}
    found |= {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in halves for letter in letters}
    found |= {left + letter + right for left, right in halves for letter in letters}
    shortened = word[:-1]
    return sorted(one for one in found if one == shortened or not one.startswith(shortened))


def _count_rows(index: WordIndex, words: list[str]) -> dict[str, int]:
    """Of each word that some row has, how many rows do, the commonest first. Of one that statistics do not know
    _COUNTED are counted at most."""
    parts = [(index.model, index.words), *([(index.of.model, index.of.words)] if index.of else [])]
    counts = " + ".join(_counting(model, expression) for model, expression in parts)
    lengths = sorted({len(word) for word in words})
    queries = [one_of_these([word]) for word in words]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(counts=counts), [words, queries, index.names, lengths, words])
        return dict(cursor.fetchall())


def _counting(model: type[Model], words: Words) -> str:
    """SQL for how many rows fulfil near.query. Counting, PostgreSQL cannot hope for an early hit along the table."""
    rows = model._base_manager.filter(MatchingColumn(words, "near.query"))
    if "deleted_at" in {field.attname for field in model._meta.concrete_fields}:
        rows = rows.filter(deleted_at=None)
    some: Any = rows.order_by().values("pk")[:_COUNTED]
    sql, _none = some.query.sql_with_params()
    return _COUNT.format(rows=sql)

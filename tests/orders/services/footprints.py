"""What a statement touches, and which two of them may not change places without a difference.

Tables, not rows: two statements that name one table but different rows are tried in both orders, for nothing. What a
statement writes becomes visible, and its locks are let go, when its transaction ends; so a read meets only the end of
somebody else's transaction, while writes and locks meet each other, too. An insert meets another one where a unique
index could make it wait. Foreign keys are not looked at: nothing that orders point at is deleted or locked
FOR UPDATE, which tests/architecture holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.db import connection

Tables = frozenset[str]
NONE: Tables = frozenset()
ROLLBACK_TO = "ROLLBACK TO SAVEPOINT"

_STRINGS = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORDS = re.compile(r"\w+")
_INSERTED = re.compile(r"\bINSERT\s+INTO\s+\"?(\w+)", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?:(?<!FOR )(?<!KEY )(?<!DO )\bUPDATE\s+(?:ONLY\s+)?|\bDELETE\s+FROM\s+(?:ONLY\s+)?)\"?(\w+)", re.IGNORECASE
)
_LOCKS = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE)\b|\bFOR\s+KEY\s+SHARE\b", re.IGNORECASE)
_UPSERTS = re.compile(r"\bON\s+CONFLICT\b.*\bDO\s+UPDATE\b", re.IGNORECASE | re.DOTALL)
_ADVISORY = re.compile(r"\bpg_(?:try_)?advisory", re.IGNORECASE)
_JOBS = re.compile(r"\bprocrastinate_defer", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One statement, or the end of a transaction or of a part of it (`ends`: the tables that it wrote or locked
    something of)."""

    text: str
    reads: Tables = NONE
    inserts: Tables = NONE
    changes: Tables = NONE
    ends: Tables = NONE
    claims: Tables = field(default=NONE, compare=False)

    @property
    def touches(self) -> Tables:
        return self.reads | self.inserts | self.changes

    def behind_lock(self) -> "Step":
        """As it is seen by what follows while it waits: by nothing but the end of whoever holds the lock."""
        return Step(self.text, reads=self.touches)

    @property
    def ends_transaction(self) -> bool:
        return bool(self.ends) and self.text != ROLLBACK_TO

    @property
    def writes(self) -> Tables:
        return self.inserts | self.changes


def are_dependent(one: Step, other: Step) -> bool:
    """Whether it may matter which of the two comes first."""
    return bool(
        one.changes & other.changes or one.claims & other.claims or one.ends & other.touches or other.ends & one.touches
    )


@cache
def step_of(sql: str, *, is_alone: bool) -> Step:
    """`is_alone`: it is a transaction of its own."""
    schema = schema_now()
    text = _STRINGS.sub("", sql)
    named = frozenset(_WORDS.findall(text)) & schema.triggered.keys()
    inserts, changes = set(_INSERTED.findall(text)), set(_CHANGED.findall(text))
    if _UPSERTS.search(text):
        changes |= inserts
    if _LOCKS.search(text):
        changes |= named
    if _ADVISORY.search(text):
        changes.add("advisory")
    if _JOBS.search(text):
        inserts.add("procrastinate_jobs")
    for table in [*inserts, *changes]:
        inserts |= schema.triggered.get(table, NONE)
    written = frozenset(inserts | changes)
    step = Step(" ".join(text.split()), named, frozenset(inserts), frozenset(changes))
    ends = written if is_alone else NONE
    return Step(step.text, step.reads, step.inserts, step.changes, ends, step.inserts & schema.unique)


@dataclass(frozen=True)
class _Schema:
    """Every table with those that its triggers write; those with a unique index beside the primary key."""

    triggered: Mapping[str, Tables]
    unique: Tables


@cache
def schema_now() -> _Schema:
    """Read once a process, by whoever is not itself stepped through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'p') AND relnamespace = 'public'::regnamespace"
        )
        tables = frozenset(name for (name,) in cursor.fetchall())
        cursor.execute(
            "SELECT tgrelid::regclass::text, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal"
        )
        triggered = dict.fromkeys(tables, NONE)
        for table, source in cursor.fetchall():
            triggered[table] |= frozenset(_INSERTED.findall(source)) & tables
        cursor.execute("SELECT DISTINCT indrelid::regclass::text FROM pg_index WHERE indisunique AND NOT indisprimary")
        unique = frozenset(name for (name,) in cursor.fetchall())
    return _Schema(triggered, unique)

"""What the schema and an order's statements use that PostgreSQL's distributed relatives lack, and why.

By their documentation of 2026: YugabyteDB (PostgreSQL 15 below) has no deferrable unique constraints, LISTEN and
exclusion; CockroachDB no LISTEN, few triggers and no deferrable foreign keys; Citus sends FOR UPDATE and changes inside
WITH to one shard only; Aurora DSQL has no foreign keys, triggers, sequences, PL/pgSQL, temporary tables and savepoints.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class InStatements:
    """`steps` of an order's life that may send what fits `pattern`."""

    name: str
    pattern: re.Pattern[str]
    steps: frozenset[str]
    why: str


@dataclass(frozen=True)
class InSchema:
    """`names` that `query` may find, one column of text; one that ends in * is a beginning."""

    name: str
    query: str
    names: frozenset[str]
    why: str


STEPS: Final = ("placed", "paid", "moved on", "shipped", "refunded", "cancelled", "expired", "replayed", "read")
# A key that was used is found by the statement that claims it, so a replay goes that way, too.
_CHANGES: Final = frozenset(STEPS) - {"read"}


def _statements(name: str, pattern: str, steps: frozenset[str] | set[str], why: str) -> InStatements:
    return InStatements(name, re.compile(pattern, re.IGNORECASE), frozenset(steps), why)


STATEMENTS: Final = [
    _statements("row locks", r"\bFOR (NO KEY )?(UPDATE|SHARE)\b", _CHANGES, "what never oversells"),
    _statements(
        "changes inside WITH",
        r"\bAS (MATERIALIZED )?\(\s*(INSERT|UPDATE|DELETE)\b",
        _CHANGES,
        "an order, its lines, holds and events in one statement: what makes placing fast",
    ),
    _statements(
        "skipped locks", r"\bSKIP LOCKED\b", {"expired"}, "sweeps side by side take different orders; a try, no promise"
    ),
    _statements("savepoints", r"^\s*(SAVEPOINT|ROLLBACK TO|RELEASE)\b", set(), "none on an order's way"),
    _statements("waiting for messages", r"\b(LISTEN|NOTIFY|pg_notify)\b", set(), "the feed is read, not announced"),
    _statements("advisory locks", r"\bpg_(try_)?advisory", set(), "rows are locked, not numbers"),
    _statements("temporary tables", r"\bTEMP(ORARY)?\b", set(), "values travel as arrays"),
    _statements("physical rows", r"\b(ctid|xmin|xmax|tableoid)\b", set(), "a row is found by its key"),
    _statements("server-side cursors", r"^\s*(DECLARE|FETCH|MOVE)\b", set(), "every read is bounded"),
    _statements("COPY", r"^\s*COPY\b", set(), "few rows an order"),
    _statements("whole tables locked", r"^\s*LOCK\b", set(), "never beside buyers"),
]

SCHEMA: Final = [
    InSchema(
        "triggers",
        "SELECT DISTINCT tgname FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'procrastinate%'",
        frozenset({"kontor_history*", "pgtrigger_append_only*"}),
        "history, and ledgers that nobody edits, hold for whoever writes",
    ),
    InSchema(
        "functions in a language of the server's",
        "SELECT proname FROM pg_proc JOIN pg_language ON pg_language.oid = prolang"
        " WHERE pronamespace = 'public'::regnamespace AND lanname <> 'sql' AND proname NOT LIKE 'procrastinate%'",
        frozenset({"kontor_record_change", "pgtrigger_append_only*", "_pgtrigger_should_ignore"}),
        "the triggers' bodies",
    ),
    InSchema(
        "constraints that wait for COMMIT, foreign keys apart",
        "SELECT conname FROM pg_constraint WHERE condeferrable AND contype <> 'f'",
        frozenset({"picture_position_unique"}),
        "pictures swap places in one statement",
    ),
    InSchema(
        "exclusion constraints", "SELECT conname FROM pg_constraint WHERE contype = 'x'", frozenset(), "none needed"
    ),
    InSchema(
        "sequences of our own",
        "SELECT relname FROM pg_class WHERE relkind = 'S'"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))",
        frozenset(
            {"kontor_feed_serial", "orders_order_number_seq", "orders_draft_number_seq", "orders_quote_number_seq"}
        ),
        "numbers for people, given out without a lock; the feed's order of equal transactions",
    ),
    InSchema(
        "indexes that are no B-trees",
        "SELECT relname FROM pg_class JOIN pg_am ON pg_am.oid = relam WHERE relkind IN ('i', 'I') AND amname <> 'btree'"
        " AND relnamespace = 'public'::regnamespace",
        frozenset(
            {
                *("company_words", "customer_words", "deal_words", "invoice_words", "lead_words", "product_words"),
                *("variant_words", "archived_order_named_by"),
                *("record_change_feed", "order_event_feed", "invoice_feed", "stock_movement_feed"),
                *("order_event_at", "payment_at", "order_mail_at", "email_at"),
            }
        ),
        "words (GIN), and ledgers by time at next to no cost for those who write (BRIN)",
    ),
    InSchema("extensions", "SELECT extname FROM pg_extension", frozenset({"plpgsql"}), "it is always there"),
    InSchema(
        "materialised views and rules",
        "SELECT relname FROM pg_class WHERE relkind = 'm' UNION ALL"
        " SELECT rulename FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384",
        frozenset(),
        "sums are kept by rows",
    ),
    InSchema(
        "defaults that ask the server about itself",
        "SELECT adrelid::regclass || '.' || attname FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid"
        " AND attnum = adnum WHERE pg_get_expr(adbin, adrelid) ~ 'pg_|txid'",
        frozenset(
            {
                *("inventory_stock_movement.feed_tx", "orders_invoice.feed_tx", "orders_order_event.feed_tx"),
                "shared_record_change.feed_tx",
            }
        ),
        "a ledger's row keeps the transaction it came with: the feed's order without a lock",
    ),
    InSchema(
        "columns that the server computes",
        "SELECT attname FROM pg_attribute WHERE attgenerated <> ''",
        frozenset(),
        "words are indexed as an expression",
    ),
]

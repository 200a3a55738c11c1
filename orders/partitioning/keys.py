"""Foreign keys that have to be taken off and put on again around a moment in which a table is another one."""

from collections.abc import Callable

from orders.partitioning.tables import ForeignKey, quoted, run_sql, unvalidated_keys


def is_own(key: ForeignKey, table: str) -> bool:
    """Whether it points at its own table."""
    return f" REFERENCES {table}(" in key.definition


def add_key(table: str, key: ForeignKey) -> None:
    """New rows are checked from now on; those that are there by VALIDATE CONSTRAINT, which locks nobody out."""
    definition = key.definition.removesuffix(" NOT VALID")
    run_sql(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(key.name)} {definition} NOT VALID")


def drop_key(key: ForeignKey) -> None:
    run_sql(f"ALTER TABLE {key.table} DROP CONSTRAINT {quoted(key.name)}")


def validate_keys(progress: Callable[[str], None] = lambda _step: None) -> None:
    """Look through what add_key left. Reads go on meanwhile, and so do writes."""
    for owner, name in unvalidated_keys():
        progress(f"{owner}: checking {name}")
        run_sql(f"ALTER TABLE {owner} VALIDATE CONSTRAINT {quoted(name)}")

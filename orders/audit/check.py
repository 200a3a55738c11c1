"""The shape of one check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for every row of the books.

    name: stable machine name. meaning: the rule, as staff would say it. sql: one SELECT of the rows that break it: ids
    first, then the facts that disagree. It may use the parameters of `orders.services.audit_books`; a literal percent
    sign must be doubled. is_drift: whether a row means that the books are wrong; else it is a warning.
    """

    name: str
    meaning: str
    sql: str
    is_drift: bool = True


def sql_list(values: object) -> str:
    """Trusted constants of ours as the inside of an SQL `IN (...)` or `VALUES`."""
    quoted = (f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return ", ".join(quoted)

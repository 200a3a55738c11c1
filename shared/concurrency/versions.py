"""Whoever changes a row by the version they read is refused when it has another one by now."""

from typing import Any, Protocol

from shared.errors import StaleVersion


class Versioned(Protocol):
    """A row with a version that every change raises."""

    version: int


def check_row_version(row: Versioned, expected_version: int | None, text: str, **names: Any) -> None:
    """Raise StaleVersion, with the row's version, unless it is the expected one; None expects nothing. The row must be
    locked, or it may change after the look.

    `text` says so of this kind of row, translated; %(version)s and %(expected_version)s are filled in, and `names`.
    """
    # Any other version, a later one too: it may come from a backup that was restored since.
    if expected_version not in (None, row.version):
        values = {"version": row.version, "expected_version": expected_version, **names}
        raise StaleVersion(text % values, version=row.version)

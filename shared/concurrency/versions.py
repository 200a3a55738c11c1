"""Whoever changes a row by the version they read is refused when it has another one by now."""

from collections.abc import Sequence
from typing import Any, Protocol, Self

from shared.errors import StaleVersion
from shared.text.json_pointer import clip


class Versioned(Protocol):
    """A row with a version that every change raises."""

    version: int


class OneOf(int):
    """Several versions, any of which is expected, or none that can be; called as they were sent. As a number it is
    the first of them."""

    versions: tuple[int, ...]
    text: str

    def __new__(cls, versions: Sequence[int], text: str) -> Self:
        made = super().__new__(cls, versions[0] if versions else -1)
        made.versions, made.text = tuple(versions), clip(text)
        return made

    def __str__(self) -> str:
        return self.text


def expected_versions(expected_version: int) -> tuple[int, ...]:
    """Which versions fit what is expected."""
    return expected_version.versions if isinstance(expected_version, OneOf) else (expected_version,)


def check_row_version(row: Versioned, expected_version: int | None, text: str, **names: Any) -> None:
    """Raise StaleVersion, with the row's version, unless it is the expected one; None expects nothing. The row must be
    locked, or it may change after the look.

    `text` says so of this kind of row, translated; %(version)s and %(expected_version)s are filled in, and `names`.
    """
    # Any other version, a later one too: it may come from a backup that was restored since.
    if expected_version is not None and row.version not in expected_versions(expected_version):
        values = {"version": row.version, "expected_version": expected_version, **names}
        raise StaleVersion(text % values, version=row.version)

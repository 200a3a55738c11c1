"""What a planted bug is: an exact replacement of text, and the tests that must then fail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """In `file`, `old` (which stands there exactly once) becomes `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    name: str
    tests: tuple[str, ...]
    edits: tuple[Edit, ...]


def one_edit(name: str, tests: str, file: str, old: str, new: str) -> Bug:
    """A bug of one edit, caught by one module of tests."""
    return Bug(name, (tests,), (Edit(file, old, new),))

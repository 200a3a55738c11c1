"""What resolvers hand on: a record as REST shows it, which knows the others that were read with it."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class Row(dict[str, Any]):
    """A record in REST's own words; `record` is what it was made of, `level` all rows of its list."""

    __slots__ = ("level", "record")
    level: "Level"
    record: Any


class Level:
    """Rows read together. What hangs on any of them is read for all of them at once: one statement a level, whether one
    row asks or a hundred (graphql-core resolves without threads, one field after the other)."""

    def __init__(self, shown: Iterable[Mapping[str, Any]], records: Iterable[Any] | None = None) -> None:
        self.rows = [Row(each) for each in shown]
        self._known: dict[Hashable, Any] = {}
        for row, record in zip(self.rows, self.rows if records is None else records, strict=True):
            row.level = self
            row.record = record

    def once(self, key: Hashable, load: Callable[[], T]) -> T:
        """What `load` gives, asked once. A refusal is remembered as well: all rows get the same one."""
        if key not in self._known:
            try:
                self._known[key] = load(), None
            except Exception as refused:
                self._known[key] = None, refused  # for the other rows, too
        value, refusal = self._known[key]
        if refusal is not None:
            raise refusal
        return value  # type: ignore[no-any-return]


def value_in(shown: Mapping[str, Any], name: str) -> Any:
    """A link is named by its record in REST (`customer`) and by `customer_id` here, where `customer` is the object."""
    try:
        return shown[name]
    except KeyError:
        return shown[name.removesuffix("_id")]

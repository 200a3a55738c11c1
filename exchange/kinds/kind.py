"""What an import knows of the records that it writes: columns, keys, links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from exchange.languages import in_every_language
from users.models.custom_field import CustomFieldOwner

ID = "id"
CUSTOM_PREFIX = "custom_fields."
KEEP = object()  # an empty cell never empties this column
Values = dict[str, Any]


class Wrong(Exception):
    """A cell that its column does not take; says what to do."""


@dataclass(frozen=True, slots=True)
class Column:
    """`parse` turns a cell into a value for JSON, or raises Wrong. `empty`: what an emptied cell means; a required
    column cannot be emptied, and a new record needs it. `aliases`: other headers that mean it, in small letters."""

    name: str
    label: str
    parse: Callable[[str], Any]
    is_required: bool = False
    empty: Any = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A column that names another record: `name_of` is SQL on `t`, and only rows with `only` count."""

    column: str
    table: str
    name_of: str
    label: str
    only: str = "true"
    is_made: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """How a row finds its record: `match` is SQL on the record `t` and the row `r`, `same` on the row alone."""

    name: str
    match: str
    same: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`derive` adds columns that follow from others. `settle` checks what only the row and its record show together:
    it gets the values of `settled` as they will be, and raises Wrong."""

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    links: tuple[Link, ...] = ()
    has_tags: bool = False
    custom: CustomFieldOwner | None = None
    derive: Callable[[Values], None] = lambda values: None
    settled: tuple[str, ...] = ()
    settle: Callable[..., None] = lambda **values: None
    written: tuple[str, ...] = field(default=())

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    def permission(self, action: str) -> str:
        """The permission to add, change or view such records."""
        return f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}"


def column_of(
    model: type[models.Model], name: str, label: str, *aliases: str, required: bool = False, empty: Any = ""
) -> Column:
    """A column for a field of the model, with the field's own rules: length, choices, validators."""
    model_field = model._meta.get_field(name)
    if not isinstance(model_field, models.Field):
        raise TypeError(f"{name} is no column.")

    def parse(cell: str) -> Any:
        try:
            value = model_field.clean(_by_label(model_field, cell), None)
        except ValidationError as error:
            raise Wrong(" ".join(error.messages)) from None
        return str(value) if isinstance(value, Decimal) else value

    return Column(name, label, parse, is_required=required, empty=empty, aliases=aliases)


def _by_label(model_field: models.Field, cell: str) -> str:
    """A choice may be written as it is shown."""
    return _choices(model_field).get(cell.casefold(), cell)


@cache
def _choices(model_field: models.Field) -> dict[str, str]:
    """What a choice may be called, in small letters, and the choice."""
    names = {
        text.casefold(): str(value) for value, label in model_field.choices or () for text in in_every_language(label)
    }
    return names | {str(value).casefold(): str(value) for value, _label in model_field.choices or ()}


def short_text(most: int) -> Callable[[str], str]:
    """A name of something else, at most so long."""

    def parse(cell: str) -> str:
        if len(cell) > most:
            text = gettext("At most %(limit)s characters; these are %(found)s.")
            raise Wrong(text % {"limit": most, "found": len(cell)})
        return cell

    return parse


def keys_of_custom_fields(owner: CustomFieldOwner | None, names: Mapping[str, str]) -> tuple[Key, ...]:
    """Any custom field can be the key: that is where an id of another program stands. `names`: key → kind."""
    if owner is None:
        return ()
    return tuple(
        Key(f"{CUSTOM_PREFIX}{name}", f"t.custom_fields->>'{name}' = r.key", "r.key")  # checked: [a-z][a-z0-9_]*
        for name, kind in names.items()
        if kind in ("text", "number")
    )

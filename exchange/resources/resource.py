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
from exchange.resources.cells import Takes, Wrong
from users.models.custom_field import CustomFieldOwner

ID = "id"
CUSTOM_PREFIX = "custom_fields."
KEEP = object()  # an empty cell never empties this column
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`parse` turns a cell's text into a value for JSON, or raises Wrong. `takes`: see cells.py. `empty`: what an
    emptied cell means; a required column cannot be emptied, and a new record needs it. `aliases`: other headers that
    mean it, in small letters."""

    name: str
    label: str
    parse: Callable[[str], Any]
    is_required: bool = False
    empty: Any = ""
    aliases: tuple[str, ...] = ()
    takes: Takes = "text"


@dataclass(frozen=True, slots=True)
class Parts:
    """Columns of a file that make one column of ours where the file does not have that, e.g. first and last name. Their
    texts are joined, or (`is_first`) the first one that is not empty counts."""

    column: str
    parts: tuple[Column, ...]
    joined_by: str = " "
    is_first: bool = False


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
    """How a row finds its record: `match` is SQL on the record `t` and the row `r`, `same` on the row alone. `alike`:
    SQL that tells which of several records with the key is meant."""

    name: str
    match: str
    same: str
    alike: str = "false"


@dataclass(frozen=True, slots=True)
class Barred:
    """What a row may not do to a record that is there: `when` is SQL on the row `row` and the record `t`."""

    column: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportResource:
    """`derive` adds columns that follow from others. `cross_check` checks fields that must fit one another, which only
    the row and its record show together: it gets the values of `cross_checked` as they will be, and raises Wrong.
    `only`: SQL on `t`, true for the records that rows can find."""

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    only: str = "true"
    links: tuple[Link, ...] = ()
    has_tags: bool = False
    custom: CustomFieldOwner | None = None
    derive: Callable[[Values], None] = lambda values: None
    parts: tuple[Parts, ...] = ()
    cross_checked: tuple[str, ...] = ()
    cross_check: Callable[..., None] = lambda **values: None
    barred: tuple[Barred, ...] = ()
    written: tuple[str, ...] = field(default=())

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """What a column of a file can mean."""
        return (*self.columns, *(part for parts in self.parts for part in parts.parts))

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    def permission(self, action: str) -> str:
        """The permission to add, change or view such records."""
        return f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}"


def column_of(
    model: type[models.Model],
    name: str,
    label: str,
    *aliases: str,
    required: bool = False,
    empty: Any = "",
    takes: Takes = "text",
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

    return Column(name, label, parse, is_required=required, empty=empty, aliases=aliases, takes=takes)


def _by_label(model_field: models.Field, cell: str) -> str:
    """A choice may be written as it is shown."""
    return _choices_by_text(model_field).get(cell.casefold(), cell)


@cache
def _choices_by_text(model_field: models.Field) -> dict[str, str]:
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

"""Which resource an import writes, and what the shop's own fields add to it."""

from exchange.models.data_import import Import
from exchange.resources.registry import KINDS
from exchange.resources.resource import Key, Kind, keys_of_custom_fields
from users.custom_fields import custom_fields_of
from users.models.custom_field import CustomField


def kind_of(data_import: Import) -> Kind:
    return KINDS[data_import.kind]


def custom_fields_of_kind(kind: Kind) -> list[CustomField]:
    return custom_fields_of(kind.custom) if kind.custom is not None else []


def keys_of_kind(kind: Kind) -> tuple[Key, ...]:
    """What can find a record: the kind's own keys, and the shop's fields."""
    names = {field.key: field.kind for field in custom_fields_of_kind(kind)}
    return (*kind.keys, *keys_of_custom_fields(kind.custom, names))

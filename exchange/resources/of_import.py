"""Which resource an import writes, and what the shop's own fields add to it."""

from exchange.models.data_import import Import
from exchange.resources.registry import IMPORT_RESOURCES
from exchange.resources.resource import ImportResource, Key, keys_of_custom_fields
from users.custom_fields import custom_fields_of
from users.models.custom_field import CustomField


def resource_of(data_import: Import) -> ImportResource:
    return IMPORT_RESOURCES[data_import.kind]


def custom_fields_of_resource(resource: ImportResource) -> list[CustomField]:
    return custom_fields_of(resource.custom) if resource.custom is not None else []


def keys_of_resource(resource: ImportResource) -> tuple[Key, ...]:
    """What can find a record: the kind's own keys, and the shop's fields."""
    names = {field.key: field.kind for field in custom_fields_of_resource(resource)}
    return (*resource.keys, *keys_of_custom_fields(resource.custom, names))

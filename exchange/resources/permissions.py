"""Who may import and export what."""

from typing import Any

from exchange.models.data_import import ImportMode
from exchange.resources.registry import IMPORT_RESOURCES
from exchange.resources.resource import ImportResource

IMPORT, EXPORT = "users.import_records", "users.export_records"
_ACTIONS = {
    ImportMode.CREATE.value: ("add",),
    ImportMode.UPDATE.value: ("change",),
    ImportMode.BOTH.value: ("add", "change"),
}


def may_import(user: Any, resource: ImportResource, mode: str) -> bool:
    """Importing is a right of its own, and gives none over the records."""
    return user.has_perm(IMPORT) and all(user.has_perm(resource.permission(action)) for action in _ACTIONS[mode])


def resources_for(user: Any) -> list[ImportResource]:
    """What the user may import in one way or another."""
    return [
        resource
        for resource in IMPORT_RESOURCES.values()
        if any(may_import(user, resource, mode) for mode in ("create", "update"))
    ]

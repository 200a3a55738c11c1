"""Who may import and export what."""

from typing import Any

from exchange.models.data_import import ImportMode
from exchange.resources.registry import KINDS
from exchange.resources.resource import Kind

IMPORT, EXPORT = "users.import_records", "users.export_records"
_ACTIONS = {
    ImportMode.CREATE.value: ("add",),
    ImportMode.UPDATE.value: ("change",),
    ImportMode.BOTH.value: ("add", "change"),
}


def may_import(user: Any, kind: Kind, mode: str) -> bool:
    """Importing is a right of its own, and gives none over the records."""
    return user.has_perm(IMPORT) and all(user.has_perm(kind.permission(action)) for action in _ACTIONS[mode])


def kinds_for(user: Any) -> list[Kind]:
    """What the user may import in one way or another."""
    return [kind for kind in KINDS.values() if any(may_import(user, kind, mode) for mode in ("create", "update"))]

"""The jobs of imports and exports; config/jobs.py names them. Each is one service."""

from uuid import UUID

from exchange.services import apply_import as applying
from exchange.services import check_import as checking
from exchange.services import undo_import as undoing


def check_import(import_id: str) -> None:
    checking.check_import(import_id=UUID(import_id))


def apply_import(import_id: str) -> None:
    applying.apply_import(import_id=UUID(import_id))


def undo_import(import_id: str) -> None:
    undoing.undo_import(import_id=UUID(import_id))

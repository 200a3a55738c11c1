"""The jobs of imports and exports; config/jobs.py names them. Each is one service."""

from uuid import UUID

from exchange.languages import DEFAULT, speaking
from exchange.services import apply_import as applying
from exchange.services import check_import as checking
from exchange.services import purge_files as purging
from exchange.services import undo_import as undoing
from exchange.services import write_export as exporting


def check_import(import_id: str, language: str = DEFAULT) -> None:
    with speaking(language):
        checking.check_import(import_id=UUID(import_id))


def apply_import(import_id: str, language: str = DEFAULT) -> None:
    with speaking(language):
        applying.apply_import(import_id=UUID(import_id))


def undo_import(import_id: str, language: str = DEFAULT) -> None:
    with speaking(language):
        undoing.undo_import(import_id=UUID(import_id))


def write_export(export_id: str, language: str = DEFAULT) -> None:
    from exchange.admin_lists import rows_of  # the admin's lists stand once all apps are ready

    with speaking(language):
        exporting.write_export(export_id=UUID(export_id), choose=rows_of)


def purge_files(timestamp: int | None = None) -> int:
    return purging.purge_files()

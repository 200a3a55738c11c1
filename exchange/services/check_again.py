"""Check an import with the columns and options that somebody chose."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models.data_import import Import, ImportMode, ImportStatus
from exchange.resources.of_import import custom_fields_of_resource, keys_of_resource, resource_of
from exchange.services.begin_step import begin_step
from exchange.services.lock_import import lock_import
from shared.errors import InvalidInput


def check_again(
    *,
    import_id: UUID,
    mapping: dict[str, str],
    key: str,
    mode: ImportMode,
    clears_empty: bool,
    may_add_companies: bool,
) -> Import:
    """Set what the columns mean and start the dry run. Raises NotFound, WrongStep, InvalidInput."""
    with transaction.atomic():
        data_import = lock_import(import_id, ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED)
        if data_import.doubts:
            text = _("It is not clear how the letters of the file are meant: choose the encoding first.")
            raise InvalidInput(("/encoding", "unclear", text))
        _check_mapping(data_import, mapping, key)
        data_import.mapping, data_import.key, data_import.mode = mapping, key, mode
        data_import.clears_empty, data_import.may_add_companies = clears_empty, may_add_companies
        begin_step(data_import, ImportStatus.CHECKING)
    return data_import


def _check_mapping(data_import: Import, mapping: dict[str, str], key: str) -> None:
    resource = resource_of(data_import)
    known = {column.name for column in resource.all_columns}
    known |= {f"custom_fields.{field.key}" for field in custom_fields_of_resource(resource)}
    chosen = list(mapping.values())
    for name in chosen:
        if name not in known:
            raise InvalidInput(("/mapping", "unknown", _("There is no column “%(column)s”.") % {"column": name}))
        if chosen.count(name) > 1:
            raise InvalidInput(
                ("/mapping", "twice", _("Two columns of the file mean the same: “%(column)s”.") % {"column": name})
            )
    if key not in {known_key.name for known_key in keys_of_resource(resource)}:
        raise InvalidInput(("/key", "unknown", _("Records cannot be found by this column.")))
    if key not in chosen:
        raise InvalidInput(("/key", "not_mapped", _("The file needs the column by which its rows find their records.")))

"""Definitions of the shop's own fields, and what must hold between them and the values that are there."""

from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput, NotFound, Refusal
from users.models.custom_field import CustomField, CustomFieldKind

_TAKEN = {
    "custom_field_key_unique": lambda: AlreadyExists("/key", gettext("These records have a field of this key already."))
}


Owners = Mapping[str, type[Model]]


class FieldHasValues(Refusal):
    code = "field_has_values"
    title = _("Records have values in this field")


def save_custom_field(*, field_id: UUID | None, values: Mapping[str, Any], owners: Owners) -> CustomField:
    """Make a field of the shop's own, or change one. `owners`: the models of the records that have fields.

    Raises NotFound, FieldHasValues when model, key or kind would change, or a choice would go, while records have
    values; AlreadyExists for a key that these records have; InvalidInput. Locks: the field.
    """
    check_columns(CustomField, values)
    with named_constraints(_TAKEN), transaction.atomic():
        field = CustomField() if field_id is None else _lock_field(field_id)
        before = None if field_id is None else copy(field)
        for column, value in values.items():
            setattr(field, column, value)
        _check_definition(field, before, owners)
        field.save()
    return field


def delete_custom_field(*, field_id: UUID, owners: Owners) -> None:
    """Raises NotFound, or FieldHasValues: they would be nobody's. Locks: the field."""
    with transaction.atomic():
        field = _lock_field(field_id)
        if has_values(owners[field.model], field.key):
            raise FieldHasValues(gettext("Records have values in “%(key)s”: empty it first.") % {"key": field.key})
        field.delete()


def _lock_field(field_id: UUID) -> CustomField:
    field = CustomField.objects.select_for_update(no_key=True).filter(pk=field_id).first()
    if field is None:
        raise NotFound(gettext("There is no such field."))
    return field


def _check_definition(field: CustomField, before: CustomField | None, owners: Owners) -> None:
    choices = [str(choice).strip() for choice in field.choices]
    if field.kind == CustomFieldKind.CHOICE and (not choices or "" in choices or len(set(choices)) < len(choices)):
        raise InvalidInput(("/choices", "required", gettext("Give each choice once, in a list of texts.")))
    if before is None:
        # Also for a new one: values that a field of this key left behind would be read as the new one's kind.
        changed = True
    else:
        changed = (before.model, before.key, before.kind) != (field.model, field.key, field.kind)
        changed = changed or bool(set(before.choices) - set(field.choices))
    was = before or field
    if changed and has_values(owners[was.model], was.key):
        raise FieldHasValues(
            gettext("Records have values in “%(key)s”: its key, kind and used choices stay as they are.")
            % {"key": was.key}
        )


def has_values(owner: type[Model], key: str) -> bool:
    """Whether any record has a value there. Reads the whole table, which definitions are changed seldom enough for."""
    rows: Any = owner._default_manager
    return bool(rows.filter(custom_fields__has_key=key).exists())

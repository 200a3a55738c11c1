"""Definitions of the shop's own fields, and what must hold between them and the values that are there."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import InvalidInput, Refusal
from users.models.custom_field import CustomField, CustomFieldKind


class FieldHasValues(Refusal):
    code = "field_has_values"
    title = _("Records have values in this field")


def check_custom_field(field: CustomField, *, owner: type[Model]) -> None:
    """`owner`: the model of the records that have it. Raises FieldHasValues when model, key or kind would change, or
    a choice would go, while records have values; InvalidInput when a list has nothing to choose from."""
    choices = [str(choice).strip() for choice in field.choices]
    if field.kind == CustomFieldKind.CHOICE and (not choices or "" in choices or len(set(choices)) < len(choices)):
        raise InvalidInput(("/choices", "required", gettext("Give each choice once, in a list of texts.")))
    before = CustomField.objects.filter(pk=field.pk).first()
    if before is None:
        changed = True
    else:
        changed = (before.model, before.key, before.kind) != (field.model, field.key, field.kind)
        changed = changed or bool(set(before.choices) - set(field.choices))
    key = before.key if before else field.key
    if changed and has_values(owner, key):
        raise FieldHasValues(
            gettext("Records have values in “%(key)s”: its key, kind and used choices stay as they are.") % {"key": key}
        )


def has_values(owner: type[Model], key: str) -> bool:
    """Whether any record has a value there. Reads the whole table, which definitions are changed seldom enough for."""
    rows: Any = owner._default_manager
    return bool(rows.filter(custom_fields__has_key=key).exists())

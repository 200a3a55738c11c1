"""The shop's own fields in a record's form."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from users.custom_fields import MAX_TEXT_LENGTH, custom_fields_of
from users.models.custom_field import CustomField, CustomFieldKind, CustomFieldOwner

if TYPE_CHECKING:  # stands before an admin's base class
    from shared.admin.saving import ServiceAdmin, Values
else:
    ServiceAdmin, Values = object, dict

PREFIX = "custom__"


class CustomValuesForm(forms.ModelForm):
    """Shows the record's `custom_fields` in fields named custom__<key>; the service checks what is typed there."""

    custom_definitions: ClassVar[list[CustomField]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for definition in self.custom_definitions:
            stored = self.instance.custom_fields.get(definition.key)
            self.initial.setdefault(
                f"{PREFIX}{definition.key}", str(stored).lower() if stored in (True, False) else stored
            )


class WithCustomFields(ServiceAdmin):
    """`custom_owner` says whose fields they are."""

    custom_owner: ClassVar[CustomFieldOwner]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        base = kwargs.pop("form", None) or self.form
        definitions = self._custom_fields_of_owner(request)
        fields = {f"{PREFIX}{definition.key}": _form_field(definition) for definition in definitions}
        settled = {"custom_definitions": definitions, "__module__": __name__}
        with_values = type(base.__name__, (CustomValuesForm, base), {**fields, **settled})
        return super().get_form(request, obj, change, form=with_values, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [f"{PREFIX}{definition.key}" for definition in self._custom_fields_of_owner(request)]
        own = ((_("Custom fields"), {"fields": tuple(names)}),) if names else ()
        return (*super().get_fieldsets(request, obj), *own)

    def values_of(self, request: HttpRequest, form: Any, change: bool) -> Values:
        """All own fields or none: an empty one takes its value away."""
        values = super().values_of(request, form, change)
        own = {
            field.key: form.cleaned_data.get(f"{PREFIX}{field.key}") for field in self._custom_fields_of_owner(request)
        }
        kept = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
        return {**kept, "custom_fields": own} if len(kept) < len(values) else kept

    def _custom_fields_of_owner(self, request: HttpRequest) -> list[CustomField]:
        """One statement a request."""
        known = request.__dict__.setdefault("_custom_fields", {})
        if self.custom_owner not in known:
            known[self.custom_owner] = custom_fields_of(self.custom_owner)
        return list(known[self.custom_owner])


def _form_field(definition: CustomField) -> forms.Field:
    """A new one each time, for forms change their fields."""
    common: dict[str, Any] = {
        "label": definition.label,
        "required": definition.is_required,
        "help_text": definition.help_text,
    }
    if definition.kind == CustomFieldKind.NUMBER:
        return forms.DecimalField(widget=UnfoldAdminDecimalFieldWidget(), **common)
    if definition.kind == CustomFieldKind.DATE:
        return forms.DateField(widget=UnfoldAdminSingleDateWidget(), **common)
    if definition.kind == CustomFieldKind.BOOLEAN:
        choices = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget(), **common)
    if definition.kind == CustomFieldKind.CHOICE:
        choices = [("", "---------"), *((text, text) for text in definition.choices)]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget(), **common)
    return forms.CharField(max_length=MAX_TEXT_LENGTH, widget=UnfoldAdminTextInputWidget(), **common)

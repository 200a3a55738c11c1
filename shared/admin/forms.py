"""Forms that look like the rest of the admin, for the pages that are not a model's form."""

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.http import HttpRequest, QueryDict
from unfold.widgets import (
    SELECT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

# the plain widget a field declares: what the admin shows in its place
_STYLED: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.TextInput: UnfoldAdminTextInputWidget,
    forms.Textarea: UnfoldAdminTextareaWidget,
    forms.Select: UnfoldAdminSelectWidget,
    forms.URLInput: UnfoldAdminURLInputWidget,
}


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields that were sent, also where a form has none."""
    return request.POST if request.method == "POST" else None


class StyledForm(forms.Form):
    """Fields declare Django's plain widgets and get the admin's."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            styled = _styled(field)
            if styled is not None:
                field.widget = styled


def _styled(field: forms.Field) -> forms.Widget | None:
    """The admin's widget for the field; None for one that is dressed already or hidden."""
    plain = field.widget
    kind: type[forms.Widget] | None = _STYLED.get(type(plain))
    if type(plain) is forms.NumberInput:
        is_decimal = isinstance(field, forms.DecimalField)
        kind = UnfoldAdminDecimalFieldWidget if is_decimal else UnfoldAdminIntegerFieldWidget
    if kind is None:
        return None
    styled = kind(attrs=dict(plain.attrs))
    styled.is_required = plain.is_required
    if isinstance(plain, forms.Select):
        styled.choices = plain.choices  # type: ignore[attr-defined]
    return styled


class AutocompleteField(forms.ModelChoiceField):
    """Pick a row of what `relation` points at, by the search of that model's admin."""

    def __init__(self, relation: ForeignKey, site: AdminSite, **kwargs: object) -> None:
        widget = AutocompleteSelect(relation, site, attrs={"class": " ".join(SELECT_CLASSES)})
        queryset = relation.remote_field.model._default_manager.all()
        super().__init__(queryset=queryset, widget=widget, **kwargs)  # type: ignore[arg-type]

"""Forms that look like the rest of the admin, for the pages that are not a model's form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
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
        style_fields(self.fields)


def style_fields(fields: Mapping[str, forms.Field]) -> None:
    """The admin's widgets, also for fields that a form is given later."""
    for field in fields.values():
        styled = _styled_widget(field)
        if styled is not None:
            field.widget = styled


class VersionForm(StyledForm):
    """`version` is the record's as the page showed it: the service refuses one that has changed since."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _styled_widget(field: forms.Field) -> forms.Widget | None:
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


class RowForm(forms.ModelForm):
    """A row of a table of forms: its fields are named for those who do not see the heading of their column."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            inner: Any = getattr(field.widget, "widget", field.widget)
            inner.attrs.setdefault("aria-label", capfirst(str(field.label)))


def show_loaded(form: forms.ModelForm, *names: str) -> None:
    """Autocompletes of a row's foreign keys show the rows that were loaded with it: else each asks for its own."""
    for name in names:
        field, state = form.fields.get(name), form.instance._state
        if field is not None and not state.adding and name in state.fields_cache:
            field.widget.choices = _LoadedChoices(field, state.fields_cache[name])


class _LoadedChoices(ModelChoiceIterator):
    def __init__(self, field: Any, row: Model | None) -> None:
        super().__init__(field)
        self.queryset: Any = _Loaded(field.queryset, row)


class _Loaded:
    """As much of a queryset as an autocomplete needs."""

    def __init__(self, queryset: QuerySet, row: Model | None) -> None:
        self._queryset, self._row = queryset, row

    def using(self, _alias: str | None) -> "_Loaded":
        return self

    def filter(self, **lookup: Any) -> Any:
        [(name, wanted)] = lookup.items()
        rows = [] if self._row is None else [self._row]
        are_here = set(wanted) <= {str(getattr(row, name.removesuffix("__in"))) for row in rows}
        return (rows if wanted else []) if are_here else self._queryset.filter(**lookup)

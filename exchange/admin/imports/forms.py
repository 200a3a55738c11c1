from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from exchange.models.data_import import Import, ImportKind, ImportMode
from exchange.resources.of_import import custom_fields_of_resource, keys_of_resource, resource_of
from exchange.resources.resource import CUSTOM_PREFIX, ImportResource
from shared.admin.forms import StyledForm

_COLUMN = "column-"


class UploadForm(StyledForm):
    kind = forms.ChoiceField(label=_("What the rows are"))
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with the names of the columns above the rows. Contact files of Google, Outlook, Shopify and "
            "WooCommerce are read as they come."
        ),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        error_messages={"required": _("Choose a file; one that is too large is not taken in at all.")},
    )

    def __init__(self, resources: Sequence[ImportResource], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        allowed = {resource.name for resource in resources}
        choices = [choice for choice in ImportKind.choices if choice[0] in allowed]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class MappingForm(StyledForm):
    """One choice for each column of the file, named column-<place>, and how rows find their records."""

    key = forms.ChoiceField(label=_("A row finds its record by"))
    mode = forms.ChoiceField(label=_("What to do"), choices=ImportMode.choices)
    clears_empty = forms.BooleanField(
        label=_("Empty cells empty the value"), required=False, help_text=_("Otherwise they leave it as it is.")
    )

    def __init__(self, data_import: Import, user: Any, **kwargs: Any) -> None:
        initial = {
            "key": data_import.key,
            "mode": data_import.mode,
            "clears_empty": data_import.clears_empty,
        }
        super().__init__(initial=initial, **kwargs)
        self.may_add_companies = bool(user.has_perm("users.add_company"))
        self._headers = data_import.headers
        self._samples = data_import.samples
        resource = resource_of(data_import)
        names = _columns_of(resource)
        labels = dict(names)
        keys = [(key.name, labels.get(key.name, key.name)) for key in keys_of_resource(resource)]
        self.fields["key"].choices = keys  # type: ignore[attr-defined]
        for place, header in enumerate(data_import.headers):
            self.fields[f"{_COLUMN}{place}"] = forms.ChoiceField(
                label=header or gettext("column %(number)s") % {"number": place + 1},
                choices=[("", gettext("(leave out)")), *names],
                required=False,
                initial=data_import.mapping.get(str(place), ""),
                widget=UnfoldAdminSelectWidget(),
            )

    def columns(self) -> list[tuple[str, list[str], forms.BoundField]]:
        """(header, a few cells, the field) of each column of the file."""
        return [
            (
                header or gettext("column %(number)s") % {"number": place + 1},
                [row[place] for row in self._samples if place < len(row) and row[place]][:3],
                self[f"{_COLUMN}{place}"],
            )
            for place, header in enumerate(self._headers)
        ]

    def options(self) -> list[forms.BoundField]:
        return [self[name] for name in ("key", "mode", "clears_empty")]

    def mapping(self) -> dict[str, str]:
        chosen = {name.removeprefix(_COLUMN): value for name, value in self.cleaned_data.items() if _COLUMN in name}
        return {place: name for place, name in chosen.items() if name}


def _columns_of(resource: ImportResource) -> list[tuple[str, str]]:
    own = [(column.name, gettext(column.label)) for column in resource.all_columns]
    return own + [(f"{CUSTOM_PREFIX}{field.key}", field.label) for field in custom_fields_of_resource(resource)]

"""Field by field: whose value stays."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.merging import CHOOSABLE, CUSTOM
from users.models.custom_field import CustomField, CustomFieldOwner
from users.models.customer import Customer

KEPT, DUPLICATE = "kept", "duplicate"


class MergeForm(forms.Form):
    """One choice for each field in which the two differ. Empty on the one side, the other's value is proposed."""

    seen_kept = forms.CharField(widget=forms.HiddenInput)
    seen_duplicate = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, kept: Customer, duplicate: Customer, data: QueryDict | None) -> None:
        seen = {"seen_kept": kept.updated_at.isoformat(), "seen_duplicate": duplicate.updated_at.isoformat()}
        super().__init__(data, initial=seen)
        self.same: list[tuple[str, Any]] = []
        for name, label, values in _compared(kept, duplicate):
            if values[0] == values[1]:
                if values[0] not in (None, ""):
                    self.same.append((label, values[0]))
                continue
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(KEPT, _said(values[0])), (DUPLICATE, _said(values[1]))],
                initial=DUPLICATE if values[0] in (None, "") else KEPT,
                widget=forms.RadioSelect,
                required=False,
            )

    def choices(self) -> list[forms.BoundField]:
        return self.visible_fields()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in ("seen_kept", "seen_duplicate"):
            if values.get(name) and not _is_moment(values[name]):
                self.add_error(name, forms.ValidationError(_("Open the page again.")))
        return values

    def taken(self, values: dict[str, Any]) -> list[str]:
        """The fields whose value is the duplicate's, as merge_customers names them."""
        return [name for name in self.fields if values.get(name) == DUPLICATE]


def _compared(kept: Customer, duplicate: Customer) -> list[tuple[str, str, tuple[Any, Any]]]:
    rows = [
        (name, str(Customer._meta.get_field(name).verbose_name).capitalize(), _both(kept, duplicate, name))  # type: ignore[union-attr]
        for name in CHOOSABLE
    ]
    labels = dict(CustomField.objects.filter(model=CustomFieldOwner.CUSTOMER).values_list("key", "label"))
    keys = sorted({*kept.custom_fields, *duplicate.custom_fields})
    custom = [
        (CUSTOM + key, labels.get(key, key), (kept.custom_fields.get(key), duplicate.custom_fields.get(key)))
        for key in keys
    ]
    return rows + custom


def _both(kept: Customer, duplicate: Customer, name: str) -> tuple[Any, Any]:
    return getattr(kept, name), getattr(duplicate, name)


def _said(value: Any) -> str:
    return "-" if value in (None, "") else str(value)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

"""Field by field: whose value stays."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm.merging.preview import compared
from users.models.customer import Customer

KEPT, DUPLICATE = "kept", "duplicate"
_EMPTY: tuple[Any, ...] = (None, "", {})


class MergeForm(forms.Form):
    """One choice for each field in which the two differ. Empty on the one side, the other's value is proposed."""

    seen_kept = forms.CharField(widget=forms.HiddenInput)
    seen_duplicate = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, kept: Customer, duplicate: Customer, data: QueryDict | None) -> None:
        seen = {"seen_kept": kept.updated_at.isoformat(), "seen_duplicate": duplicate.updated_at.isoformat()}
        super().__init__(data, initial=seen)
        self.same: list[tuple[str, Any]] = []
        for field in compared(kept, duplicate):
            if not field.differs:
                if field.kept not in _EMPTY:
                    self.same.append((field.label, _shown_value(field.kept)))
                continue
            self.fields[field.name] = forms.ChoiceField(
                label=field.label,
                choices=[(KEPT, _shown_value(field.kept)), (DUPLICATE, _shown_value(field.duplicate))],
                initial=DUPLICATE if field.is_proposed else KEPT,
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


def _shown_value(value: Any) -> str:
    if value in _EMPTY:
        return "-"
    return ", ".join(f"{key} = {text}" for key, text in value.items()) if isinstance(value, dict) else str(value)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

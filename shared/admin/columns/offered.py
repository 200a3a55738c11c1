"""The columns that a list can have, for its panel."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.text import capfirst

from shared.admin.columns.layout import CHECKBOX


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    is_shown: bool
    is_always: bool


def columns_of(changelist: Any) -> list[Column]:
    """All columns that the list can have, in its order."""
    shown, always = set(changelist.list_display), set(changelist.list_display_links or ())
    names = [str(name) for name in changelist.all_columns if name != CHECKBOX]
    labels = {name: label_for_field(name, changelist.model, changelist.model_admin) for name in names}
    return [Column(name, capfirst(str(labels[name])) or name, name in shown, name in always) for name in names]

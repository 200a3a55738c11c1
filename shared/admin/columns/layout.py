"""Which columns of a list its reader sees, and how close its rows stand: everybody chooses for themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToOneRel, Model
from django.http import HttpRequest

CHECKBOX = "action_checkbox"  # of the rows, where something can be done to many


@dataclass(frozen=True, slots=True)
class Layout:
    """What differs from how everybody sees the list. Names that it does not have, or no more, mean nothing."""

    hidden: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    is_compact: bool = False

    def shows(self, column: str, model_admin: Any, always: Iterable[Any]) -> bool:
        if column == CHECKBOX or column in always:
            return True
        return column in self.added if column in model_admin.more_columns else column not in self.hidden


def layout_of(request: HttpRequest, model: type[Model]) -> Layout:
    """The reader's layout of the list of `model`. It came with the login, so that it costs no statement."""
    kept = getattr(getattr(request, "user", None), "list_layouts", None) or {}
    one = kept.get(model._meta.label_lower) or {}
    return Layout(frozenset(one.get("hidden", ())), frozenset(one.get("added", ())), bool(one.get("is_compact")))


def shows_column(request: HttpRequest, model_admin: Any, column: str) -> bool:
    """Whether the list has to read what the column shows."""
    return layout_of(request, model_admin.model).shows(column, model_admin, ())


def related_among(model: type[Model], columns: Iterable[Any]) -> list[str]:
    """Those that are keys of other tables."""
    return [str(name) for name in columns if _is_related(model, name)]


def _is_related(model: type[Model], name: Any) -> bool:
    try:
        return isinstance(getattr(model._meta.get_field(name), "remote_field", None), ManyToOneRel)
    except FieldDoesNotExist:
        return False

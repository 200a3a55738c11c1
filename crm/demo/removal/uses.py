"""Who leans on rows of the demo shop."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Model

from users.models.user import User

Named = type[Model] | str  # a class, or app.Model of an app above this one that has a foreign key to logins


@dataclass(frozen=True, slots=True)
class Use:
    """A row of `model` names a row of the kind in `column`. The named one stays unless the row of `owner` goes that
    `path` leads to from it; without an owner it always stays.

    `key`: what the column repeats where it is no foreign key, such as a code. `only`: lookups of the rows that count.
    `is_trial`: was tried out with the demo shop, so that it goes along with trials.
    """

    model: Named
    column: str
    owner: type[Model] | None = None
    path: str = "pk"
    key: str = "pk"
    only: tuple[tuple[str, Any], ...] = ()
    is_trial: bool = False

    @property
    def rows_of(self) -> type[Model]:
        return _above(self.model) if isinstance(self.model, str) else self.model

    @property
    def reason(self) -> str:
        """The name of the model that a colleague would look for."""
        named = self.rows_of if self.owner is None or self.is_trial else self.owner
        return str(named._meta.model_name)


@dataclass(frozen=True, slots=True)
class Kind:
    """`trial`: how a row of a colleague's own leads to the demo shop's, by lookup and kind: what was only tried out
    with it. `part_of`: the column and kind of what it is a part of; a part of what was changed stays with it."""

    model: type[Model]
    uses: tuple[Use, ...] = ()
    trial: tuple[tuple[str, type[Model]], ...] = ()
    part_of: tuple[str, type[Model]] | None = None

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)


def _above(label: str) -> type[Model]:
    relations = (field for field in User._meta.get_fields(include_hidden=True) if field.is_relation)
    models = (cast(type[Model], relation.related_model) for relation in relations)
    return next(model for model in models if model._meta.label == label)


Goes = dict[type[Model], set[Any]]


def users_of(kind: Kind, ids: Iterable[Any], goes: Goes, *, with_trials: bool) -> dict[Any, str]:
    """The rows of the kind, among these, that something names which stays, each with the name of that."""
    wanted = list(ids)
    kept: dict[Any, str] = {}
    for use in kind.uses:
        if not (use.is_trial and with_trials):
            for row in _named_rows(kind, use, wanted, goes):
                kept.setdefault(row, use.reason)
    return kept


def _named_rows(kind: Kind, use: Use, wanted: list[Any], goes: Goes) -> list[Any]:
    known = kind.model._base_manager.filter(pk__in=wanted).values_list(use.key, "pk")
    keys = list(known) if use.key != "pk" else [(one, one) for one in wanted]
    rows = use.rows_of._base_manager.filter(**{f"{use.column}__in": [key for key, _pk in keys]}, **dict(use.only))
    if use.owner is not None:
        rows = rows.exclude(**{f"{use.path}__in": goes.get(use.owner, set())})
    named = set(rows.order_by().values_list(use.column, flat=True).distinct())
    return [pk for key, pk in keys if key in named]

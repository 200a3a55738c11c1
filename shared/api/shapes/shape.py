"""What a serializer declares, read by columns: from the rows of a list to the members of an answer in one pass.

A serializer says once what an answer has: names, sources, kinds. Its Shape selects just these columns, as text where
JSON has text, and makes of each row what the serializer would make of the record, without the record.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast
from rest_framework import serializers

from shared.api.serializers import IdsOf, MoneyAmount, MoneyText, WorkedOut
from shared.money.amounts import format_money, stored_ending
from shared.money.currencies import STORED_DIGITS
from shared.planner.prepared import Columns
from shared.text.times import iso_of_stored, iso_time

CURRENCY = "currency"
_STORED = STORED_DIGITS + 1  # characters behind the whole units
_SUBSETS = 1_000  # of the fields, which clients choose


@dataclass(frozen=True, slots=True)
class Shown:
    """One member of the answer. `of_column` and `of_attribute` make it of what was read, and of what a record has;
    None: as it is. Money is made with its currency,
    and so is what is worked out."""

    name: str
    path: str
    as_text: bool = False
    is_money: bool = False
    of_column: Callable[..., Any] | None = None
    of_attribute: Callable[..., Any] | None = None
    expression: Callable[[], Any] | None = None
    further: tuple[str, ...] = ()  # what it is worked out of, beside the path, as Python has it, by `compute`
    compute: Callable[[Sequence[Any], str], Any] | None = None

    def column(self) -> Any:
        if self.expression:
            return self.expression()
        return Cast(self.path, TextField()) if self.as_text else self.path


@dataclass(frozen=True, eq=False)
class Shape:
    """`hidden`: what whoever is no colleague is shown instead. `currency`: where a row has that of its amounts; None:
    it stands with what the rows hang on, and of_row is given it."""

    shown: tuple[Shown, ...]
    names: tuple[str, ...]  # nested ones, too, in order
    hidden: dict[str, Any] = field(default_factory=dict)
    currency: str | None = CURRENCY

    def only(self, names: frozenset[str] | None) -> "Shape":
        """With these members alone; None: with all."""
        return self if names is None or names.issuperset(self.names) else _only(self, names)

    def columns(self, key: str = "id") -> Columns:
        """Those of the members, then as text the currency of the amounts, the id and `key`: a cursor's position, or
        what the rows hang on."""
        return _columns(self, key)

    @property
    def has_money(self) -> bool:
        return any(each.is_money or each.compute for each in self.shown)

    @property
    def further(self) -> list[str]:
        """What is read beside a column for each member."""
        return [path for each in self.shown for path in each.further]

    @cached_property
    def of_row(self) -> Callable[..., dict[str, Any]]:
        """The answer for a row of the columns, and for the currency of its amounts where the shape reads none."""
        as_read, names, place_of_currency = self._in_order(), self.names, len(self.shown) + len(self.further)
        money, worked_out = self._money(), self._worked_out()
        others = [(each.name, place, each.of_column) for place, each in enumerate(self.shown) if each.of_column]

        def reading(row: Sequence[Any], currency: str | None = None) -> dict[str, Any]:
            currency = currency or row[place_of_currency]
            shown = dict(zip(names, as_read(row), strict=True))
            for name, place, convert in others:
                shown[name] = convert(row[place])
            zeros, cut = stored_ending(currency) if money else ("", None)
            for name, place in money:
                text = row[place]
                shown[name] = text[:cut] if text.endswith(zeros) else format_money(Decimal(text), currency)
            for name, values_of, compute in worked_out:
                shown[name] = compute(values_of(row), currency)
            return shown

        return reading

    @cached_property
    def of_instance(self) -> Callable[[Any, str], dict[str, Any]]:
        """The same for a record and its currency; its nested members are any value."""
        paths = [each.path for each in self.shown] + self.further
        read = attrgetter(*(path.replace("__", ".") for path in paths), "pk", "pk")
        as_read, names, money, worked_out = self._in_order(), self.names, self._money(), self._worked_out()
        others = [(each.name, place, each.of_attribute) for place, each in enumerate(self.shown) if each.of_attribute]

        def showing(instance: Any, currency: str) -> dict[str, Any]:
            values = read(instance)
            shown = dict(zip(names, as_read(values), strict=True))
            for name, place, convert in others:
                shown[name] = convert(values[place])
            zeros, cut = stored_ending(currency) if money else ("", None)
            for name, place in money:
                text = str(values[place])
                is_stored = text[-_STORED:-STORED_DIGITS] == "." and text.endswith(zeros)
                shown[name] = text[:cut] if is_stored else format_money(values[place], currency)
            for name, values_of, compute in worked_out:
                shown[name] = compute(values_of(values), currency)
            return shown

        return showing

    def _money(self) -> list[tuple[str, int]]:
        return [(each.name, place) for place, each in enumerate(self.shown) if each.is_money]

    def _worked_out(self) -> list[tuple[str, Any, Any]]:
        found, behind = [], len(self.shown)
        for place, each in enumerate(self.shown):
            if each.compute:
                places = [place, *range(behind, behind + len(each.further))]
                found.append((each.name, _values_at(places), each.compute))
            behind += len(each.further)
        return found

    def _in_order(self) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """Out of a row, a value for each name; nested ones have any."""
        place_of = {each.name: place for place, each in enumerate(self.shown)}
        return _values_at([place_of.get(name, 0) for name in self.names])


def _values_at(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Always a sequence, which itemgetter gives for several places alone."""
    return itemgetter(*places) if len(places) > 1 else lambda row: [row[place] for place in places]


@lru_cache(maxsize=_SUBSETS)
def _only(shape: Shape, names: frozenset[str]) -> Shape:
    kept = tuple(each for each in shape.shown if each.name in names)
    hidden = {name: value for name, value in shape.hidden.items() if name in names}
    return Shape(kept, tuple(name for name in shape.names if name in names), hidden, shape.currency)


@lru_cache(maxsize=_SUBSETS)
def _columns(shape: Shape, key: str) -> Columns:
    money = shape.currency if shape.currency and shape.has_money else "id"
    members = [each.column() for each in shape.shown]
    return Columns((*members, *map(F, shape.further), _text(money), _text("id"), _text(key)))


def _text(path: str) -> Any:
    return Cast(path, TextField())


def shape_of(serializer_class: type[serializers.Serializer], *, currency: str | None = CURRENCY) -> Shape:
    """What the serializer declares. Lists of further serializers are nested: whoever reads them adds them. Raises
    TypeError for a field that no column answers."""
    declared = serializer_class().fields
    shown = [
        _shown(name, each, serializer_class)
        for name, each in declared.items()
        if not isinstance(each, serializers.ListSerializer)
    ]
    hidden = {name: each.hidden for name, each in declared.items() if hasattr(each, "hidden")}
    return Shape(tuple(shown), tuple(declared), hidden, currency)


def _shown(name: str, declared: Any, serializer_class: Any) -> Shown:
    path = ".".join(declared.source_attrs).replace(".", "__")
    if isinstance(declared, WorkedOut):
        first, *further = declared.worked_out_of
        return Shown(name, first, further=tuple(further), compute=declared.compute)
    if isinstance(declared, MoneyAmount | MoneyText):
        return _shown_money(name, path, declared)
    if isinstance(declared, IdsOf):
        return Shown(name, path, of_attribute=declared.to_representation)
    if isinstance(declared, serializers.ManyRelatedField):
        return Shown(name, path, expression=lambda: _names_of(serializer_class.Meta.model, declared))
    if isinstance(declared, serializers.JSONField | serializers.DictField):
        return Shown(name, path, as_text=True, of_column=_json_or_none)
    for kind, make in _KINDS.items():
        if isinstance(declared, kind):
            return make(name, path)
    raise TypeError(f"{serializer_class.__name__}.{name}: nobody has said which column answers it.")


def _shown_money(name: str, path: str, declared: Any) -> Shown:
    if declared.allow_null:
        return Shown(name, path, compute=_money_or_none)
    return Shown(name, path, as_text=True, is_money=True)


def _money_or_none(values: Sequence[Any], currency: str) -> str | None:
    """Apart from other amounts, which need not be looked at for None."""
    return None if values[0] is None else format_money(values[0], currency)


def _json_or_none(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)


_KINDS: dict[type[Any], Callable[[str, str], Shown]] = {
    serializers.UUIDField: lambda name, path: Shown(name, path, as_text=True, of_attribute=_text_or_none),
    serializers.DateTimeField: lambda name, path: Shown(
        name, path, as_text=True, of_column=iso_of_stored, of_attribute=iso_time
    ),
    serializers.DateField: lambda name, path: Shown(name, path, as_text=True, of_attribute=_text_or_none),
    serializers.DecimalField: lambda name, path: Shown(name, path, as_text=True, of_attribute=_text_or_none),
    serializers.CharField: Shown,
    serializers.ChoiceField: Shown,
    serializers.IntegerField: Shown,
    serializers.BooleanField: Shown,
}


def _names_of(model: Any, declared: Any) -> ArraySubquery:
    """Of the records of a many-to-many relation, in their order."""
    relation = model._meta.get_field(declared.source)
    of_row = {relation.related_query_name(): OuterRef("pk")}
    return ArraySubquery(relation.related_model.objects.filter(**of_row).values(declared.child_relation.slug_field))

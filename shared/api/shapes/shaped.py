"""Representations that are declared once: what a serializer's fields say is what is written."""

from functools import cache
from typing import Any

from rest_framework import serializers

from shared.api.shapes.shape import Shape, shape_of


class ShapedSerializer(serializers.Serializer):
    """Shows a record as its fields declare it; lists of further serializers are its related rows, which must be
    prefetched. Amounts (MoneyText) have the digits of the record's own `currency`, as those of its rows have."""

    @classmethod
    def represent(cls, instance: Any) -> dict[str, Any]:
        """The record as JSON has it."""
        return _represent(cls, instance, getattr(instance, "currency", ""))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return self.represent(instance)


def _represent(declared: type[serializers.Serializer], instance: Any, currency: str) -> dict[str, Any]:
    """The members that `declared` names, of a record whose amounts are in `currency`."""
    shape, rows = _parts_of(declared)
    shown = shape.of_instance(instance, currency)
    for name, source, of_rows in rows:
        shown[name] = [_represent(of_rows, row, currency) for row in getattr(instance, source).all()]
    return shown


@cache
def _parts_of(declared: type[serializers.Serializer]) -> tuple[Shape, list[tuple[str, str, Any]]]:
    """Its columns, and its lists of rows as (name, source, serializer): read off it once."""
    fields = declared().fields
    rows = [
        (name, str(each.source), type(each.child))
        for name, each in fields.items()
        if isinstance(each, serializers.ListSerializer)
    ]
    return shape_of(declared), rows

"""What an export knows of one list: its columns, and how its rows are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.utils.translation import gettext

from orders.models.order_item import OrderItem
from shared.clock import shop_zone
from users.custom_fields import custom_fields_of
from users.models.custom_field import CustomFieldOwner
from users.models.tag import Tag

_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ExportResource:
    """`columns`: header, and where the value stands. `listed`: the model of the admin's list, where it is another."""

    name: str
    label: str
    model: type[Model]
    columns: tuple[tuple[str, str], ...]
    custom: CustomFieldOwner | None = None
    has_tags: bool = False
    listed: type[Model] | None = None

    @property
    def list_model(self) -> type[Model]:
        return self.listed or self.model

    def rows(self, listed: QuerySet) -> QuerySet:
        """The rows of the file for those of the list, in the list's order."""
        if self.model is OrderItem:
            return OrderItem.objects.filter(order__in=listed.order_by().values("pk")).order_by("order_id", "position")
        if self.has_tags:
            tags = Tag.objects.filter(customers=OuterRef("pk")).order_by("name").values("name")
            return cast("QuerySet", listed.annotate(tag_names=ArraySubquery(tags)))
        return listed

    def headers(self) -> list[str]:
        """In the language that is active. Times are in the shop's zone, which their headers name."""
        zone = shop_zone().key
        named = [gettext(header).replace("%(zone)s", zone) for header, _path in self.columns]
        return named + [field.label for field in self._custom_fields()]

    def values(self, listed: QuerySet) -> Iterator[tuple[Any, ...]]:
        """Through a cursor on the server: memory is needed for one batch. Call it in a transaction."""
        keys = [field.key for field in self._custom_fields()]
        paths = [path for _header, path in self.columns] + (["custom_fields"] if keys else [])
        rows = self.rows(listed).select_related(None).prefetch_related(None).values_list(*paths)
        for row in rows.iterator(chunk_size=_BATCH):
            yield (*row[:-1], *(row[-1].get(key) for key in keys)) if keys else row

    def _custom_fields(self) -> list[Any]:
        return custom_fields_of(self.custom) if self.custom is not None else []

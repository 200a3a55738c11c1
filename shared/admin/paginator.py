"""Pages of lists that may be millions of rows long."""

from functools import cached_property
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet

from shared.admin.display import number

MAX_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts at most `max_counted` rows and one more, which then stands for “and more”.

    Rows behind those are reached by search and filters, never by counting or skipping a whole table.
    """

    template_name = "admin/kontor/pagination.html"

    def __init__(self, *args: Any, max_counted: int = MAX_COUNTED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_counted = max_counted
        self.has_more = False  # than `object_list` has in it

    @cached_property
    def _count_bounded(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list).order_by().values("pk")
        return rows[: self.max_counted + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._count_bounded, self.max_counted)

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.has_more or self._count_bounded > self.max_counted

    @property
    def count_label(self) -> str:
        return f"{number(self.count)}+" if self.is_bounded else number(self.count)

"""Pages of lists that may be millions of rows long."""

from functools import cached_property
from typing import cast

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet

MAX_COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts at most MAX_COUNTED rows and one more, which then stands for “and more”.

    Rows behind those are reached by search and filters, never by counting or skipping a whole table.
    """

    template_name = "admin/kontor/pagination.html"

    @cached_property
    def _counted(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list).order_by().values("pk")
        return rows[: MAX_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, MAX_COUNTED)

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > MAX_COUNTED

    @property
    def count_label(self) -> str:
        return f"{MAX_COUNTED:,}+" if self.is_bounded else f"{self.count:,}"

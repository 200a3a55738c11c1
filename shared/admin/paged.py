"""Tables of forms that may be long: a page of rows at a time."""

from typing import Any

from unfold.forms import PaginationInlineFormSet

from shared.admin.conflicts.sending import sent_keys

ROWS_PER_PAGE = 50


class PagedFormSet(PaginationInlineFormSet):
    """What was sent is found by its keys: rows may have moved to another page since the page was made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._queryset = self.queryset.filter(pk__in=sent_keys(self))

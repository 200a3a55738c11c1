"""Pages by cursor: as fast at the end of a million rows as at the beginning, and no row twice."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.filtering import BY_ID
from shared.planner.prepared import Columns, annotations_of, select

_BEGINNING = Cursor(offset=0, reverse=False, position=None)


class NewestFirst(CursorPagination):
    """Pages of 20, or of `limit` (up to 100; `page_size` is understood too), newest first."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "limit"
    page_size_query_description = "Rows on a page, 1 to 100."
    cursor_query_description = "Where the page begins: taken from `next` or `previous`, never made up."
    ordering = "-id"
    _columns: Callable[[str], Columns] | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Raises ValidationError for a cursor that nobody was given."""
        try:
            rows = self.narrow(queryset, request, view)
            if self._columns:
                position = self.get_ordering(request, rows, view)[0].removeprefix("-")
                rows = select(rows, self._columns(position))
            return super().paginate_queryset(rows, request, view)
        # A position that somebody made up may be no id or time, or beyond what PostgreSQL has.
        except (ValueError, OverflowError, DjangoValidationError, DataError):
            raise _parameter_fault(self.cursor_query_param, "The cursor is not one of ours.") from None

    def page_of_columns(
        self, queryset: Any, request: Request, view: Any, columns: Callable[[str], Columns]
    ) -> list[tuple[Any, ...]]:
        """As paginate_queryset, but the page's rows are tuples of these columns. `columns` takes the name of what the
        page stands at, and has it as the last column."""
        self._columns = columns
        return self.paginate_queryset(queryset, request, view) or []

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """Newest first by a filter's own expression, if it brought one."""
        ordering = tuple(super().get_ordering(request, queryset, view))
        is_own = ordering == (type(self).ordering,) and BY_ID in annotations_of(queryset)
        return (f"-{BY_ID}",) if is_own else ordering

    def narrow(self, queryset: Any, request: Request, view: Any) -> Any:
        """A queryset with the same page in it, for lists that know a faster way to it."""
        return queryset

    def _get_position_from_instance(self, instance: Any, ordering: Any) -> str:
        return instance[-1] if isinstance(instance, tuple) else super()._get_position_from_instance(instance, ordering)

    def decode_cursor(self, request: Request) -> Cursor | None:
        sent = request.query_params.get(self.cursor_query_param)
        try:
            cursor: Cursor | None = super().decode_cursor(request)
            if sent is not None and cursor == _BEGINNING:  # nobody was given that one: it is garbage that decodes
                raise NotFound
        except NotFound:
            raise _parameter_fault(self.cursor_query_param, "The cursor is not one of ours.") from None
        return cursor

    def get_page_size(self, request: Request) -> int:
        for name in ("limit", "page_size"):
            sent = request.query_params.get(name)
            if sent is not None:
                return self._read_limit(name, sent)
        return 20

    def _read_limit(self, name: str, sent: str) -> int:
        # int() alone would read the digits of other scripts, and numbers of any length.
        in_range = sent.isascii() and sent.isdigit() and len(sent) <= 3 and 1 <= int(sent) <= self.max_page_size
        if not in_range:
            raise _parameter_fault(name, f"A page has 1 to {self.max_page_size} rows.")
        return int(sent)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        cursor = {"type": ["string", "null"], "description": "`cursor` of the next page, as `next` has it."}
        properties = {"next": link, "previous": link, "next_cursor": cursor, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_paginated_response(self, data: Any) -> Response:
        """The rows with links to the pages beside, and the cursor alone for clients that make their own addresses."""
        following = self.get_next_link()
        cursor = parse_qs(urlsplit(following).query)[self.cursor_query_param][0] if following else None
        return Response(
            {"next": following, "previous": self.get_previous_link(), "next_cursor": cursor, "results": data}
        )

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor, limit = super().get_schema_operation_parameters(view)
        limit["schema"] = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 20}
        return [cursor, limit]

    def query_parameters(self) -> Sequence[str]:
        """Names that a list accepts because of its pages."""
        return (self.cursor_query_param, "limit", "page_size")


def _parameter_fault(name: str, text: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(text, "invalid")]})

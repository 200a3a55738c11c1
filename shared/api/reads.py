"""Reads of records whose serializer's Shape says what is shown: by columns, by statements made once a process."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.filtering import refuse_parameters
from shared.api.principal import is_staff
from shared.api.shapes.shape import Shape
from shared.api.shapes.sparse import FIELDS, fields_asked
from shared.api.viewsets import Resource
from shared.planner.prepared import Columns, select

Row = tuple[Any, ...]
Members = list[dict[str, Any]]


class SparseReads(Resource):
    """A resource whose lists and single rows take `?fields=`."""

    sparse_actions: ClassVar[frozenset[str]] = frozenset({"list", "retrieve"})

    @property
    def is_sparse(self) -> bool:
        """Whether the action takes the parameter."""
        return getattr(self, "action", None) in self.sparse_actions


class ShapedReads(SparseReads):
    """Lists and single rows by the view's shape. `get_queryset` gives PreparedRows or, for a case that is rare, a
    queryset: the answer is the same."""

    shape: ClassVar[Shape]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shape = self.shape.only(fields_asked(request, self.shape.names))
        paginator: Any = self.paginator
        rows = paginator.page_of_columns(self.filter_queryset(self.get_queryset()), request, self, shape.columns)
        return self.get_paginated_response(self.show_rows(shape, rows))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        shape = self.shape.only(fields_asked(request, self.shape.names))
        refuse_parameters(request, {FIELDS})
        found = list(select(self.get_queryset().filter(pk=kwargs["pk"]).order_by(), shape.columns())[:1])
        if not found:
            raise Http404
        return Response(self.show_rows(shape, found)[0])

    def show_rows(self, shape: Shape, rows: Sequence[Row]) -> Members:
        """The rows of the shape's columns as they are shown to whoever asks."""
        shown = [shape.of_row(row) for row in rows]
        if shape.hidden and not is_staff(self.request):
            for each in shown:
                each.update(shape.hidden)
        return shown


def keys_of(rows: Sequence[Row]) -> list[str]:
    """Their ids: the last column but one."""
    return [row[-2] for row in rows]


def currencies_of(rows: Sequence[Row]) -> dict[str, str]:
    """By id, what amounts of the rows of a shape with money are in: the last column but two."""
    return {row[-2]: row[-3] for row in rows}


def by_last_column(rows: Any, columns: Columns) -> dict[str, list[Row]]:
    """Rows of what hangs on others, by the keys of these."""
    found: dict[str, list[Row]] = {}
    for row in select(rows, columns):
        found.setdefault(row[-1], []).append(row)
    return found

"""Filters of lists. What a list does not understand it refuses, rather than answer more than was asked."""

import json
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F, QuerySet
from django_filters import CharFilter, TypedChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from shared.api.shapes.sparse import FIELDS
from shared.planner.beginnings import Beginning, begins
from shared.planner.lookups import UnindexedValue
from shared.planner.prepared import as_queryset
from shared.planner.word_search import LONGEST_TERM, WordIndex, with_words

ORDERING = "ordering"
BY_ID = "by_id"
_MANY = 10_000


class TrueOrFalse(TypedChoiceFilter):
    """`true` or `false`; django-filter's own BooleanFilter takes what is neither for nothing at all."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("true", "true"), ("false", "false")]
        super().__init__(choices=choices, coerce=lambda value: value == "true", **kwargs)


class WordsFilter(CharFilter):
    """`?search=`: rows that have words which begin with those of the term, in any case and with or without accents. A
    typing mistake finds nothing: clients make what they do not find."""

    def __init__(self, index: WordIndex, help_text: str) -> None:
        super().__init__(help_text=help_text, max_length=LONGEST_TERM)
        self.index = index

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return with_words(qs, self.index, value) if value else qs


def begins_with(rows: QuerySet, field: str, prefix: str) -> QuerySet:
    """Rows whose text begins so, in upper or lower case; served by an index on Lower(field), text_pattern_ops.

    How many are expected for this very prefix decides the way to them, also when PostgreSQL keeps one plan for all. Of
    many, a page of the newest is soon met along the newest rows: they are compared with what no index holds. Fewer are
    put in their order by BY_ID, which no index has either, and so found by their beginning, wherever they lie.
    """
    beginning = begins(field, prefix)
    found = beginning.all_of(rows)
    if _expected_count(found) > _MANY:
        return Beginning(UnindexedValue(beginning.expression), beginning.term).all_of(rows)
    by_id: QuerySet = found.annotate(**{BY_ID: UnindexedValue(F("pk"))})
    return by_id


def _expected_count(rows: QuerySet) -> int:
    """How many rows PostgreSQL expects by its statistics. One statement, which reads none of them."""
    (plan,) = json.loads(rows.select_related(None).order_by().values("pk").explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])


class StrictFilterBackend(DjangoFilterBackend):
    """`view.filterset_class` names the filters, `view.ordering_fields` what may be ordered by."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """Raises ValidationError naming every parameter that is unknown or wrong. A single row takes none.
        `view.filtered_by` has what was asked for, as the filters understand it."""
        sparse = {FIELDS} if getattr(view, "is_sparse", False) else set()
        if getattr(view, "detail", False):
            refuse_parameters(request, sparse)
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = sparse | (set(filterset_class.base_filters) if filterset_class else set())
        if paginator := getattr(view, "paginator", None):
            known |= set(paginator.query_parameters())
        if getattr(view, "ordering_fields", ()):
            known.add(ORDERING)
        refuse_parameters(request, known)
        _refuse_empty(request)
        view.filtered_by = {}
        if filterset_class is None or request.query_params.keys().isdisjoint(filterset_class.base_filters):
            return queryset  # making a form costs more than reading the page
        compared = _compared(request, filterset_class)
        if compared is not None:
            view.filtered_by = compared
            for name, value in compared.items():
                queryset = filterset_class.base_filters[name].filter(queryset, value)
            return queryset
        filterset = self.get_filterset(request, as_queryset(queryset), view)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        filtered = filterset.form.cleaned_data
        view.filtered_by = {name: value for name, value in filtered.items() if value not in (None, "")}
        found: QuerySet = filterset.qs
        return found

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...] | None:
        """The ordering asked for, with the id to tell equals apart; None for the list's own."""
        sent = request.query_params.get(ORDERING)
        default = getattr(view, "ordering", None)
        if sent is None:
            return default
        field = sent.removeprefix("-")
        if field not in view.ordering_fields:
            choices = ", ".join(f"{name}, -{name}" for name in view.ordering_fields)
            raise ValidationError({ORDERING: [ErrorDetail(f"Order by one of {choices}.", "invalid_choice")]})
        return (sent, "-id" if sent.startswith("-") else "id")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The ordering parameter; drf-spectacular's django-filter extension adds the filters."""
        fields = getattr(view, "ordering_fields", ())
        choices = [sign + name for name in fields for sign in ("", "-")]
        return [{"name": ORDERING, "in": "query", "schema": {"type": "string", "enum": choices}}] if fields else []


def _compared(request: Request, filterset_class: Any) -> dict[str, Any] | None:
    """What was asked for, as the filters understand it, without a form. None where one of them is a method of its
    filterset, or something is wrong: the form says what."""
    found = {}
    for name in sorted(request.query_params.keys() & filterset_class.base_filters.keys()):
        each = filterset_class.base_filters[name]
        if each.method is not None:
            return None
        try:
            found[name] = each.field.clean(request.query_params[name])
        except DjangoValidationError:
            return None
    return {name: value for name, value in found.items() if value not in (None, "")}


def _refuse_empty(request: Request) -> None:
    """`?customer=` is a client's empty variable, hardly meant to show everybody's rows."""
    empty = [name for name, value in request.query_params.items() if not value]
    if empty:
        raise ValidationError({name: [ErrorDetail("Give a value, or leave it out.", "empty")] for name in empty})


def refuse_parameters(request: Request, known: set[str]) -> None:
    """Raise ValidationError naming the query parameters that are not known."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        allowed = f"Known: {', '.join(sorted(known))}." if known else "None is known here."
        text = f"Unknown query parameter. {allowed}"
        raise ValidationError({name: [ErrorDetail(text, "unknown_parameter")] for name in unknown})

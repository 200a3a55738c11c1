"""What we need of each private name of a library: `PINS` fail where a release has changed it."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import strawberry
import unfold.utils
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.management.commands import migrate
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState, StateApps
from django.db.models.base import ModelState
from django.db.models.manager import BaseManager
from django.db.models.sql import UpdateQuery
from django.http import HttpRequest, QueryDict
from django.template.base import FilterExpression, Lexer, Parser
from django.test import RequestFactory
from django.utils import log
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularAPIView
from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from graphql.execution import Executor
from procrastinate.manager import JobManager
from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.errors import _WaitTimeout
from rest_framework import serializers
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.utils.mediatypes import _MediaType
from rest_framework_simplejwt.utils import get_md5_hash_password
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import SELECT_CLASSES

from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.order_item import OrderItem


def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def _query_of_a_list() -> Any:
    assert not Order.objects.all().query.where
    assert Order.objects.filter(number="1").query.where
    assert len(Order.objects.filter(number="1", note="").query.where.children) == 2
    assert Order.objects.filter(number="1").query.where == Order.objects.filter(number="1").query.where
    return Order.objects.order_by("-created_at").select_related("customer").query


def _prefetched_rows_are_read_from_the_cache() -> None:
    order = Order()
    order.__dict__["_prefetched_objects_cache"] = {"items": [item := OrderItem()]}
    assert order.items.all() == [item]  # without the database, which this test may not use


def _model_state() -> None:
    state = ModelState()
    assert (state.adding, state.db) == (True, None)


def _sql_of_a_query() -> None:
    sql, params = Order.objects.filter(number="1").values_list("pk").query.get_compiler(connection=connection).as_sql()
    assert sql.startswith("SELECT")
    assert params == ("1",)


def _converters_of_columns() -> None:
    compiler = OrderEvent.objects.all().query.get_compiler(connection=connection)
    compiler.as_sql()
    found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    fields = [field.attname for field in OrderEvent._meta.concrete_fields]
    assert [fields[place] for place in found] == ["data"]


def _columns_of_instances() -> None:
    compiler = OrderItem.objects.select_related("order").query.get_compiler(connection=connection)
    compiler.as_sql()
    info = compiler.klass_info
    names = [compiler.select[place][0].target.attname for place in info["select_fields"]]
    assert (info["model"], names) == (OrderItem, [field.attname for field in OrderItem._meta.concrete_fields])
    [joined] = info["related_klass_infos"]
    assert (joined["model"], joined["field"]) == (Order, OrderItem._meta.get_field("order"))


def _sql_of_an_update() -> None:
    query = Order.objects.filter(number="1").query.chain(UpdateQuery)
    query.add_update_values({"note": "x"})  # type: ignore[attr-defined]
    sql, params = query.get_compiler(connection=connection).as_sql()
    assert sql.startswith("UPDATE")
    assert params == ("x", "1")


def _unchangeable_form() -> None:
    form = QueryDict(mutable=True)
    form._mutable = False
    with pytest.raises(AttributeError):
        form["a"] = "b"


def _form_that_was_read() -> None:
    request = RequestFactory().post("/", {"sent": "1"})
    request.__dict__ |= {"_post": QueryDict("read=1"), "_files": {}}
    assert dict(request.POST.items()) == {"read": "1"}


def _response_that_was_logged() -> None:
    assert "_has_been_logged" in inspect.getsource(log.log_response)


def _user_of_a_request() -> None:
    request = HttpRequest()
    request.session = {}  # type: ignore[assignment]
    AuthenticationMiddleware(lambda _request: None).process_request(request)  # type: ignore[arg-type]
    assert "_cached_user" not in request.__dict__
    assert request.user == AnonymousUser()
    assert isinstance(request.__dict__["_cached_user"], AnonymousUser)


def _template_parser() -> None:
    assert {"compile_filter", "find_filter", "parse"} <= set(dir(Parser))
    assert _parameters(Parser)[:4] == ["tokens", "libraries", "builtins", "origin"]
    assert Lexer("a {{ b }}").tokenize()[1].contents == "b"
    expression = FilterExpression("b|length", _parser())
    assert hasattr(expression, "var")
    assert hasattr(expression, "filters")


def _parser() -> Parser:
    from django.template import defaultfilters

    return Parser([], {}, [defaultfilters.register])


class _Body(serializers.Serializer):
    told = serializers.CharField()
    shown = serializers.CharField(read_only=True)


@strawberry.type
class _AnyQuery:
    told: str


def _wait_of_psycopg() -> None:
    for kind in (Connection, AsyncConnection):
        assert _parameters(kind.wait) == ["self", "gen", "interval", "timeout"]


def _has(owner: Any, *names: str) -> Callable[[], None]:
    def check() -> None:
        assert [name for name in names if not hasattr(owner, name)] == []

    return check


def _takes(owner: Any, name: str, *parameters: str) -> Callable[[], None]:
    def check() -> None:
        assert _parameters(getattr(owner, name)) == ["self", *parameters]

    return check


def _is(value: Callable[[], bool]) -> Callable[[], None]:
    def check() -> None:
        assert value()

    return check


def _pdf_with_a_fallback_font() -> None:
    pdf = FPDF()
    assert list(pdf._fallback_font_ids) == []
    assert pdf.current_font_is_set_on_page is False


PINS: dict[str, Callable[[], None]] = {
    "_prefetched_objects_cache": _prefetched_rows_are_read_from_the_cache,
    "ModelState": _model_state,
    "get_compiler": _sql_of_a_query,
    "get_converters": _converters_of_columns,
    "klass_info": _columns_of_instances,
    "add_update_values": _sql_of_an_update,
    "query.where": _is(lambda: bool(_query_of_a_list())),
    "query.order_by": _is(lambda: _query_of_a_list().order_by == ("-created_at",)),
    "query.select_related": _is(lambda: _query_of_a_list().select_related == {"customer": {}}),
    "_execute": _takes(CursorWrapper, "_execute", "sql", "params", "ignored_wrapper_args"),
    "_executemany": _takes(CursorWrapper, "_executemany", "sql", "param_list", "ignored_wrapper_args"),
    "make_cursor": _takes(BaseDatabaseWrapper, "make_cursor", "cursor"),
    "make_debug_cursor": _takes(BaseDatabaseWrapper, "make_debug_cursor", "cursor"),
    "get_new_connection": _takes(BaseDatabaseWrapper, "get_new_connection", "conn_params"),
    "is_usable": _takes(BaseDatabaseWrapper, "is_usable"),
    "close_if_health_check_failed": _takes(BaseDatabaseWrapper, "close_if_health_check_failed"),
    "errors_occurred": _is(lambda: isinstance(connection.errors_occurred, bool)),
    "collect_sql": _is(lambda: "collect_sql" in _parameters(BaseDatabaseSchemaEditor)),
    "migrate.MigrationExecutor": _is(lambda: "MigrationExecutor(" in inspect.getsource(migrate)),
    "apply_migration": _takes(MigrationExecutor, "apply_migration", "state", "migration", "fake", "fake_initial"),
    "reload_model": _takes(ProjectState, "reload_model", "app_label", "model_name", "delay"),
    "render_multiple": _takes(StateApps, "render_multiple", "model_states"),
    "all_models": _is(lambda: StateApps([], {}).all_models["shared"] == {}),
    "applied_migrations": _takes(MigrationRecorder, "applied_migrations"),
    "_create_formsets": _takes(ModelAdmin, "_create_formsets", "request", "obj", "change"),
    "_get_obj_does_not_exist_redirect": _takes(
        ModelAdmin, "_get_obj_does_not_exist_redirect", "request", "opts", "object_id"
    ),
    "get_filters": _takes(ChangeList, "get_filters", "request"),
    "get_ordering_field": _takes(ChangeList, "get_ordering_field", "field_name"),
    "get_results": _takes(ChangeList, "get_results", "request"),
    "apply_select_related": _takes(ChangeList, "apply_select_related", "qs"),
    "_post": _form_that_was_read,
    "_files": _form_that_was_read,
    "_mutable": _unchangeable_form,
    "_has_been_logged": _response_that_was_logged,
    "_cached_user": _user_of_a_request,
    "_db": _is(lambda: BaseManager()._db is None),
    "Lexer": _template_parser,
    "Parser": _template_parser,
    "FilterExpression": _template_parser,
    "_writable_fields": _is(lambda: [field.field_name for field in _Body()._writable_fields] == ["told"]),
    "_MediaType": _is(lambda: _MediaType("text/x; charset=utf-8").params == {"charset": "utf-8"}),
    "Cursor": _is(lambda: Cursor._fields == ("offset", "reverse", "position")),
    "decode_cursor": _takes(CursorPagination, "decode_cursor", "request"),
    "_get_paginator": _takes(AutoSchema, "_get_paginator"),
    "_get_position_from_instance": _takes(CursorPagination, "_get_position_from_instance", "instance", "ordering"),
    "_get_schema_response": _takes(SpectacularAPIView, "_get_schema_response", "request"),
    "execute_fields": _takes(
        Executor, "execute_fields", "parent_type", "source_value", "path", "grouped_field_set", "position_context"
    ),
    "execute_field": _takes(
        Executor, "execute_field", "parent_type", "source", "field_details_list", "path", "position_context"
    ),
    "_schema": _is(lambda: strawberry.Schema(query=_AnyQuery)._schema.query_type is not None),
    "_WaitTimeout": _is(lambda: issubclass(_WaitTimeout, OperationalError)),
    "wait": _wait_of_psycopg,
    "defer_job": _takes(JobManager, "defer_job", "job", "connection"),
    "get_md5_hash_password": _is(lambda: get_md5_hash_password("secret") != get_md5_hash_password("other")),
    "SELECT_CLASSES": _is(lambda: all(isinstance(name, str) for name in SELECT_CLASSES)),
    "display_for_field": _is(
        lambda: _parameters(unfold.utils.display_for_field) == ["value", "field", "empty_value_display"]
    ),
    "PaginationInlineFormSet": _has(PaginationInlineFormSet, "queryset"),
    "_fallback_font_ids": _pdf_with_a_fallback_font,
    "get_fallback_font": _takes(FPDF, "get_fallback_font", "char", "style"),
    "_out": _has(FPDF, "_out"),
    "_set_font_for_page": _takes(FPDF, "_set_font_for_page", "font", "font_size_pt", "wrap_in_text_object"),
    "current_font_is_set_on_page": _pdf_with_a_fallback_font,
    "BidiParagraph": _has(BidiParagraph, "get_reordered_characters"),
}

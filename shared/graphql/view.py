"""POST /api/graphql, by REST framework: its sign-in, its parser, its errors."""

from collections import OrderedDict
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from graphql import ExecutionResult
from rest_framework.exceptions import ErrorDetail, MethodNotAllowed, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared.errors import InvalidInput
from shared.graphql.cost import MAX_COST, Weigher
from shared.graphql.documents import QueryRefused, read_document
from shared.graphql.doors import Context
from shared.graphql.execution import run
from shared.graphql.graphiql import graphiql_page
from shared.graphql.problems import is_unavailable, shown_errors
from shared.http.problem_details import CONTENT_TYPE, problem_for, problem_for_status

_MEMBERS = {"query", "variables", "operationName", "extensions"}
_GRAPHQL = "application/graphql-response+json"


class GraphQLView(APIView):
    """Who may see or do what is decided field by field: each goes through a route of the API."""

    permission_classes = (AllowAny,)
    schema: Any = None  # of the OpenAPI document, where it does not stand
    compiled: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):  # as below /api/v1
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Not before the query is read and weighed: what is refused for what it is costs no statement."""

    def get(self, request: Request) -> HttpResponse:
        """The page to try queries with, for browsers; nothing is run by a GET."""
        if "text/html" not in request.headers.get("Accept", "") or request.query_params:
            raise MethodNotAllowed("GET", "Send queries by POST.")
        return graphiql_page(request._request)

    def post(self, request: Request) -> HttpResponseBase:
        sent = _read_body(request.data)
        schema = self.compiled
        try:
            document = read_document(schema, sent["query"])
            operation = document.operation(sent["operationName"])
            weigher = Weigher(schema, document, sent["variables"])
            cost = weigher.weigh(operation)
        except (QueryRefused, InvalidInput) as refusal:
            return _refuse(request, refusal)
        request.user  # noqa: B018 - signs in, and asks a session for its token
        context = Context(request)
        context.check_signed_in(weigher.doors)
        result = run(schema, document, operation, context=context, variables=sent["variables"])
        return _answer(request, result, cost)


def _read_body(body: Any) -> dict[str, Any]:
    """Raises ValidationError, naming what cannot be."""
    if isinstance(body, list):
        raise ValidationError([ErrorDetail("Send one query in a request, not a list of them.", "batch")])
    if not isinstance(body, dict):
        raise ValidationError([ErrorDetail("Send an object with `query`.", "invalid")])
    query, variables, name = body.get("query"), body.get("variables"), body.get("operationName")
    faults = {each: [ErrorDetail("Unknown field.", "unknown_field")] for each in body if each not in _MEMBERS}
    if not isinstance(query, str) or not query.strip():
        faults["query"] = [ErrorDetail("This must be a string with a query.", "required")]
    if variables is not None and not isinstance(variables, dict):
        faults["variables"] = [ErrorDetail("This must be an object.", "wrong_type")]
    if name is not None and not isinstance(name, str):
        faults["operationName"] = [ErrorDetail("This must be a string.", "wrong_type")]
    if faults:
        raise ValidationError(faults)
    return {"query": query, "variables": variables or {}, "operationName": name or None}


def _refuse(request: Request, refusal: Any) -> Response:
    """A problem, as everywhere below /api, and GraphQL's `errors` in the same object."""
    problem = problem_for(refusal)
    faults = [dict(fault.formatted) for fault in getattr(refusal, "faults", ())] or [{"message": problem.detail}]
    errors = [{**fault, "extensions": {"code": problem.code}} for fault in faults]
    extensions = {"cost": {"max": MAX_COST}}
    body = {**problem.body(request.path), "errors": errors, "extensions": extensions}
    return Response(body, problem.status, content_type=CONTENT_TYPE)


def _answer(request: Request, result: ExecutionResult, cost: int) -> HttpResponse:
    body: dict[str, Any] = OrderedDict()
    errors = shown_errors(result.errors or ())
    if errors:
        body["errors"] = errors
    body["data"] = result.data
    body["extensions"] = {"cost": {"actual": cost, "max": MAX_COST}}
    status, headers, kind = 200, {}, "application/json"
    if errors and is_unavailable(errors):
        status, headers = 503, {"Retry-After": "2"}
    elif result.data is None and not any("path" in error for error in errors):
        status = 400  # it was not begun: a variable is not what the query says
    if status >= 400:
        problem = problem_for_status(status, errors[0]["message"])
        body = {**problem.body(request.path), **body, "code": errors[0]["extensions"]["code"]}
        kind = CONTENT_TYPE
    elif _GRAPHQL in request.headers.get("Accept", ""):
        kind = _GRAPHQL
    return HttpResponse(orjson.dumps(body, default=str), status=status, headers=headers, content_type=kind)

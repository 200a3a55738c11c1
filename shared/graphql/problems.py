"""Errors in GraphQL: the code and the words of REST's problem."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from graphql import GraphQLError

from shared.graphql.documents import QueryRefused
from shared.http.problem_details import CODES, problem_for

log = structlog.get_logger("kontor.graphql")


class Answered(Exception):
    """What a route answered instead of doing it: `problem` is its body."""

    def __init__(self, problem: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(problem["detail"])
        self.problem = problem
        self.headers = headers


def shown_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    return [_shown_error(error) for error in errors]


def _shown_error(error: GraphQLError) -> dict[str, Any]:
    formatted: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    extra: dict[str, Any] = {}
    if cause is None or isinstance(cause, GraphQLError):
        code = QueryRefused.code
    elif isinstance(cause, Answered):
        code = cause.problem["code"]
        formatted["message"] = cause.problem["detail"]
    else:
        problem = problem_for(cause)
        code, extra = problem.code, dict(problem.extra)
        formatted["message"] = problem.detail
        if problem.status >= 500 and problem.status != 503:
            log.error("request_failed", code=code, status=problem.status, path=error.path, exc_info=cause)
    formatted["extensions"] = {"code": code, **extra}
    return formatted


def is_unavailable(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the database stayed away: the same request may be sent again."""
    return any(error["extensions"]["code"] == CODES[503] for error in errors)

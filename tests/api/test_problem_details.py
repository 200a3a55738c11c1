"""One shape for every error below /api, whoever raised it."""

import json
from typing import Any, NoReturn

import psycopg
import pytest
from django.core.exceptions import DisallowedHost, ObjectDoesNotExist, RequestDataTooBig, ValidationError
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.models import ProtectedError
from django.http import Http404
from django.test import Client
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from tests.shop.http.api_client import Caller, ok, refused

RAISED: dict[str, Exception] = {}


class Raising(APIView):
    """Raises what the test put in RAISED."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> None:
        raise RAISED["error"]


def broken(request: Any) -> NoReturn:
    raise RAISED["error"]


urlpatterns = [path("api/raising", Raising.as_view()), path("api/broken", broken)]


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def database_error(kind: type[DatabaseError], cause: type[psycopg.Error]) -> DatabaseError:
    error = kind("x")
    error.__cause__ = cause("x")
    return error


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("route", ["/api/raising", "/api/broken"])
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (ZeroDivisionError("secret"), 500, "internal_error"),
        (DisallowedHost("x"), 400, "invalid"),
    ],
)
def test_djangos_own_pages_are_problems_in_debug_or_not(
    client: Client, settings: Any, debug: bool, route: str, error: Exception, status: int, code: str
) -> None:
    settings.DEBUG = debug
    RAISED["error"] = error

    problem = refused(client.get(route), status, code)

    assert problem["instance"] == route
    assert "secret" not in str(problem)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ObjectDoesNotExist(), 404),
        (ValidationError("x"), 400),
        (RequestDataTooBig(), 413),
        (ProtectedError("x", set()), 409),
        (database_error(DataError, psycopg.errors.NumericValueOutOfRange), 400),
        (database_error(IntegrityError, psycopg.errors.UniqueViolation), 409),
        (database_error(IntegrityError, psycopg.errors.ForeignKeyViolation), 409),
        (database_error(IntegrityError, psycopg.errors.CheckViolation), 400),
        (database_error(IntegrityError, psycopg.errors.NotNullViolation), 400),
        (database_error(OperationalError, psycopg.errors.QueryCanceled), 503),
        (database_error(OperationalError, psycopg.errors.DeadlockDetected), 503),
        (database_error(OperationalError, psycopg.errors.SerializationFailure), 503),
        (database_error(OperationalError, psycopg.errors.LockNotAvailable), 503),
        (database_error(OperationalError, psycopg.errors.AdminShutdown), 503),
        (database_error(OperationalError, psycopg.errors.TooManyConnections), 503),
        (OperationalError("the connection is lost"), 503),
        (InterfaceError("connection already closed"), 503),
        (ProgrammingError("our fault"), 500),
    ],
)
def test_an_exception_means_its_status(client: Client, error: Exception, status: int) -> None:
    RAISED["error"] = error

    response = client.get("/api/raising")

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (response.get("Retry-After") is not None) == (status == 503)


def test_a_statement_that_takes_too_long_is_a_503(client: Client, transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '20ms'")
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_sleep(5)")
        except OperationalError as error:
            RAISED["error"] = error
        cursor.execute("RESET statement_timeout")

    response = client.get("/api/raising")

    refused(response, 503, "unavailable")
    assert int(response["Retry-After"]) >= 1


def test_a_lost_connection_is_a_503(staff: Caller) -> None:
    connection.connection.close()

    response = staff.get("/products")

    refused(response, 503, "unavailable")
    connection.close()


def log_lines(written: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in written.readouterr().err.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("logger") == "kontor.api"]


def test_a_refusal_is_logged_with_request_and_principal(staff: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    staff.send("POST", "/companies", b"{", headers={"X-Request-ID": "abc-1"})

    (line,) = log_lines(capsys)
    assert (line["request_id"], line["principal"], line["status"]) == ("abc-1", str(staff.user.pk), 400)


def test_an_unforeseen_error_is_logged_with_its_traceback(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    RAISED["error"] = ZeroDivisionError("secret")

    client.get("/api/raising")

    (line,) = log_lines(capsys)
    assert line["level"] == "error"
    assert "ZeroDivisionError: secret" in line["exception"]


@pytest.mark.parametrize(("sent", "is_kept"), [("abc-123", True), ("", False), ("a b", False), ("x" * 129, False)])
def test_every_answer_names_its_request(visitor: Caller, sent: str, is_kept: bool) -> None:
    for where in ("/products", "/nope"):
        answered = visitor.send("GET", where, headers={"X-Request-ID": sent})["X-Request-ID"]
        assert (answered == sent) is is_kept
        assert answered


def test_the_type_of_a_problem_is_one_per_code(visitor: Caller) -> None:
    problem = refused(visitor.get("/orders"), 401, "not_authenticated")

    assert problem["type"] == "/api/problems/not_authenticated"


def test_the_admins_session_opens_the_api_with_a_csrf_token(staff: Caller, buyer: Caller) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff.user)
    browser.get("/admin/login/")
    browser.get("/api/docs")

    ok(browser.get("/api/v1/users/me"))
    refused(browser.post("/api/v1/companies", {"name": "a"}, "application/json"), 403, "permission_denied")
    browser.force_login(buyer.user)
    refused(browser.get("/api/v1/users/me"), 401, "not_authenticated")

"""What no client should send is answered with a 4xx that names the fault, and leaves no row."""

from typing import Any

import pytest
from django.test import Client

from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused
from tests.shop.people import CompanyFactory
from users.models.company import Company

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed_json"),
        (b"", "required"),
        (b"null", "null"),
        (b"[]", "invalid"),
        (b'"x"', "invalid"),
        (b"1", "invalid"),
        (b'{"name": NaN}', "malformed_json"),
        (b'{"name": -Infinity}', "malformed_json"),
        (b'{"name": 1e999999999999999999999}', "malformed_json"),
        (b'{"name": ' + b"1" * 5000 + b"}", "malformed_json"),
        (b'{"name": "a", "name": "b"}', "duplicate_key"),
        (b'{"name": "\xff"}', "malformed_json"),
        (b'\xef\xbb\xbf{"name": "a"}', "malformed_json"),
        (b'{"name": "a\x00b"}', "malformed_json"),
        (b'{"name": "a\\u0000b"}', "unstorable_text"),
        (b'{"name": "\\ud800"}', "unstorable_text"),
        (b'{"na\\u0000me": "a"}', "unstorable_text"),
        (b'{"name": "a", "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed_json"),
        (b'{"name": "a", "deep": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}", "malformed_json"),
        (b'{"name": 1}', "wrong_type"),
        (b'{"name": true}', "wrong_type"),
        (b'{"name": ["a"]}', "wrong_type"),
        (b'{"name": {"a": 1}}', "wrong_type"),
        (b'{"name": null}', "null"),
        (b'{"name": ""}', "blank"),
        (b'{"name": "' + b"x" * 201 + b'"}', "max_length"),
        (b'{"name": "a", "__proto__": {}}', "unknown_field"),
    ],
)
def test_a_body_that_cannot_be_is_a_400_that_says_why(staff: Caller, body: bytes, code: str) -> None:
    problem = refused(staff.post("/companies", body), 400, "invalid")

    assert code in {error["code"] for error in problem["errors"]}
    assert not Company.objects.exists()


def test_every_unstorable_string_is_pointed_at(staff: Caller) -> None:
    body = rb'{"name": "\u0000", "tags": ["ok", "\udfff"], "a/b~": {"x": "\u0000"}}'

    problem = refused(staff.post("/customers", body), 400, "invalid")

    assert sorted(pointers(problem)) == ["/a~1b~0/x", "/name", "/tags/1"]


def test_text_beyond_the_basic_plane_is_kept(staff: Caller) -> None:
    assert ok(staff.post("/companies", rb'{"name": "\ud83d\ude00 \u0001"}'), 201)["name"] == "😀 \x01"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonx",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "nonsense",
        "a/b/c",
        ";",
    ],
)
def test_only_json_in_utf_8_is_heard(staff: Caller, content_type: str) -> None:
    response = staff.send("POST", "/companies", b'{"name": "a"}', headers={"Content-Type": content_type})

    refused(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", 'application/JSON; charset="utf-8"'])
def test_json_in_utf_8_may_be_spelled_in_any_way(staff: Caller, content_type: str) -> None:
    ok(staff.send("POST", "/companies", b'{"name": "a"}', headers={"Content-Type": content_type}), 201)


@pytest.mark.parametrize(("size", "status"), [(MIB, 400), (MIB + 1, 413), (3 * MIB, 413), (3 * MIB + 1, 413)])
def test_a_body_has_up_to_one_mebibyte(staff: Caller, size: int, status: int) -> None:
    body = b'{"name": "a", "note": "' + b"x" * size
    body = body[: size - 2] + b'"}'

    refused(staff.post("/companies", body), status, "too_large" if status == 413 else "invalid")


@pytest.mark.parametrize("length", ["x", "-1", "1e3", "²"])
def test_a_content_length_that_is_no_number_is_a_400(staff: Caller, length: str) -> None:
    response = Client().get("/api/v1/products", CONTENT_LENGTH=length)

    refused(response, 400, "invalid")


@pytest.mark.parametrize("query", ["name=%00", "%00=1", "name=%ff", "name=%c3%28", "name=%ed%a0%80"])
@pytest.mark.parametrize("path", ["/api/v1/products", "/api/v1/orders", "/api/schema"])
def test_a_query_string_that_is_no_text_is_a_400(staff: Caller, path: str, query: str) -> None:
    response = Client().get(path, QUERY_STRING=query, headers={"Authorization": str(staff.authorization)})

    refused(response, 400, "invalid")


@pytest.mark.parametrize(
    "path",
    [
        "/customers/1",
        "/customers/x",
        "/customers/%00",
        "/customers/%ff",
        "/customers/../users",
        f"/customers/{NOBODYS}/nope",
        f"/customers/{NOBODYS.upper()}",
        "/nope",
        "//customers",
        "/customers//",
        "/stock-levels/1/movements",
        "/orders/' OR 1=1--",
    ],
)
def test_a_path_that_leads_nowhere_is_a_404(staff: Caller, path: str) -> None:
    refused(staff.get(path), 404, "not_found")


def test_a_trailing_slash_is_forgiven_on_every_route_and_method(staff: Caller) -> None:
    created = ok(staff.post("/companies/", {"name": "a"}), 201)
    path = f"/companies/{created['id']}/"

    ok(staff.get("/companies/"))
    ok(staff.patch(path, {"name": "b"}))
    assert staff.delete(path).status_code == 204
    refused(staff.post("/auth/token/", {}), 400, "invalid")
    assert Client().get("/api/docs/").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "FOO"])
def test_methods_that_a_route_lacks_are_405_and_name_the_others(staff: Caller, method: str) -> None:
    response = staff.send(method, f"/companies/{CompanyFactory.create().pk}")

    refused(response, 405, "method_not_allowed")
    assert {name.strip() for name in response["Allow"].split(",")} == {"GET", "PATCH", "DELETE", "HEAD"}


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=x"])
def test_answers_are_json_whatever_is_accepted(staff: Caller, accept: str) -> None:
    found = staff.send("GET", "/products", headers={"Accept": accept})
    lost = staff.send("GET", "/nope", headers={"Accept": accept})

    assert found["Content-Type"] == "application/json"
    refused(lost, 404, "not_found")


def test_a_body_sent_with_a_read_is_ignored(staff: Caller) -> None:
    ok(staff.send("GET", "/products", b"{"))


def test_head_answers_as_get_without_a_body(staff: Caller) -> None:
    response = staff.send("HEAD", "/products")

    assert (response.status_code, response.content) == (200, b"")


def test_an_unknown_host_is_a_400(db: None) -> Any:
    refused(Client().get("/api/v1/products", headers={"Host": "evil.example"}), 400, "invalid")

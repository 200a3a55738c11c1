"""GraphiQL is served from here alone, and a session in the browser must show its token."""

import gzip
import json
import re

from django.test import Client

from tests.config.graphql.asking import URL
from tests.shop.http.api_client import Caller, refused
from tests.shop.people import SuperuserFactory

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip, br"}


def test_the_page_asks_nobody_else_for_anything(db: None) -> None:
    page = Caller().send("GET", URL, headers=dict(BROWSER))

    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    text = page.content.decode()
    assert "://" not in text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(addresses) == 5
    for address in addresses:
        assert address.startswith("/"), address
        file = Client().get(address, headers=BROWSER)
        content = file.getvalue()
        assert (file.status_code, len(content) > 300) == (200, True), address
        if address.startswith("/api"):
            assert file["Content-Encoding"] == "gzip"
            assert "immutable" in file["Cache-Control"]
            assert Client().get(address).content == gzip.decompress(content)
            assert not re.search(rb"(unpkg|jsdelivr|cdnjs|googleapis)\.", gzip.decompress(content))
    assert Client().get("/api/graphql/files/LICENSE-react").status_code == 404


def test_a_get_runs_nothing(db: None) -> None:
    refused(Caller().send("GET", URL), 405, "method_not_allowed")
    refused(Caller().send("GET", URL, headers=dict(BROWSER), query="{ __typename }"), 405, "method_not_allowed")


def test_a_session_is_believed_with_its_token_alone(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(SuperuserFactory.create())
    page = browser.get(URL, headers=BROWSER).content.decode()
    query = json.dumps({"query": "{ orders { nodes { id } } }"})

    without = browser.post(URL, query, content_type="application/json")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None
    shown = browser.post(URL, query, content_type="application/json", headers={"X-CSRFToken": token[1]})

    assert (without.status_code, without.json()["code"]) == (403, "permission_denied")
    assert shown.json()["data"] == {"orders": {"nodes": []}}

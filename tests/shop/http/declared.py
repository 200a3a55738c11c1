"""What OpenAPI says of a route, held against what the route answers in whichever test asks it."""

import re
from functools import cache
from typing import Any

from django.urls import Resolver404

from shared.api.docs import SchemaView
from tests.shop.http.answer import Answer


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, made once a process: it depends on nothing but the code."""
    generator: Any = SchemaView.generator_class()
    made: dict[str, Any] = generator.get_schema(request=None, public=True)
    return made


def declared_path(route: str) -> str:
    """A route of Django's as OpenAPI names it."""
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).replace("{pk}", "{id}")


def check_declared(response: Answer) -> None:
    """Nobody is answered what the document does not say. Of what is no operation of the API it says nothing."""
    try:
        route = response.resolver_match.route
    except (AttributeError, Resolver404):  # no answer of the test client, or to an address that leads nowhere
        return
    path, method = declared_path(route), response.request["REQUEST_METHOD"].lower()
    operation = document()["paths"].get(path, {}).get(method)
    assert operation is None or str(response.status_code) in operation["responses"], (
        f"{method.upper()} {path} answers {response.status_code}, which OpenAPI does not declare"
    )

"""The API's description and its two readers, which load nothing from elsewhere."""

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

# The pages have inline scripts; whatever they ask for must come from here.
_ONLY_FROM_HERE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class SchemaView(SpectacularAPIView):
    """The OpenAPI document."""

    renderer_classes = [JSONRenderer]

    def _get_schema_response(self, request: Request) -> Response:
        return Response(openapi_document(), headers={"Cache-Control": "public, max-age=60"})


@cache
def openapi_document() -> dict[str, Any]:
    """Made once a process: it depends on nothing but the code."""
    generator: Any = SchemaView.generator_class()
    with translation.override("en"):  # whatever language the page that asks first is read in
        document: dict[str, Any] = generator.get_schema(request=None, public=True)
    return document


class _FirstRenderer(BaseContentNegotiation):
    """A page is HTML, its refusals are problems in JSON, whatever the Accept header says."""

    def select_parser(self, request: Request, parsers: Any) -> None:
        return None

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[Any, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def _set_headers(request: Request, response: Response) -> Response:
    """A refusal of the page is a problem in JSON, and whatever the page asks for must come from here."""
    if response.status_code >= 400:
        request.accepted_renderer = JSONRenderer()
    response["Content-Security-Policy"] = _ONLY_FROM_HERE
    return response


class SwaggerView(SpectacularSwaggerView):
    """Try it out: sign in with a token, a key, or in the admin."""

    content_negotiation_class = _FirstRenderer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        return super().finalize_response(request, _set_headers(request, response), *args, **kwargs)


class RedocView(SpectacularRedocView):
    """Read it."""

    content_negotiation_class = _FirstRenderer
    template_name = "api/redoc.html"

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        return super().finalize_response(request, _set_headers(request, response), *args, **kwargs)

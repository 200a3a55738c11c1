"""The API speaks JSON, whatever the Accept header says, and hears nothing else but where a view takes a file."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType


class AlwaysJSON(BaseContentNegotiation):
    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The view's parser for what was sent, in UTF-8, as a rule that of JSON; None (a 415) for anything else, or
        nothing."""
        sent = _MediaType(request.content_type or "")
        charset = str(sent.params.get("charset", "utf-8")).strip("\"'").lower()
        if charset not in {"utf-8", "utf8"}:
            return None
        kind = f"{sent.main_type}/{sent.sub_type}".lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)

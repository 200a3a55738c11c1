"""Django's middleware for pages, passed by below /api/v1: an answer there is in English and has no messages, and
every layer costs each order some ten microseconds."""

from typing import TYPE_CHECKING, Any

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

_API = "/api/v1/"

if TYPE_CHECKING:
    _Middleware = MiddlewareMixin
else:
    _Middleware = object


class _ForPages(_Middleware):
    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(_API):
            return self.get_response(request)
        return super().__call__(request)


class PageLocaleMiddleware(LocaleMiddleware):
    """Serves the language that the user has chosen, else the one that the browser asks for, and takes it back:
    the thread's next request may be one of the API, whose texts are English."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(_API):
            return self.get_response(request)
        try:
            return super().__call__(request)
        finally:
            translation.deactivate()


class PageMessageMiddleware(_ForPages, MessageMiddleware):
    """Keeps messages for the next page."""

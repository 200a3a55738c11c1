"""Django's middleware for pages, passed by below /api/v1: an answer there is in English and has no messages, and
every layer costs each order some ten microseconds."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from shared.clock import reader_zone
from shared.text.tidy import TooManyMarks, in_one_form

_API = "/api/v1/"
_PAGE_POLICY = "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'"

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


class PageZoneMiddleware:
    """The admin shows and reads times in the colleague's own zone, else in the shop's, and takes it back: the API says
    UTC. It stands behind the one that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/admin/"):
            return self.get_response(request)
        with timezone.override(reader_zone(getattr(request.user, "time_zone", ""))):
            return self.get_response(request)


class PageHeadersMiddleware(_ForPages, MiddlewareMixin):
    """Pages are shown in nobody's frame, load no plug-ins, and send their forms here alone; those of the admin are kept
    nowhere. Scripts are not restricted: the theme's need inline ones and eval."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Content-Security-Policy", _PAGE_POLICY)
        is_catalogue = request.resolver_match is not None and request.resolver_match.url_name == "jsi18n"
        if request.path_info.startswith("/admin/") and not is_catalogue:
            patch_cache_control(response, no_store=True)
        return response


class PageMessageMiddleware(_ForPages, MessageMiddleware):
    """Keeps messages for the next page."""


class PageTextMiddleware(MiddlewareMixin):
    """What is typed into forms and searches comes in one form of Unicode (shared.text.tidy). It stands behind the one
    that lets staff send long forms, and before the check of the CSRF token."""

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if request.path_info.startswith(_API):
            return None
        try:
            request.GET = _in_one_form(request.GET)  # type: ignore[assignment]
            if request.method == "POST":
                request.POST = _in_one_form(request.POST)  # type: ignore[assignment]
        except TooManyMarks:
            return HttpResponseBadRequest(_("A letter has too many combining marks."), content_type="text/plain")
        return None


def _in_one_form(sent: QueryDict) -> QueryDict:
    if all(str(text).isascii() for _name, texts in sent.lists() for text in texts):
        return sent
    tidy = QueryDict(mutable=True, encoding=sent.encoding)
    for name, texts in sent.lists():
        tidy.setlist(name, [in_one_form(str(text)) for text in texts])
    tidy._mutable = False
    return tidy

"""Django's middleware for pages, passed by below /api/v1: an answer there is in English and has no messages, and
every layer costs each order some ten microseconds."""

from typing import TYPE_CHECKING, Any

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from shared.tidy_text import TooManyMarks, in_one_form

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


class PageTextMiddleware(MiddlewareMixin):
    """What is typed into forms and searches comes in one form of Unicode (shared.tidy_text). It stands behind the one
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

"""Long forms of the admin: of signed-in staff more fields are taken than Django takes of anybody else.

A bound must be there, for reading a field costs time before anybody is asked who they are. Django's own bound stays
for everyone who is not known yet, the sign-in form included (docs/decisions/long-forms.md).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from shared.admin.conflicts.lost_page import typed_in

_PAGES = "/admin/"
_MOST_SHOWN = 100_000  # fields of a form too long even for staff, to be copied from the page that says so


class StaffFormMiddleware:
    """Stands before the check of the CSRF token, which reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not request.path_info.startswith(_PAGES):
            return None
        if request.content_type != "application/x-www-form-urlencoded":
            return None
        if _length_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return _too_long(request) if _is_staff(request) else None
        fields = request.body.count(b"&") + 1
        if fields <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or not _is_staff(request):
            return None
        if fields <= _MOST_SHOWN:
            _read_form(request, fields)
        return _too_long(request) if fields > settings.STAFF_FORM_MAX_FIELDS else None


def _length_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _is_staff(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def _read_form(request: HttpRequest, most: int) -> None:
    """As Django reads it, up to another bound."""
    pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=most)
    form = QueryDict(mutable=True)
    for name, value in pairs:
        form.appendlist(name, value)
    request.__dict__ |= {"_post": form.copy(), "_files": MultiValueDict()}


def _too_long(request: HttpRequest) -> HttpResponse:
    """Nothing is saved; what was typed stands on the page, as far as it was read."""
    typed = typed_in(request) if "_post" in request.__dict__ else []
    intro = _("Nothing is saved: a form may have up to %(fields)s fields and %(size)s MB.")
    intro += " " + _("Go back with your browser's button and save it in parts, or import the rows from a file.")
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Too long to be saved at once"),
        "intro": intro % {"fields": settings.STAFF_FORM_MAX_FIELDS, "size": size},
        "typed": typed,
        "url": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/kontor/lost.html", context, status=413)

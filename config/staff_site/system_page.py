"""System: how the house is, part by part, and what to do about it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from config.upkeep.report import Level
from config.upkeep.system import KeptSystem

_WORDS = {
    Level.GOOD: (pgettext_lazy("state of the system", "good"), "success"),
    Level.UNKNOWN: (pgettext_lazy("state of the system", "unknown"), "info"),
    Level.LOOK: (pgettext_lazy("state of the system", "look"), "warning"),
    Level.ACT: (pgettext_lazy("state of the system", "act"), "danger"),
}
_system = KeptSystem()


def system_urls() -> list[URLPattern]:
    return [path("system/", admin.site.admin_view(system_page), name="system")]


def system_page(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("shared.view_operationrun"):
        raise PermissionDenied
    parts = [
        {
            "key": part.key,
            "title": part.title,
            "word": _WORDS[part.level],
            "lines": [{"line": line, "word": _WORDS[line.level]} for line in part.lines],
        }
        for part in _system.read()
    ]
    context = {**admin.site.each_context(request), "title": _("System"), "parts": parts}
    return TemplateResponse(request, "admin/kontor/system.html", context)

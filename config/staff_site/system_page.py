"""System: how the house is, part by part, and what to do about it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from config.upkeep.report import Level
from config.upkeep.system import read_system

_WORDS = {
    Level.GOOD: (pgettext_lazy("state of the system", "good"), "success"),
    Level.UNKNOWN: (pgettext_lazy("state of the system", "unknown"), "info"),
    Level.LOOK: (gettext_lazy("look"), "warning"),
    Level.ACT: (gettext_lazy("act"), "danger"),
}


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
        for part in read_system()
    ]
    context = {**admin.site.each_context(request), "title": _("System"), "parts": parts}
    return TemplateResponse(request, "admin/kontor/system.html", context)

"""A form whose record was deleted or closed while it was filled in: what was typed is shown, to be taken elsewhere."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _


def lost_page(model_admin: ModelAdmin, request: HttpRequest, record: Model | None, url: str) -> HttpResponse:
    """`url` is where to go on: to the record, if it is there, or to what it became."""
    name = model_admin.opts.verbose_name
    if record is None:
        title = _("Deleted meanwhile")
        intro = _("While you had this %(name)s open, somebody deleted it or took it from your reach. Nothing is saved.")
    else:
        title = _("Closed meanwhile")
        intro = _("This %(name)s can no longer be changed: something happened to it while you had it open.")
    intro %= {"name": name}
    request.current_app = model_admin.admin_site.name
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "intro": intro,
        "typed": typed_in(request, model_admin.model),
        "url": url,
        "opts": model_admin.opts,
        "model_admin": model_admin,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/kontor/lost.html", context, status=410 if record is None else 409)


def typed_in(request: HttpRequest, model: type[Model] | None = None) -> list[tuple[str, str]]:
    """What was sent, by the names that people know, without what the page itself had sent along."""
    names = [name for name in request.POST if not name.startswith("_") and name != "csrfmiddlewaretoken"]
    shown = [name for name in names if not name.endswith(("_FORMS", "-id", "-page")) and "__prefix__" not in name]
    pairs = [(_label_of(model, name), ", ".join(filter(None, request.POST.getlist(name)))) for name in shown]
    return [(label, text) for label, text in pairs if text]


def _label_of(model: type[Model] | None, name: str) -> str:
    try:
        column: Any = model._meta.get_field(name) if model is not None else None
    except FieldDoesNotExist:
        column = None
    return capfirst(str(column.verbose_name)) if column is not None and hasattr(column, "verbose_name") else name

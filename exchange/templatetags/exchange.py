from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from exchange.exporting.specs import sheets_of
from exchange.resources.permissions import EXPORT, kinds_for

register = template.Library()


@register.simple_tag(takes_context=True)
def export_link(context: Any, change_list: Any) -> str:
    """Buttons beside a list for those who may: export what is listed, import more of it."""
    user, model = context["request"].user, change_list.model
    links = []
    if user.has_perm("users.import_records"):
        links += [
            (f"{reverse('admin:exchange_import_add')}?kind={kind.name}", _("Import"))
            for kind in kinds_for(user)
            if kind.model is model
        ]
    sheets = sheets_of(model)
    if sheets and user.has_perm(EXPORT):
        url = reverse("admin:exchange_export_of", args=[sheets[0].name])
        query = change_list.get_query_string(remove=[PAGE_VAR, "_popup", "_to_field"]).lstrip("?")
        links.append((f"{url}?{query}" if query else url, _("Export")))
    buttons = [format_html('<a class="k-button k-small" href="{}">{}</a> ', url, text) for url, text in links]
    return format_html("{}" * len(buttons), *buttons) if buttons else ""

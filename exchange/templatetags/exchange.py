from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from exchange.exporting.resources import export_resources_of
from exchange.resources.permissions import EXPORT, resources_for
from shared.admin.changelist import is_near

register = template.Library()


@register.simple_tag(takes_context=True)
def export_link(context: Any, change_list: Any) -> str:
    """Buttons beside a list for those who may: export what is listed, import more of it."""
    user, model = context["request"].user, change_list.model
    links = []
    if user.has_perm("users.import_records"):
        links += [
            (f"{reverse('admin:exchange_import_add')}?kind={resource.name}", _("Import"))
            for resource in resources_for(user)
            if resource.model is model
        ]
    resources = export_resources_of(model)
    if resources and user.has_perm(EXPORT) and not is_near(context["request"]):
        url = reverse("admin:exchange_export_of", args=[resources[0].name])
        query = change_list.get_query_string(remove=[PAGE_VAR, "_popup", "_to_field"]).lstrip("?")
        links.append((f"{url}?{query}" if query else url, _("Export")))
    buttons = [format_html('<a class="k-button k-small" href="{}">{}</a> ', url, text) for url, text in links]
    return format_html("{}" * len(buttons), *buttons) if buttons else ""

"""The admin as a browser without scripts sees it."""

import html
import re
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.models.shop import Shop
from tests.shop.http.answer import Answer
from users.models.user import User


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def superuser(email: str = "boss@example.com") -> User:
    return User.objects.create_superuser(email, "a-long-password")


def without_menu() -> dict[str, Any]:
    """The setting UNFOLD for tests of very many pages: the menu is the same on all of them, and dearer than most."""
    nothing = {"title": "", "items": []}  # of no group at all Unfold would make a menu of every model
    return settings.UNFOLD | {"SIDEBAR": settings.UNFOLD["SIDEBAR"] | {"navigation": [nothing]}}


def list_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def add_url(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def page_url(row: Model, action: str = "change") -> str:
    """A row's page, or the page of one of its actions."""
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{action}", args=[row.pk])


def registered() -> list[type[Model]]:
    """Whatever has a list in the admin: of the shop there is one, and its list leads to its form."""
    return sorted(admin.site._registry.keys() - {Shop}, key=lambda model: model._meta.label)


def statements(client: Client, url: str) -> list[str]:
    """The SQL of one page, which must be there."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return [query["sql"] for query in captured.captured_queries]


def text_of(response: Answer) -> str:
    """What a reader sees, in one line."""
    words = re.sub(r"<(script|style|template).*?</\1>|<[^>]*>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(words).split())


def hidden(response: Answer, name: str) -> str:
    """The value of a hidden field."""
    tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', response.content.decode())
    assert tag is not None, f"no field {name}"
    value = re.search(r'value="([^"]*)"', tag.group())
    assert value is not None, f"{name} has no value"
    return html.unescape(value.group(1))


def order_form(customer: Model, *lines: tuple[Any, int], key: str) -> dict[str, str]:
    """The fields of the page that places an order, filled in; a line is (variant, quantity)."""
    fields = {"customer": str(customer.pk), "note": "", "key": key}
    fields |= {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
    for index, (variant, quantity) in enumerate(lines):
        fields |= {f"lines-{index}-variant": str(variant.pk), f"lines-{index}-quantity": str(quantity)}
    return fields

"""The lists of the admin are asked what they declare, and nothing else: no column is spelled out by comparing."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models.order import Order
from tests.shop.http.admin_pages import list_url, page_url, registered, signed_in, superuser
from tests.shop.people import UserFactory
from users.models.api_key import ApiKey
from users.models.user import User

LOOKUPS = ("__regex", "", "__gte")
REFUSED = 400


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_every_list_compares_no_column_that_it_does_not_declare(boss: Client) -> None:
    """One column of each list, and all columns of users: where the rule stands, it is one for all of a list."""
    answers = {}
    lists = registered()
    for model in lists:
        declared = declared_lookups(model)
        asked = [f"{field}{lookup}" for field in columns_of(model) for lookup in LOOKUPS]
        undeclared = [key for key in asked if key not in declared]
        for key in undeclared if model is User else undeclared[:1]:
            answers[model._meta.label, key] = boss.get(list_url(model), {key: "1"}).status_code

    assert {label for label, _ in answers} == {model._meta.label for model in lists}
    assert {key: status for key, status in answers.items() if status != REFUSED} == {}


def test_what_the_pages_themselves_link_to_is_answered(boss: Client) -> None:
    linked = {"cancel_reason__in": "customer,staff", "status__in": "CONFIRMED,SHIPPED", "payment_status__in": "PAID"}

    assert boss.get(list_url(Order), linked).status_code == 200


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (User, "calendar_token_hash__regex"),
        (User, "password__startswith"),
        (User, "api_keys__secret_hash__regex"),
        (User, "sessions__session_key__startswith"),
        (User, "customer__email__contains"),
        (ApiKey, "secret_hash__startswith"),
        (ApiKey, "owner__password__startswith"),
    ],
)
def test_no_secret_is_compared_however_it_is_reached(boss: Client, model: type[Model], lookup: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = boss.get(list_url(model), {lookup: "^a"})

    assert answer.status_code == REFUSED
    assert not [query["sql"] for query in captured.captured_queries if "~" in query["sql"] or "LIKE" in query["sql"]]


@pytest.mark.parametrize("name", ["password", "calendar_token_hash", "email"])
def test_a_popup_and_a_page_hand_out_no_other_column_than_the_key(boss: Client, name: str) -> None:
    user = UserFactory.create()

    chosen = boss.get(list_url(User), {"_popup": "1", "_to_field": name})
    opened = boss.get(page_url(user), {"_to_field": name})

    assert (chosen.status_code, opened.status_code) == (REFUSED, REFUSED)


@pytest.mark.parametrize("asked", ["password", "-calendar_token_hash", "1.password", "99", "-1"])
def test_a_list_is_in_no_order_of_a_column_that_it_does_not_sort(boss: Client, asked: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = boss.get(list_url(User), {"o": asked})

    assert answer.status_code == 200
    orders = [query["sql"].partition("ORDER BY")[2] for query in captured.captured_queries]
    assert not [order for order in orders if "password" in order or "calendar_token" in order]


@pytest.mark.parametrize("name", ["password", "calendar_token_hash", "nothing", "groups__permissions", "team__name"])
def test_a_choice_is_looked_up_through_relations_alone(boss: Client, name: str) -> None:
    asked = {"app_label": "users", "model_name": "user", "field_name": name, "term": "a"}

    assert boss.get(reverse("admin:autocomplete"), asked).status_code == 403


def columns_of(model: type[Model]) -> list[str]:
    """Every column of the list's own table, and one behind each relation."""
    own = [field.name for field in model._meta.concrete_fields]
    return own + [
        f"{field.name}__{field.related_model._meta.pk.name}"
        for field in model._meta.concrete_fields
        if field.related_model is not None
    ]


def declared_lookups(model: type[Model]) -> set[str]:
    """What the filters of the list take, and what the admin's own pages link to."""
    model_admin: Any = admin.site._registry[model]
    found = set(model_admin.linked_filters)
    for declared in model_admin.list_filter:
        if isinstance(declared, tuple):
            name = declared[0]
            found |= {name, f"{name}__exact", f"{name}__in", f"{name}__isnull"}
            found |= {f"{name}__id__exact", f"{name}__id", f"{name}__id__in", f"{name}__id__isnull"}
        else:
            found.add(str(declared.parameter_name))
    return found

"""Whoever looks at a list chooses its columns and how close its rows stand, and finds it so on every device."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client

from crm.models.task import Task
from inventory.models.level import StockLevel
from orders.models.order import Order
from shared.models.record_change import RecordChange
from tests.shop.admin_rows import make_one_of_each
from tests.shop.http.admin_pages import list_url, registered, signed_in, statements, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.people import CustomerFactory, StaffFactory
from users.models.customer import Customer
from users.models.user import User

SAVE = "/admin/columns/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def choose(client: Client, model: type[Model], *shown: str, **more: str) -> Answer:
    fields = {"page": model._meta.label_lower, "query": "", "rows": "comfortable", **more}
    return client.post(SAVE, {**fields, "shown": list(shown)})


def columns_of(answer: Answer) -> list[str]:
    """The columns that the table has, but for the boxes to tick."""
    return re.findall(r"<th[^>]*\bcolumn-([a-z_]+)", answer.content.decode())


def all_columns(model: type[Model]) -> list[str]:
    listed: Any = admin.site._registry[model]
    return [str(name) for name in (*listed.list_display, *listed.more_columns)]


def test_chosen_columns_are_shown_on_every_device_and_to_nobody_else(boss: Client) -> None:
    CustomerFactory.create(tax_number="DE136695976")
    assert columns_of(boss.get(list_url(Customer))) == ["name", "email", "company", "phone", "tag_list", "created_at"]

    answer = choose(boss, Customer, "name", "phone", "tax_number", query="q=ann&p=3")

    assert answer["Location"] == f"{list_url(Customer)}?q=ann"
    elsewhere = signed_in(User.objects.get(email="boss@example.com")).get(list_url(Customer))
    assert columns_of(elsewhere) == ["name", "phone", "tax_number"]
    assert "DE136695976" in text_of(elsewhere)
    assert len(columns_of(signed_in(superuser("other@example.com")).get(list_url(Customer)))) == 6


def test_the_column_that_leads_to_the_record_always_stays(boss: Client) -> None:
    make_one_of_each("a1")

    choose(boss, Order)

    page = boss.get(list_url(Order))
    assert columns_of(page) == ["number"]
    assert Order.objects.filter(parent=None)[0].number in text_of(page)
    choose(boss, Customer, "email")
    assert columns_of(boss.get(list_url(Customer))) == ["name", "email"]


def test_reset_brings_everything_back_and_leaves_nothing(boss: Client) -> None:
    CustomerFactory.create()
    choose(boss, Customer, "name", rows="compact")
    choose(boss, Order, "number")

    choose(boss, Customer, "name", reset="1")

    assert len(columns_of(boss.get(list_url(Customer)))) == 6
    assert set(User.objects.get().list_layouts) == {"orders.order"}


def test_rows_stand_closer_where_asked(boss: Client) -> None:
    assert "k-compact" not in boss.get(list_url(Task)).content.decode().split("<body", 1)[1].split(">", 1)[0]

    choose(boss, Task, *all_columns(Task), rows="compact")

    assert "k-compact" in boss.get(list_url(Task)).content.decode().split("<body", 1)[1].split(">", 1)[0]
    assert "k-compact" not in boss.get(list_url(Customer)).content.decode().split("<body", 1)[1].split(">", 1)[0]


def test_a_new_column_is_shown_and_one_that_is_gone_is_overlooked(boss: Client) -> None:
    CustomerFactory.create()
    layout = {"hidden": ["email", "shoe_size"], "added": ["star_sign"], "is_compact": False}
    User.objects.update(list_layouts={"users.customer": layout, "no.model": layout})

    assert columns_of(boss.get(list_url(Customer))) == ["name", "company", "phone", "tag_list", "created_at"]


def test_a_link_sorts_by_the_same_column_whatever_is_shown(boss: Client) -> None:
    for number in (3, 1, 2):
        Task.objects.create(title=f"Call {number}", due_at=f"2030-01-0{number}T12:00Z", assignee=User.objects.get())
    everything = boss.get(f"{list_url(Task)}?o=4")
    assert re.findall(r"Call \d", text_of(everything)) == ["Call 1", "Call 2", "Call 3"]

    choose(boss, Task, "title", "due_at")

    page = boss.get(f"{list_url(Task)}?o=-4")
    assert re.findall(r"Call \d", text_of(page)) == ["Call 3", "Call 2", "Call 1"]
    assert '?o=4"' in page.content.decode()
    choose(boss, Task, "title")
    assert re.findall(r"Call \d", text_of(boss.get(f"{list_url(Task)}?o=-4"))) == ["Call 3", "Call 2", "Call 1"]


def test_the_panel_offers_all_columns_of_every_list(boss: Client) -> None:
    for model in registered():
        page = boss.get(list_url(model)).content.decode()
        offered = re.findall(r'name="shown" value="([a-z_]+)"', page)
        links = re.findall(r"data-always=\"([a-z_]+)\"", page)
        assert sorted({*offered, *links}) == sorted(all_columns(model)), model
        assert links, model


def test_lists_with_all_their_columns_take_no_statement_a_row(boss: Client) -> None:
    for model in registered():
        choose(boss, model, *all_columns(model))
    for name in ("a1", "a2", "a3"):
        make_one_of_each(name)
    models = [model for model in registered() if admin.site._registry[model].more_columns]  # type: ignore[attr-defined]
    few = {model: len(statements(boss, list_url(model))) for model in models}

    for number in range(5):
        make_one_of_each(f"b{number}")

    assert {model: len(statements(boss, list_url(model))) for model in models} == few


def test_a_layout_costs_no_statement_and_hidden_tags_save_one(boss: Client) -> None:
    CustomerFactory.create()
    boss.get(list_url(Customer))
    plain = len(statements(boss, list_url(Customer)))

    choose(boss, Customer, "name", "email", "company", "phone", "tag_list", "created_at", rows="compact")
    assert len(statements(boss, list_url(Customer))) == plain

    choose(boss, Customer, "name")
    assert len(statements(boss, list_url(Customer))) == plain - 1


def test_nobody_lays_out_a_list_that_they_may_not_see(boss: Client) -> None:
    user = StaffFactory.create()
    user.user_permissions.set(Permission.objects.filter(codename="view_order"))
    other = signed_in(user)

    assert choose(other, StockLevel, "sku").status_code == 403
    assert other.post(SAVE, {"page": "no.model"}).status_code == 404
    assert other.get(SAVE).status_code == 303
    assert choose(other, Order, "number", "no_column").status_code == 302
    user.refresh_from_db()
    assert user.list_layouts["orders.order"]["added"] == []


def test_two_lists_at_once_do_not_undo_each_other(boss: Client) -> None:
    choose(boss, Order, "number")
    choose(boss, Customer, "name")
    choose(boss, Order, "number", "amount")

    layouts = User.objects.get().list_layouts
    assert layouts["users.customer"]["hidden"] == ["email", "company", "phone", "tag_list", "created_at"]
    assert "amount" not in layouts["orders.order"]["hidden"]
    assert set(User.objects.get().list_layouts) == {"orders.order", "users.customer"}


def test_choosing_is_no_change_of_the_login(boss: Client) -> None:
    before = RecordChange.objects.count()

    choose(boss, Order, "number")

    assert RecordChange.objects.count() == before

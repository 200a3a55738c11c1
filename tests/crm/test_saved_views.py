"""A filtered list is kept under a name, opened again, shared, renamed and deleted."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from crm.models.lead import Lead
from crm.models.saved_view import SavedView
from crm.models.task import Task
from orders.models.order import Order
from tests.shop.http.admin_pages import list_url, registered, signed_in, superuser, text_of
from tests.shop.people import StaffFactory

SAVE = "/admin/views/save/"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def colleague(*codenames: str) -> Client:
    user = StaffFactory.create()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(user)


def save(client: Client, query: str, *, page: str = "orders.order", name: str = "Mine", **more: str) -> str:
    """What the page says afterwards."""
    return text_of(client.post(SAVE, {"page": page, "name": name, "query": query, **more}, follow=True))


def change(client: Client, view: SavedView, **fields: str) -> str:
    url = f"/admin/views/{view.pk}/"
    return text_of(client.post(url, {"page": view.page, "query": "", "name": view.name, **fields}, follow=True))


def test_a_filtered_list_is_saved_and_opened_again(boss: Client) -> None:
    assert "Save this view" in text_of(boss.get(list_url(Order), {"status__exact": "PENDING"}))

    told = boss.post(SAVE, {"page": "orders.order", "name": " To  pay ", "query": "p=3&status__exact=PENDING"})

    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("To pay", "status__exact=PENDING", False)
    assert told["Location"] == f"{list_url(Order)}?status__exact=PENDING"
    page = boss.get(list_url(Order), {"status__exact": "PENDING"})
    assert "?status__exact=PENDING" in page.content.decode()
    assert "To pay" in text_of(page)
    assert "Save this view" not in text_of(page)


def test_an_address_of_a_hundred_parts_and_more_opens_the_list(boss: Client) -> None:
    query = "&".join(["q=mug"] * 101)

    assert boss.get(f"{list_url(Order)}?{query}").status_code == 200
    assert save(boss, query)
    assert not SavedView.objects.exclude(query="").exists()


def test_views_are_ones_own_unless_shared(boss: Client) -> None:
    other = colleague("view_order")
    save(boss, "status__exact=PENDING", name="Private one")
    save(boss, "status__exact=SHIPPED", name="For all", is_shared="on")

    seen = text_of(other.get(list_url(Order)))

    assert "For all" in seen
    assert "Private one" not in seen


def test_only_the_owner_renames_and_deletes(boss: Client) -> None:
    save(boss, "status__exact=SHIPPED", name="For all", is_shared="on")
    view = SavedView.objects.get()
    other = colleague("view_order")

    assert "no such view" in change(other, view, name="Stolen")
    assert "no such view" in change(other, view, delete="1")
    change(boss, view, name="On the way")

    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("On the way", False)
    change(boss, view, delete="1")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "status__exact=NONSENSE&status__bogus=1",
        "customer__user__password__startswith=a",
        "owner__id__exact=not-a-uuid",
        "state=sometimes",
        "nonsense=1",
    ],
)
def test_what_the_list_does_not_take_is_not_saved(boss: Client, query: str) -> None:
    page = "crm.task" if query.startswith("state") else "crm.lead"

    assert "not filters of this list" in save(boss, query, page=page)

    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name_of_its_own(boss: Client, name: str) -> None:
    assert "1 to 80 characters" in save(boss, "status__exact=new", page="crm.lead", name=name)

    save(boss, "status__exact=new", page="crm.lead", name="Twice")
    assert "already" in save(boss, "status__exact=lost", page="crm.lead", name="Twice")
    assert SavedView.objects.count() == 1


def test_a_list_that_one_may_not_see_has_no_views_to_save(boss: Client) -> None:
    other = colleague("view_order")

    assert other.post(SAVE, {"page": "crm.lead", "name": "x", "query": "q=a"}).status_code == 403
    assert other.post(SAVE, {"page": "no.model", "name": "x", "query": "q=a"}).status_code == 404
    assert other.get(SAVE).status_code == 303
    assert not SavedView.objects.exists()


def test_every_list_has_the_bar_and_a_popup_has_not(boss: Client) -> None:
    for model in registered():
        assert 'class="k-views"' in boss.get(list_url(model)).content.decode(), model
    assert 'class="k-views"' not in boss.get(list_url(Lead), {"_popup": "1"}).content.decode()


def test_a_view_of_tasks_keeps_search_filter_and_order(boss: Client) -> None:
    save(boss, "o=-4&state=open", page="crm.task", name="Open, last first")

    assert SavedView.objects.get().query == "o=-4&state=open"
    assert boss.get(f"{list_url(Task)}?{SavedView.objects.get().query}").status_code == 200


def test_a_list_opens_with_the_default_view_and_shows_all_when_asked(boss: Client) -> None:
    save(boss, "status__exact=new", page="crm.lead", name="Fresh", is_shared="on")
    view, other = SavedView.objects.get(), colleague("view_lead")
    shown = text_of(other.get(f"{list_url(Lead)}?{view.query}"))
    assert "Make this my default" in shown

    assert "opens with “Fresh” from now on" in change(other, view, default="1")

    opened = other.get(list_url(Lead))
    assert opened["Location"] == f"{list_url(Lead)}?status__exact=new"
    page = other.get(opened["Location"])
    assert "No longer my default" in text_of(page)
    assert 'href="?p=1"' in page.content.decode()
    assert 'href="?"' not in page.content.decode()
    assert other.get(f"{list_url(Lead)}?p=1").status_code == 200
    assert boss.get(list_url(Lead)).status_code == 200
    assert "opens with everything again" in change(other, view, default="0")
    assert other.get(list_url(Lead)).status_code == 200


def test_a_default_is_one_for_each_list_and_ends_with_its_view(boss: Client) -> None:
    for name, query in (("Fresh", "status__exact=new"), ("Gone", "status__exact=lost")):
        save(boss, query, page="crm.lead", name=name, is_shared="on")
    fresh, gone = SavedView.objects.order_by("name")
    other = colleague("view_lead", "view_order")

    for view in (fresh, gone):
        change(other, view, default="1")
    assert other.get(list_url(Lead))["Location"].endswith("lost")
    assert "no such view of this list" in text_of(
        other.post(f"/admin/views/{fresh.pk}/", {"page": "orders.order", "query": "", "default": "1"}, follow=True)
    )

    change(boss, gone)
    assert other.get(list_url(Lead)).status_code == 200, "it is shared no more"
    assert "no such view of this list" in change(other, gone, default="1")
    change(other, fresh, default="1")
    change(boss, fresh, delete="1")
    assert other.get(list_url(Lead)).status_code == 200


def test_a_default_costs_no_statement(boss: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    save(boss, "status__exact=new", page="crm.lead", name="Fresh")
    for url in (list_url(Lead), f"{list_url(Lead)}?p=1"):
        boss.get(url)
    with CaptureQueriesContext(connection) as plain:
        boss.get(f"{list_url(Lead)}?p=1")

    with django_assert_num_queries(len(plain)):
        boss.get(list_url(Lead))

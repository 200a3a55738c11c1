"""From the menu lists open on what is still to be done; a chip says so and takes it off, and a search looks in all."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from config.staff_site.menu_entries import GROUPS
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.saved_view import DefaultView, SavedView
from crm.models.task import Task
from orders.models.order import Order
from orders.models.order_return import Return
from orders.states import OPEN_RETURNS, ReturnStatus
from shared.admin.base import FROM_MENU
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser, text_of
from tests.shop.order_actions import cancel
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db


def _opening_links() -> Iterator[str]:
    for _title, _folded, entries in GROUPS:
        for entry in entries:
            yield from (str(link.url) for link in entry.links if link.opens)


def _opened(client: Client, model: Any) -> Any:
    return client.get(f"{list_url(model)}?{FROM_MENU}", follow=True)


def test_every_list_that_opens_with_something_is_led_to_so_and_can_show_everything() -> None:
    boss = superuser()
    client = signed_in(boss)
    pages: dict[Any, Any] = admin.site._registry
    opening = {list_url(model): page.opens_with for model, page in pages.items() if _opens(page)}
    assert set(_opening_links()) == opening.keys()
    menu = client.get("/admin/").content.decode()
    assert all(f'href="{url}?{FROM_MENU}"' in menu for url in (list_url(Order), list_url(Deal), list_url(Task)))

    for url, query in opening.items():
        page = client.get(f"{url}?{FROM_MENU}", follow=True)
        assert page.redirect_chain == [(f"{url}?{query.format(user=boss.pk)}", 302)], url
        chips = re.findall(r'k-chip"><span>.*?<a href="([^"]+)"', page.content.decode())
        assert chips, url
        everything = (
            client.get(f"{url}{chips[0].replace('&amp;', '&')}") if len(chips) == 1 else client.get(f"{url}?p=1")
        )
        assert (everything.status_code, "k-chip" in everything.content.decode()) == (200, False), url


def _opens(page: Any) -> bool:
    return bool(getattr(page, "opens_with", ""))


def test_orders_that_are_over_are_not_among_what_opens_and_are_found_by_a_search() -> None:
    boss, buyer = signed_in(superuser()), make_buyer()
    going, over = (order_of(buyer, (make_level(on_hand=1), 1)) for _ in range(2))
    cancel(over)()

    opened = text_of(_opened(boss, Order))
    found = boss.get(f"{list_url(Order)}?{urlencode({'progress': 'open', 'q': over.number})}", follow=True)
    among = boss.get(f"{list_url(Order)}?progress=open&status__exact=CANCELLED")

    assert going.number in opened
    assert over.number not in opened
    assert "Progress: In progress" in opened
    assert found.redirect_chain == [(f"{list_url(Order)}?q={over.number}", 302)]
    assert over.number in text_of(found)
    assert over.number not in text_of(among), "other filters stand beside it"


def test_leads_and_returns_open_on_those_with_something_to_do() -> None:
    boss, order = signed_in(superuser()), order_of(make_buyer(), (make_level(on_hand=1), 1))
    for status in LeadStatus.values:
        Lead.objects.create(name=f"Somebody {status}", email=f"{status}@example.com", status=status)
    moments = dict.fromkeys(("created_at", "decided_at", "received_at"), timezone.now())
    for status in ReturnStatus.values:
        Return.objects.create(order=order, number=f"R-{status}", status=status, **moments)

    leads, returns = _opened(boss, Lead).content.decode(), _opened(boss, Return).content.decode()
    lost = boss.get(f"{list_url(Lead)}?progress=open&status__exact=lost").content.decode()

    assert {status for status in LeadStatus.values if f"Somebody {status}" in leads} == {"new", "working"}
    assert {status for status in ReturnStatus.values if f"R-{status}" in returns} == {*OPEN_RETURNS}
    assert "Somebody lost" not in lost, "other filters stand beside it"


def test_tasks_open_on_ones_own() -> None:
    boss, colleague = superuser(), superuser("other@example.com")
    for title, who in (("Mine", boss), ("Theirs", colleague)):
        Task.objects.create(title=title, assignee=who)

    opened = text_of(_opened(signed_in(boss), Task))

    assert "Mine" in opened
    assert "Theirs" not in opened


def test_a_view_of_ones_own_comes_first() -> None:
    boss = superuser()
    view = SavedView.objects.create(owner=boss, page="crm.deal", name="Lost ones", query="status__exact=lost")
    DefaultView.objects.create(owner=boss, page="crm.deal", view=view)

    opened = _opened(signed_in(boss), Deal)

    assert opened.redirect_chain == [(f"{list_url(Deal)}?status__exact=lost", 302)]


def test_saving_a_record_leads_back_to_the_filter_and_page_it_was_opened_from() -> None:
    client = signed_in(superuser())
    tasks = [Task.objects.create(title=f"Task {number}") for number in range(60)]
    third = client.get(f"{list_url(Task)}?state=open&p=3").content.decode()
    link = re.search(rf'href="({re.escape(page_url(tasks[-1]))}\?[^"]+)"', third)
    assert link is not None

    saved = client.post(link[1].replace("&amp;", "&"), {"title": "Done so", "priority": "2", "repeat": "never"})

    assert saved["Location"] == f"{list_url(Task)}?state=open&p=3"

"""Each colleague reads the CRM in the language of their browser; what is stored stays as it was written."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from procrastinate.contrib.django.models import ProcrastinateJob

from crm.models.activity import Activity
from crm.models.task import Task
from crm.services.bulk.change_column import bulk_change
from crm.services.deals.update_deal import update_deal
from crm.services.merging.merge_customers import merge_customers
from crm.services.tasks.complete_task import complete_task
from crm.timeline.lines import DEAL_CHANGED, DEAL_OPENED, STAGE, TASK_DONE
from exchange import jobs
from exchange.checking.column_mapping import Guesser
from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_import import Import
from exchange.resources.people import CUSTOMERS
from inventory.services.adjust_stock import adjust_stock
from orders.lifecycle import reasons
from orders.models.order_event import OrderEvent
from orders.services.orders.cancel_order import cancel_order
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.text.messages import Message
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.deal_pages import board_url, drag, opened, stage
from tests.shop.http.import_files import step, uploaded
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.django_db

UK = {"accept-language": "uk"}


def _uk(english: str, **values: str) -> str:
    """As somebody reads it whose browser asks for Ukrainian."""
    with override("uk"):
        return gettext(english) % values


def _in_uk(message: Message, **parameters: Any) -> str:
    with override("uk"):
        return message.render(parameters)


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


def test_the_timeline_is_stored_in_english_and_read_in_the_readers_language(boss: Client) -> None:
    buyer = make_buyer()
    with override("uk"):  # whoever acts may read Ukrainian
        deal = opened(buyer, "Forty chairs: lines changed")
        update_deal(deal_id=deal.pk, changes={"expected_close": date(2031, 2, 3)}, actor=SYSTEM)
        complete_task(task_id=Task.objects.create(title="Call", customer=buyer.customer).pk, actor=SYSTEM)

    page = page_url(buyer.customer, "page")
    english = text_of(boss.get(page))
    ukrainian = text_of(boss.get(page, headers=UK))

    stored = set(Activity.objects.values_list("subject", flat=True))
    assert stored == {
        "Deal opened: Forty chairs: lines changed",
        "Forty chairs: lines changed: expected close changed",
        "Task done: Call",
    }
    assert all(subject in english for subject in stored)
    title, field = "Forty chairs: lines changed", _uk("expected close")
    assert _in_uk(DEAL_OPENED, title=title) in ukrainian
    assert _in_uk(STAGE, stage="New") in ukrainian
    assert _in_uk(DEAL_CHANGED, title=title, fields=["expected_close"]) in ukrainian
    assert field in ukrainian
    assert _in_uk(TASK_DONE, title="Call") in ukrainian
    assert _in_uk(DEAL_OPENED, title=title) in text_of(boss.get(page_url(deal), headers=UK))


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        ("Deal opened: Chairs", "Stage: New", ["Deal opened: %(title)s", "Stage: %(stage)s"]),
        ("Chairs: expected close, owner changed", "", ["expected close", "owner"]),
        ("Merged with Ada", "Ada <a@b.c>: 3 orders, 1 order mail.", ["Merged with %(customer)s", "orders"]),
        ("Chairs: lines changed", "No lines any more.", ["No lines any more."]),
        ("Chairs: New \u2192 Won", "Chairs are too dear", []),
    ],
)
def test_a_line_from_before_messages_were_stored_is_read_in_any_language(
    boss: Client, subject: str, text: str, said: list[str]
) -> None:
    buyer = make_buyer()
    Activity.objects.create(kind="change", customer=buyer.customer, subject=subject, text=text)

    import_module("crm.migrations.0005_messages_of_old_lines").add_messages(apps, None)

    page = page_url(buyer.customer, "page")
    ukrainian = text_of(boss.get(page, headers=UK))
    values = {"title": "Chairs", "stage": "New", "customer": "Ada"}
    assert all(_uk(english, **values) in ukrainian for english in said)
    assert said or subject in ukrainian
    assert "3 orders" in text_of(boss.get(page)) if "orders" in said else subject in text_of(boss.get(page))


def test_what_a_colleague_wrote_is_no_message(boss: Client) -> None:
    level, order = make_level(on_hand=5), order_of(make_buyer(), (make_level(on_hand=5), 1))
    adjust_stock(level_id=level.pk, quantity=1, reason=f"order {order.number}", actor=SYSTEM)
    cancel_order(order_id=order.pk, actor=SYSTEM, reason=CancelReason.STAFF)

    movements = text_of(boss.get(reverse("admin:inventory_stockmovement_changelist"), headers=UK))
    events = text_of(boss.get(reverse("admin:orders_orderevent_changelist"), headers=UK))

    assert f"order {order.number}" in movements
    assert _in_uk(reasons.ORDER, number=order.number) in movements
    assert _uk("By staff") in events
    assert OrderEvent.objects.latest("pk").details == {}


def test_what_many_rows_and_a_merge_write_down_does_not_depend_on_the_language(boss: Client) -> None:
    kept, duplicate = make_buyer(), make_buyer()
    order_of(duplicate, (make_level(on_hand=5), 1))
    with override("uk"):
        bulk_change(
            model=type(kept.customer),
            ids=[kept.customer.pk],
            column="owner_id",
            value=superuser("a@b.c").pk,
            actor=SYSTEM,
        )
        merge = merge_customers(kept_id=kept.customer.pk, duplicate_id=duplicate.customer.pk, actor=SYSTEM)

    assert Activity.objects.filter(subject="Owner changed").exists()
    assert merge.moved["orders"] == 1
    for page in (page_url(merge), page_url(kept.customer, "page")):
        assert f"{_uk('orders')}: 1" in text_of(boss.get(page, headers=UK))


def test_a_refusal_is_in_the_language_of_the_page_and_english_over_the_api(boss: Client) -> None:
    deal = opened(make_buyer())
    said = "Say why the deal was lost."

    refused = boss.post(
        board_url("board_move"), {"deal": deal.pk, "stage": stage("Lost").pk, "lost_reason": ""}, headers=UK
    )
    again = drag(boss, deal, stage("Lost"))

    assert refused.json()["message"] == _uk(said)
    assert again.json()["message"] == said


def test_an_import_speaks_the_language_of_whoever_asked_for_it(boss: Client) -> None:
    found = uploaded(boss, "name,email\n,ada@example.com\n")
    guessed = {f"column-{place}": name for place, name in found.mapping.items()}

    step(boss, found, "check", key="email", mode="both", **guessed)
    jobs.check_import(**ProcrastinateJob.objects.latest("id").args)
    english = _fault_of(found)
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = "uk"
    step(boss, found, "check", key="email", mode="both", **guessed)
    jobs.check_import(**ProcrastinateJob.objects.latest("id").args)

    assert english == {"column": "Name", "text": "The cell is empty."}
    assert _fault_of(found) == {"column": _uk("Name"), "text": _uk("The cell is empty.")}


def _fault_of(data_import: Import) -> dict[str, str]:
    row = data_import.rows.get()
    fault: dict[str, str] = (row.errors + row.needs)[0]
    return fault


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_file_that_was_exported_in_any_language_can_be_imported(language: str) -> None:
    with override(language):
        headers = [gettext(header) for header, _path in EXPORT_RESOURCES["customers"].columns]

    with override("en"):
        mapping = Guesser(CUSTOMERS.columns, []).mapping(headers)

    expected = {column.name for column in CUSTOMERS.columns}
    assert set(mapping.values()) == expected

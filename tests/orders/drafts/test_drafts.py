"""Drafts and quotes over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from catalog.models.variant import Variant
from orders.models.draft import Draft
from orders.models.order import Order
from orders.services.drafts.decide_draft import expire_drafts
from shared.clock import database_now
from tests.shop.goods import balances, for_sale
from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused
from tests.shop.http.order_actions import audit_is_clean
from users.models.customer import Customer


@pytest.fixture
def cup(db: None) -> Variant:
    return for_sale("CUP", on_hand=5, price="10.00", tax_rate="0.2")


def make(staff: Caller, customer: Customer, *lines: dict[str, Any], **facts: Any) -> dict[str, Any]:
    body = {"customer": str(customer.pk), "lines": list(lines), "kind": "quote", **facts}
    return ok(staff.post("/drafts", body), 201)


def line(variant: Variant, quantity: int = 1, **facts: Any) -> dict[str, Any]:
    return {"variant": str(variant.pk), "quantity": quantity, **facts}


def act(staff: Caller, draft: dict[str, Any], name: str, **body: Any) -> Any:
    return staff.post(f"/drafts/{draft['id']}/{name}", body)


def days(count: int) -> str:
    return (database_now().date() + timedelta(days=count)).isoformat()


def test_a_quote_becomes_one_order_at_the_prices_agreed(staff: Caller, customer: Customer, cup: Variant) -> None:
    other = for_sale(price="3.00")
    quote = make(staff, customer, line(cup, 2, agreed_price="8.00"), line(other), valid_until=days(1), note="as told")
    assert (quote["number"][:2], quote["status"], quote["worth"]["total"]) == ("Q-", "open", "22.20")
    Variant.objects.filter(pk=other.pk).update(price=4)
    assert ok(act(staff, quote, "sending", version=1))["status"] == "sent"
    assert balances(cup.stock_levels.get().pk) == (5, 0), "a quote holds nothing"

    order = ok(act(staff, quote, "order"), 201)

    assert [(item["unit_price"], item["price_reason"]) for item in order["items"]] == [
        ("8.00", f"Agreed in {quote['number']}"),
        ("4.00", ""),
    ]
    assert (order["total"], order["note"], balances(cup.stock_levels.get().pk)) == ("23.20", "as told", (5, 2))
    now = ok(staff.get(f"/drafts/{quote['id']}"))
    assert (now["status"], now["order"], now["version"]) == ("ordered", order["id"], 3)
    again = act(staff, quote, "order")
    assert (again.status_code, ok(again)["id"], Order.objects.count()) == (200, order["id"], 1)
    refused(staff.patch(f"/drafts/{quote['id']}", {"note": "x"}), 409, "draft_closed")
    audit_is_clean()


def test_what_was_ordered_before_a_crash_is_linked(staff: Caller, customer: Customer, cup: Variant) -> None:
    quote = make(staff, customer, line(cup))
    order = ok(act(staff, quote, "order"), 201)
    Draft.objects.filter(pk=quote["id"]).update(order=None, status="open")

    assert ok(act(staff, quote, "order"))["id"] == order["id"]
    assert ok(staff.get(f"/drafts/{quote['id']}"))["order"] == order["id"]


def test_a_quote_that_is_changed_must_be_sent_again(staff: Caller, customer: Customer, cup: Variant) -> None:
    quote = make(staff, customer, line(cup))
    ok(act(staff, quote, "sending"))

    changed = ok(staff.patch(f"/drafts/{quote['id']}", {"lines": [line(cup, 4)], "valid_until": days(9), "version": 2}))

    assert (changed["status"], changed["version"], changed["worth"]["total"]) == ("open", 3, "48.00")
    assert (changed["valid_until"], changed["note"]) == (days(9), "")
    refused(staff.patch(f"/drafts/{quote['id']}", {"note": "x", "version": 2}), 412, "stale_version")
    assert ok(act(staff, quote, "decline"))["status"] == "declined"
    refused(act(staff, quote, "order"), 409, "draft_closed")


def test_after_its_last_day_it_is_no_order_any_more(staff: Caller, customer: Customer, cup: Variant) -> None:
    late, today = (
        make(staff, customer, line(cup), valid_until=days(-1)),
        make(staff, customer, line(cup), valid_until=days(0)),
    )

    refused(act(staff, late, "order"), 409, "draft_expired")
    assert expire_drafts() == 1
    assert ok(staff.get(f"/drafts/{late['id']}"))["status"] == "expired"
    refused(act(staff, late, "order"), 409, "draft_closed")
    ok(act(staff, today, "order"), 201)


def test_short_of_stock_it_stays_as_it_is(staff: Caller, customer: Customer, cup: Variant) -> None:
    quote = make(staff, customer, line(cup, 6))

    refused(act(staff, quote, "order"), 409, "insufficient_stock")

    assert ok(staff.get(f"/drafts/{quote['id']}")) == quote


def test_wrong_lines_are_named(staff: Caller, customer: Customer, cup: Variant) -> None:
    wrong = [line(cup, seller=NOBODYS), {"variant": NOBODYS, "quantity": 1}, line(cup, agreed_price="1.005")]
    body = {"customer": str(customer.pk), "lines": wrong}
    faults = pointers(refused(staff.post("/drafts", body), 400, "invalid"))
    assert faults == ["/lines/0/seller", "/lines/1/variant", "/lines/2/agreed_price"]
    refused(staff.post("/drafts", {"customer": NOBODYS}), 404, "customer_not_found")
    empty = make(staff, customer)
    assert pointers(refused(act(staff, empty, "order"), 400, "invalid")) == ["/lines"]
    refused(staff.post(f"/drafts/{NOBODYS}/order", {}), 404, "draft_not_found")


def test_numbers_count_each_kind_and_the_quote_prints(staff: Caller, customer: Customer, cup: Variant) -> None:
    quote, draft = make(staff, customer, line(cup)), make(staff, customer, kind="draft")
    assert (quote["number"][:2], draft["number"][:2]) == ("Q-", "D-")

    pdf = staff.get(f"/drafts/{quote['id']}/quote.pdf")

    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert [row["id"] for row in ok(staff.get("/drafts", kind="draft"))["results"]] == [draft["id"]]


def test_drafts_are_staffs(buyer: Caller) -> None:
    assert buyer.get("/drafts").status_code == 403

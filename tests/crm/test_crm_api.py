"""Leads, deals, timeline, tasks, tags, segments and consents over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.pipeline import Pipeline, Stage
from crm.models.segment import Segment, SegmentMember
from crm.models.task import Task
from crm.services.segments.refresh_segments import refresh_segments
from tests.shop.goods import VariantFactory, stock_at
from tests.shop.http.api_client import Caller, machine, ok, pointers, refused
from tests.shop.people import CompanyFactory, CustomerFactory, SuperuserFactory
from users.models.api_key import Scope
from users.models.custom_field import CustomField
from users.models.customer import Customer

LISTS = [
    "/leads",
    "/pipelines",
    "/deals",
    "/activities",
    "/tasks",
    "/tags",
    "/segments",
    "/consents",
    "/duplicates",
    "/merges",
    "/custom-fields",
]
RULE = {"all": [{"field": "tag", "op": "is", "value": "VIP"}]}


def stage(kind: str) -> str:
    found = Stage.objects.filter(kind=kind, pipeline__is_default=True).order_by("position").first()
    assert found is not None
    return str(found.pk)


def make_deal(staff: Caller, **more: Any) -> dict[str, Any]:
    return ok(staff.post("/deals", {"title": "40 chairs", "customer": str(CustomerFactory.create().pk), **more}), 201)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_for_staff_and_keys_with_the_scope(
    path: str, staff: Caller, buyer: Caller, visitor: Caller
) -> None:
    owner = SuperuserFactory.create()

    assert ok(staff.get(path)).keys() == {"next", "previous", "next_cursor", "results"}
    assert ok(machine(owner, Scope.CRM_READ).get(path))
    refused(machine(owner, Scope.ORDERS_READ, Scope.CRM_WRITE).get(path), 403, "missing_scope")
    refused(buyer.get(path), 403, "permission_denied")
    refused(visitor.get(path), 401, "not_authenticated")
    refused(staff.get(path, colour="red"), 400, "invalid")
    refused(staff.get(path + f"/{uuid4()}"), 404, "not_found")


def test_a_lead_becomes_a_customer_with_a_deal_that_becomes_an_order(staff: Caller) -> None:
    variant = VariantFactory.create(price="150.00")
    stock_at(variant, 100)

    lead = ok(staff.post("/leads", {"name": "Grace", "email": "grace@example.com", "company_name": "Compilers"}), 201)
    done = ok(staff.post(f"/leads/{lead['id']}/convert", {"deal": {"title": "40 chairs", "value": "6000"}}))
    lines = {"lines": [{"variant": str(variant.pk), "quantity": 40}]}
    deal = ok(staff.patch(f"/deals/{done['deal']}/lines", lines))
    ordered = ok(staff.post(f"/deals/{deal['id']}/order", None), 201)
    again = ok(staff.post(f"/deals/{deal['id']}/order", None))

    assert (lead["status"], lead["owner"]) == ("new", str(staff.user.pk if staff.user else None))
    assert (done["lead"]["status"], done["lead"]["customer"]) == ("converted", done["customer"])
    assert (deal["value"], deal["status"], deal["lines"][0]["sku"]) == ("6000.00", "open", variant.sku)
    assert (ordered["status"], ordered["order"]) == ("won", again["order"])
    assert ok(staff.get(f"/orders/{ordered['order']}"))["customer"] == done["customer"]
    refused(staff.post(f"/leads/{lead['id']}/convert", {}), 409, "already_converted")
    subjects = {row["subject"] for row in ok(staff.get("/activities", customer=done["customer"]))["results"]}
    assert "Lead Grace became a customer" in subjects


def test_a_deal_moves_by_its_stage_and_is_lost_with_a_reason_only(staff: Caller) -> None:
    deal = make_deal(staff)
    seen = staff.get(f"/deals/{deal['id']}")["ETag"]

    refused(staff.patch(f"/deals/{deal['id']}/stage", {"stage": stage("lost")}), 400, "invalid")
    body = {"stage": stage("lost"), "lost_reason": "too dear"}
    lost = ok(staff.patch(f"/deals/{deal['id']}/stage", body, if_match=seen))
    stale = staff.patch(f"/deals/{deal['id']}", {"title": "30 chairs"}, if_match=seen)

    assert (lost["status"], lost["lost_reason"]) == ("lost", "too dear")
    refused(stale, 412, "stale_version")
    refused(staff.patch(f"/deals/{deal['id']}", {}, if_match='"999999999999999999"'), 412, "stale_version")
    refused(staff.patch(f"/deals/{deal['id']}/stage", {"stage": str(uuid4())}), 404, "not_found")
    assert ok(staff.get("/deals", status="open"))["results"] == []


def test_deals_are_listed_by_pipeline(staff: Caller) -> None:
    deal = make_deal(staff)
    renewals = Pipeline.objects.create(name="Renewals")
    again = Stage.objects.create(pipeline=renewals, name="Again", position=1)
    renewal = make_deal(staff, stage=str(again.pk))

    assert [row["id"] for row in ok(staff.get("/deals", pipeline=str(renewals.pk)))["results"]] == [renewal["id"]]
    assert [row["id"] for row in ok(staff.get("/deals", pipeline=deal["pipeline"]))["results"]] == [deal["id"]]
    refused(staff.get("/deals", pipeline="sales"), 400, "invalid")


def test_tasks_are_made_changed_and_ticked_off_once(staff: Caller) -> None:
    deal = make_deal(staff)

    task = ok(staff.post("/tasks", {"title": "Call", "deal": deal["id"]}), 201)
    due = ok(staff.patch(f"/tasks/{task['id']}", {"due_at": "2027-05-31T09:00:00Z", "repeat": "weekly"}))
    done = ok(staff.post(f"/tasks/{task['id']}/complete", None))
    ok(staff.post(f"/tasks/{task['id']}/complete", None))

    assert (task["customer"], task["assignee"]) == (deal["customer"], str(staff.user.pk if staff.user else None))
    assert (due["repeat"], done["done_at"] is not None) == ("weekly", True)
    assert Task.objects.count() == 2, "it came back once"
    assert [row["id"] for row in ok(staff.get("/tasks", is_done="true"))["results"]] == [task["id"]]
    other = {"title": "x", "deal": deal["id"], "customer": str(CustomerFactory.create().pk), "repeat": "daily"}
    assert set(pointers(refused(staff.post("/tasks", other), 400, "invalid"))) == {"/deal", "/repeat"}


def test_the_timeline_is_written_but_never_changed(staff: Caller) -> None:
    customer = CustomerFactory.create()

    note = ok(staff.post("/activities", {"customer": str(customer.pk), "kind": "call", "text": "Called"}), 201)

    assert note["author"] == str(staff.user.pk if staff.user else None)
    assert [row["id"] for row in ok(staff.get("/activities", customer=str(customer.pk), kind="call"))["results"]] == [
        note["id"]
    ]
    refused(staff.post("/activities", {"text": "About whom?"}), 400, "invalid")
    refused(staff.post("/activities", {"customer": str(customer.pk), "kind": "change", "text": "x"}), 400, "invalid")
    refused(staff.patch(f"/activities/{note['id']}", {"text": "other"}), 405, "method_not_allowed")
    assert Activity.objects.get(pk=note["id"]).text == "Called"


def test_a_segment_is_a_checked_rule_with_members(staff: Caller) -> None:
    vip, other = CustomerFactory.create(), CustomerFactory.create()
    ok(staff.patch(f"/customers/{vip.pk}", {"tags": ["vip"]}))

    segment = ok(staff.post("/segments", {"name": "VIPs", "rule": RULE}), 201)
    refresh_segments()
    members = ok(staff.get(f"/segments/{segment['id']}/members"))["results"]

    assert [row["id"] for row in members] == [str(vip.pk)]
    assert ok(staff.get(f"/segments/{segment['id']}"))["member_count"] == 1
    assert ok(staff.post(f"/segments/{segment['id']}/refresh", None), 202)["id"] == segment["id"]
    refused(staff.post("/segments", {"name": "vips", "rule": RULE}), 409, "already_exists")
    bad = {"all": [{"field": "tag", "op": "is"}, {"field": "shoe size", "op": "is", "value": 44}]}
    faults = pointers(refused(staff.patch(f"/segments/{segment['id']}", {"rule": bad}), 400, "invalid"))
    assert faults == ["/rule/all/0/value", "/rule/all/1"]
    assert staff.delete(f"/segments/{segment['id']}").status_code == 204
    assert (Segment.objects.count(), SegmentMember.objects.count(), Customer.objects.filter(pk=other.pk).count()) == (
        0,
        0,
        1,
    )


def test_consents_are_recorded_with_source_and_time_and_stay(staff: Caller) -> None:
    customer = str(CustomerFactory.create().pk)
    body = {"customer": customer, "purpose": "marketing_email", "is_given": True, "source": "web form"}

    given = ok(staff.post("/consents", body), 201)
    ok(staff.post("/consents", {**body, "is_given": False, "source": "call on 3 May"}), 201)

    assert given["recorded_by"] == str(staff.user.pk if staff.user else None)
    rows = ok(staff.get("/consents", customer=customer))["results"]
    assert [row["is_given"] for row in rows] == [False, True]
    refused(staff.post("/consents", {**body, "source": " "}), 400, "invalid")
    refused(staff.post("/consents", {**body, "customer": str(uuid4())}), 404, "not_found")
    refused(staff.patch(f"/consents/{given['id']}", {"is_given": False}), 405, "method_not_allowed")


def test_the_shops_own_fields_are_values_of_every_record(staff: Caller) -> None:
    for model in ("customer", "company", "lead", "deal"):
        CustomField.objects.create(model=model, key="seats", label="Seats", kind="number")
    company, sent = CompanyFactory.create(), {"custom_fields": {"seats": "12.50"}}

    made = {
        "/customers": ok(staff.post("/customers", {"name": "A", "email": "a@example.com", **sent}), 201),
        "/companies": ok(staff.patch(f"/companies/{company.pk}", sent)),
        "/leads": ok(staff.post("/leads", {"name": "A", **sent}), 201),
        "/deals": make_deal(staff, **sent),
    }

    for path, row in made.items():
        assert row["custom_fields"] == {"seats": "12.5"}, path
        wrong = refused(staff.patch(f"{path}/{row['id']}", {"custom_fields": {"seats": "x", "no": 1}}), 400, "invalid")
        assert sorted(pointers(wrong)) == ["/custom_fields/no", "/custom_fields/seats"], path
        assert ok(staff.patch(f"{path}/{row['id']}", {"custom_fields": {"seats": None}}))["custom_fields"] == {}
    assert {row["model"] for row in ok(staff.get("/custom-fields"))["results"]} == {
        "customer",
        "company",
        "lead",
        "deal",
    }


def test_a_customer_does_not_see_the_shops_own_fields_of_itself(buyer: Caller) -> None:
    assert buyer.customer is not None
    Customer.objects.filter(pk=buyer.customer.pk).update(custom_fields={"rating": "bad payer"})

    assert ok(buyer.get(f"/customers/{buyer.customer.pk}"))["custom_fields"] == {}
    refused(buyer.patch(f"/customers/{buyer.customer.pk}", {"custom_fields": {}}), 400, "invalid")


def test_tags_are_unique_in_any_case(staff: Caller) -> None:
    tag = ok(staff.post("/tags", {"name": "VIP"}), 201)

    refused(staff.post("/tags", {"name": "vip"}), 409, "already_exists")
    assert ok(staff.patch(f"/tags/{tag['id']}", {"name": "Very important"}))["name"] == "Very important"
    assert ok(staff.get("/tags", name="very IMPORTANT"))["results"] == [{**tag, "name": "Very important"}]


def test_a_list_of_deals_asks_no_more_for_more_rows(staff: Caller, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make_deal(staff)

    with django_assert_max_num_queries(5):
        assert len(ok(staff.get("/deals"))["results"]) == Deal.objects.count() == 5

"""Segments, the shop's own fields, consents and erasing in the admin."""

import json
from typing import Any

import pytest
from django.test import Client

from crm.models.deal import Deal
from crm.models.pipeline import Stage
from crm.models.segment import Segment, SegmentMember
from crm.services.segments.refresh_segment import Refreshed, refresh_segment
from shop.services.update_shop import update_shop
from tests.shop.people import CompanyFactory, CustomerFactory, UserFactory
from users.customers.tagging import tag_customer
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.customer import Customer

RULE = {"all": [{"field": "tag", "op": "is", "value": "VIP"}]}


@pytest.fixture
def boss(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def test_members_come_and_go_by_difference(db: None) -> None:
    segment = Segment.objects.create(name="VIPs", rule=RULE)
    stays, leaves, comes = CustomerFactory.create(), CustomerFactory.create(), CustomerFactory.create()
    for customer in (stays, leaves):
        tag_customer(customer=customer, names=["vip"])

    assert refresh_segment(segment_id=segment.pk) == Refreshed(members=2, come=2, gone=0)
    kept = SegmentMember.objects.get(customer=stays).pk
    tag_customer(customer=leaves, names=[])
    tag_customer(customer=comes, names=["VIP"])
    assert refresh_segment(segment_id=segment.pk) == Refreshed(members=2, come=1, gone=1)

    assert SegmentMember.objects.get(customer=stays).pk == kept
    assert set(SegmentMember.objects.values_list("customer_id", flat=True)) == {stays.pk, comes.pk}
    segment.refresh_from_db()
    assert (segment.member_count, segment.refreshed_at is not None) == (2, True)


@pytest.mark.parametrize(("day", "members"), [("0001-01-01", 0), ("9999-12-31", 1)])
def test_the_outermost_days_are_days_wherever_the_shop_is(db: None, day: str, members: int) -> None:
    rule = {"all": [{"field": "created", "op": "before", "value": day}]}
    segment = Segment.objects.create(name="Ever", rule=rule)
    CustomerFactory.create()

    for zone in ("Europe/Kyiv", "America/New_York"):
        update_shop(changes={"time_zone": zone})
        refreshed = refresh_segment(segment_id=segment.pk)
        assert refreshed is not None
        assert refreshed.members == members


def test_a_rule_that_cannot_be_read_changes_nothing(db: None) -> None:
    segment = Segment.objects.create(name="Odd", rule={"all": [{"field": "shoe size"}]})

    assert refresh_segment(segment_id=segment.pk) is None
    segment.refresh_from_db()
    assert segment.refreshed_at is None


def test_staff_write_a_rule_and_see_its_members(boss: Client) -> None:
    vip, other = CustomerFactory.create(name="Vip Person"), CustomerFactory.create(name="Other Person")
    tag_customer(customer=vip, names=["VIP"])

    added = boss.post("/admin/crm/segment/add/", {"name": "VIPs", "rule": json.dumps(RULE), "description": ""})
    segment = Segment.objects.get()
    refresh_segment(segment_id=segment.pk)
    members = boss.get(f"/admin/crm/segment/{segment.pk}/members/", follow=True)
    wrong = boss.post(
        "/admin/crm/segment/add/", {"name": "x", "rule": '{"all": [{"field": "tag"}]}', "description": ""}
    )

    assert added.status_code == 302
    assert segment.rule == RULE
    text = members.content.decode()
    assert "Vip Person" in text
    assert other.name not in text
    assert "/all/0/value: Field required." in wrong.content.decode()
    assert boss.get("/admin/users/customer/?segment=garbage").status_code in (302, 200)


def test_the_shops_own_fields_stand_in_the_forms(boss: Client) -> None:
    for model in ("customer", "company", "lead", "deal"):
        CustomField.objects.create(model=model, key="seats", label="Seats at table", kind="number")
    customer, company = CustomerFactory.create(), CompanyFactory.create()
    stage = Stage.objects.filter(kind="open").first()
    assert stage is not None
    pages = [
        f"/admin/users/customer/{customer.pk}/change/",
        f"/admin/users/company/{company.pk}/change/",
        "/admin/crm/lead/add/",
        "/admin/crm/deal/add/",
    ]

    for page in pages:
        assert "Seats at table" in boss.get(page).content.decode(), page
    body = {"name": company.name, "custom__seats": "12.50"}
    assert boss.post(pages[1], {**body, "custom__seats": "many"}).status_code == 200
    assert boss.post(pages[1], body).status_code == 302
    company.refresh_from_db()
    assert company.custom_fields == {"seats": "12.5"}
    deal = {"title": "Chairs", "customer": str(customer.pk), "stage": str(stage.pk), "currency": "USD", "value": "1"}
    deal |= {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    made = boss.post(pages[3], {**deal, "custom__seats": "4"})
    assert made.status_code == 302, made.context["adminform"].form.errors
    assert Deal.objects.get().custom_fields == {"seats": "4"}


def test_a_field_with_values_stays_what_it_is(boss: Client) -> None:
    field = CustomField.objects.create(model="customer", key="tier", label="Tier", kind="choice", choices=["a", "b"])
    CustomerFactory.create(custom_fields={"tier": "a"})
    body: dict[str, Any] = {"model": "customer", "key": "tier", "label": "Rank", "kind": "choice", "position": "0"}
    page = f"/admin/users/customfield/{field.pk}/change/"

    assert boss.post(page, {**body, "kind": "text", "choices": ""}).status_code == 409
    assert boss.post(page, {**body, "choices": "b"}).status_code == 409
    assert boss.post(page, {**body, "choices": "a\nb\nc"}).status_code == 302
    field.refresh_from_db()
    assert (field.kind, field.label, field.choices) == ("choice", "Rank", ["a", "b", "c"])
    assert boss.get(f"/admin/users/customfield/{field.pk}/delete/").status_code == 403


def test_staff_record_consents_and_hand_over_or_erase_the_data(boss: Client) -> None:
    customer = CustomerFactory.create(name="Ada Byron")
    base = f"/admin/users/customer/{customer.pk}"

    said = boss.post(f"{base}/consent/", {"purpose": "profiling", "is_given": "yes", "source": "call"})
    assert said.status_code == 302, said.headers
    assert Consent.objects.get().is_given
    assert "Profiling: given" in boss.get(f"{base}/consent/").content.decode()
    assert json.loads(boss.get(f"{base}/export_json/").content)["person"]["name"] == "Ada Byron"
    assert boss.get(f"{base}/export_pdf/").content.startswith(b"%PDF-")
    assert "This cannot be undone" in boss.get(f"{base}/erase/").content.decode()
    boss.post(f"{base}/erase/", {"name": "Somebody"})
    assert Customer.objects.get().name == "Ada Byron"
    boss.post(f"{base}/erase/", {"name": "Ada Byron"})
    assert Customer.objects.get().name == "Erased"

"""Duplicates are found, merged and parted over HTTP as in the admin."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group

from crm.models.activity import Activity
from crm.models.duplicate_pair import DuplicatePair
from tests.shop.customer_pasts import make_pair
from tests.shop.http.api_client import Caller, login, machine, ok, pointers, refused
from tests.shop.people import CustomerFactory, StaffFactory, SuperuserFactory
from users.models.api_key import Scope
from users.models.customer import Customer
from users.models.role import AccessLevel, Role


@pytest.fixture
def ann(db: None) -> Customer:
    return CustomerFactory.create(name="Ann Bell", email="ann@example.com", phone="", country="DE")


@pytest.fixture
def anne(db: None) -> Customer:
    fields = {"tier": "gold"}
    return CustomerFactory.create(
        name="Anne Bell", email="ann@example.com", phone="+4930123456", country="", custom_fields=fields
    )


def both(kept: Customer, duplicate: Customer) -> dict[str, str]:
    return {"kept": str(kept.pk), "duplicate": str(duplicate.pk)}


LIVES: dict[str, Any] = {"name": "", "company": "", "region": "", "phone": "", "country": "DE", "is_default": True}
OAK: dict[str, Any] = {
    **LIVES,
    "id": str(uuid4()),
    "kind": "delivery",
    "lines": ["Oak 1"],
    "city": "Bonn",
    "postal_code": "53111",
}


@pytest.mark.parametrize(("take", "default"), [([], "Oak 1"), (["address"], "Elm 2")])
def test_an_address_that_is_taken_becomes_the_default_and_the_other_stays(
    staff: Caller, ann: Customer, anne: Customer, take: list[str], default: str
) -> None:
    Customer.objects.filter(pk=ann.pk).update(addresses=[OAK], address="Oak 1")
    Customer.objects.filter(pk=anne.pk).update(address="Elm 2\n10117 Berlin", country="DE")

    merge = ok(staff.post("/merges", {**both(ann, anne), "take": take}), 201)

    kept = ok(staff.get(f"/customers/{ann.pk}"))
    delivery = [each for each in kept["addresses"] if each["kind"] == "delivery"]
    assert {each["lines"][0] for each in delivery} == {"Oak 1", "Elm 2"}, "nothing is lost"
    assert [each["lines"][0] for each in delivery if each["is_default"]] == [default]
    assert kept["address"].startswith(default)
    ok(staff.post(f"/merges/{merge['id']}/undo", None))
    ann.refresh_from_db()
    assert (ann.addresses, ann.address) == ([OAK], "Oak 1")


def test_a_pair_is_previewed_merged_with_choices_and_parted(staff: Caller, ann: Customer, anne: Customer) -> None:
    make_pair(ann, anne)
    Activity.objects.create(customer=anne, subject="Called")

    [pair] = ok(staff.get("/duplicates", state="open", customer=str(ann.pk)))["results"]
    seen = ok(staff.post("/merges/preview", {"kept": pair["first"], "duplicate": pair["second"]}))
    moments = {name: seen[name] for name in ("kept_updated_at", "duplicate_updated_at")}
    body = {**both(ann, anne), "take": ["name", "custom_fields.tier"], **moments}
    merge = ok(staff.post("/merges", body), 201)

    assert {field["name"]: field["proposed"] for field in seen["fields"]} == {
        "name": "kept",
        "phone": "duplicate",
        "country": "kept",
        "custom_fields.tier": "duplicate",
    }
    assert seen["moves"] == {"activities": 1}
    assert (merge["kept"], merge["duplicate"], merge["moved"]) == (str(ann.pk), str(anne.pk), {"activities": 1})
    kept = ok(staff.get(f"/customers/{ann.pk}"))
    assert (kept["name"], kept["phone"], kept["custom_fields"]) == ("Anne Bell", "", {"tier": "gold"})
    refused(staff.get(f"/customers/{anne.pk}"), 404, "not_found")
    refused(staff.post("/merges", body), 404, "not_found")

    undone = ok(staff.post(f"/merges/{merge['id']}/undo", None))
    again = ok(staff.post(f"/merges/{merge['id']}/undo", None))

    assert undone["undone_at"] is not None
    assert undone == again
    assert ok(staff.get(f"/customers/{ann.pk}"))["name"] == "Ann Bell"
    assert ok(staff.get("/activities", customer=str(anne.pk)))["results"][-1]["subject"] == "Called"
    assert ok(staff.get("/merges", kept=str(ann.pk)))["results"] == [undone]


def test_without_choices_only_what_is_empty_is_taken(staff: Caller, ann: Customer, anne: Customer) -> None:
    ok(staff.post("/merges", both(ann, anne)), 201)

    ann.refresh_from_db()
    assert (ann.name, ann.phone, ann.country) == ("Ann Bell", "+4930123456", "DE")
    assert ann.custom_fields == {"tier": "gold"}


def test_what_cannot_be_merged_is_refused_and_nothing_changes(staff: Caller, ann: Customer, anne: Customer) -> None:
    same = refused(staff.post("/merges/preview", both(ann, ann)), 400, "invalid")
    unknown = refused(staff.post("/merges", {**both(ann, anne), "take": ["shoe_size"]}), 400, "invalid")
    stale = {**both(ann, anne), "kept_updated_at": "2020-01-01T00:00:00Z"}

    assert (pointers(same), pointers(unknown)) == (["/duplicate"], ["/take"])
    refused(staff.post("/merges", stale), 412, "stale_version")
    refused(staff.post("/merges", {**both(ann, anne), "duplicate": str(uuid4())}), 404, "not_found")
    Customer.objects.filter(pk=anne.pk).update(erased_at="2026-01-01T00:00:00Z")
    refused(staff.post("/merges", both(ann, anne)), 409, "customer_erased")
    assert Customer.objects.filter(pk__in=[ann.pk, anne.pk]).count() == 2


def test_who_is_alike_is_looked_up_and_dismissed(staff: Caller, ann: Customer, anne: Customer) -> None:
    [found] = ok(staff.get(f"/customers/{ann.pk}/duplicates"))
    assert (found["customer"], found["name"]) == (str(anne.pk), "Anne Bell")
    assert "email" in found["reasons"]
    pair = make_pair(ann, anne)

    dismissed = ok(staff.post(f"/duplicates/{pair.pk}/dismissal", None))

    assert dismissed["state"] == "dismissed"
    assert ok(staff.get("/duplicates", state="open"))["results"] == []
    assert ok(staff.get(f"/customers/{ann.pk}/duplicates")) == []


def test_the_likeliest_come_first(staff: Caller, ann: Customer, anne: Customer) -> None:
    other = CustomerFactory.create()
    for score, one in ((60, ann), (95, anne)):
        DuplicatePair.objects.create(first=one, second=other, score=score, reasons=["email"])

    page = ok(staff.get("/duplicates", limit="1"))

    assert [row["score"] for row in page["results"]] == [95]
    assert [row["score"] for row in ok(staff.get(page["next"]))["results"]] == [60]


def test_merging_asks_for_the_right_the_scope_and_reaches_what_the_role_reaches(ann: Customer, anne: Customer) -> None:
    owner = SuperuserFactory.create()
    refused(machine(owner, Scope.CRM_READ).post("/merges", both(ann, anne)), 403, "missing_scope")
    Role.objects.filter(key="sales").update(sees=AccessLevel.OWN)
    colleague = StaffFactory.create()
    colleague.groups.add(Group.objects.get(name="sales"))
    Customer.objects.filter(pk=anne.pk).update(owner=owner)
    make_pair(ann, anne)

    refused(login(colleague).post("/merges", both(ann, anne)), 404, "not_found")
    assert ok(login(colleague).get("/duplicates"))["results"] == []
    Customer.objects.filter(pk=anne.pk).update(owner=colleague)
    ok(login(colleague).post("/merges", both(ann, anne)), 201)

"""The addresses of a customer."""

from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.api_client import NOBODYS, Caller, ok, pointers, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CustomerFactory
from users.models.customer import Customer

HOME = {"kind": "delivery", "lines": ["Хрещатик 1"], "city": "Київ", "postal_code": "01001", "country": "UA"}
OFFICE = {"kind": "billing", "company": "Byron Ltd", "lines": ["1 Main St", "Suite 5"], "city": "Los Angeles"}
KEPT: dict[str, Any] = {"id": "1", "is_default": True, "name": "", "company": "", "region": "", "phone": "", **HOME}
OFFICE |= {"region": "california", "postal_code": "90001", "country": "US"}


def test_addresses_come_with_a_new_customer(staff: Caller) -> None:
    body = {"name": "Ada", "email": "ada@example.com", "addresses": [HOME, OFFICE, {**HOME, "name": "Bob"}]}

    created = ok(staff.post("/customers", body), 201)

    shown = [(each["kind"], each["is_default"], each["region"], each["name"]) for each in created["addresses"]]
    assert shown == [("delivery", True, "", ""), ("billing", True, "CA", ""), ("delivery", False, "", "Bob")]
    assert created["address"].split("\n")[1:] == ["Київ", "01001", "UKRAINE"], "the old text says the same"
    assert ok(staff.get(f"/customers/{created['id']}")) == created


def test_a_change_replaces_the_list_and_one_with_its_id_stays_itself(staff: Caller) -> None:
    made = ok(staff.post("/customers", {"name": "A", "email": "a@b.example", "addresses": [HOME, OFFICE]}), 201)
    home, office = made["addresses"]
    path = f"/customers/{made['id']}"

    changed = ok(staff.patch(path, {"addresses": [{**home, "city": "Львів"}, {**HOME, "is_default": False}]}))

    assert [each["id"] == home["id"] for each in changed["addresses"]] == [True, False]
    assert [each["city"] for each in changed["addresses"]] == ["Львів", "Київ"]
    assert office["id"] not in str(changed)
    assert ok(staff.patch(path, {"name": "B"}))["addresses"] == changed["addresses"]
    emptied = ok(staff.patch(path, {"addresses": []}))
    assert (emptied["addresses"], emptied["address"]) == ([], "")


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ({**HOME, "postal_code": "1001"}, ["/addresses/0/postal_code"]),
        ({**HOME, "city": "", "lines": [" "]}, ["/addresses/0/city", "/addresses/0/lines"]),
        ({**HOME, "country": "XX"}, ["/addresses/0/country"]),
        ({**HOME, "country": ""}, ["/addresses/0/country"]),
        ({**OFFICE, "region": "Bavaria"}, ["/addresses/0/region"]),
        ({**HOME, "kind": "gift"}, ["/addresses/0/kind"]),
        ({**HOME, "lines": ["1", "2", "3", "4"]}, ["/addresses/0/lines"]),
        ({**HOME, "name": "x" * 201}, ["/addresses/0/name"]),
        ({**HOME, "id": NOBODYS}, ["/addresses/0/id"]),
        ({**HOME, "door": "2"}, ["/addresses/0/door"]),
    ],
)
def test_what_the_country_does_not_take_is_named(staff: Caller, address: Any, where: list[str]) -> None:
    customer = CustomerFactory.create()

    problem = refused(staff.patch(f"/customers/{customer.pk}", {"addresses": [address]}), 400, "invalid")

    assert pointers(problem) == where


def test_one_of_a_kind_is_the_default(staff: Caller) -> None:
    customer = CustomerFactory.create()
    two = [{**HOME, "is_default": True}, {**HOME, "city": "Львів", "is_default": True}]

    refused(staff.patch(f"/customers/{customer.pk}", {"addresses": two}), 400, "invalid")

    texts = {"name": "", "company": "", "region": "", "phone": ""}
    stored = [{**each, **texts, "id": str(number)} for number, each in enumerate(two)]
    more: list[Any] = [[{"id": "1"}], {}, ["text"], [{**stored[0], "lines": [1]}], [{**stored[0], "kind": "gift"}]]
    for wrong in [stored, *more]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.filter(pk=customer.pk).update(addresses=wrong)
    Customer.objects.filter(pk=customer.pk).update(addresses=stored[:1])


def test_a_customer_says_where_they_live(buyer: Caller, staff: Caller) -> None:
    path = f"/customers/{buyer.customer.pk}"

    assert ok(buyer.patch(path, {"addresses": [HOME]}))["addresses"][0]["city"] == "Київ"
    assert pointers(refused(staff.patch(path, {"address": "Elsewhere 1"}), 400, "invalid")) == ["/address"]


def test_an_address_that_is_older_than_its_countrys_rules_stays_until_it_is_changed(staff: Caller) -> None:
    customer = CustomerFactory.create()
    old = {"id": str(uuid4()), "kind": "delivery", "is_default": True, "name": "", "company": "", "city": ""}
    old |= {"lines": ["Somewhere 1"], "region": "", "postal_code": "", "country": "", "phone": ""}
    Customer.objects.filter(pk=customer.pk).update(addresses=[old], address="Somewhere 1")
    path = f"/customers/{customer.pk}"

    assert ok(staff.patch(path, {"addresses": [old]}))["addresses"] == [old]
    problem = refused(staff.patch(path, {"addresses": [{**old, "city": "Lviv"}]}), 400, "invalid")
    assert pointers(problem) == ["/addresses/0/country"]


def test_old_texts_become_addresses_and_nothing_of_them_is_lost(db: None) -> None:
    texts = {
        "1 Main St\nBerlin": "DE",
        "Friedrichstr. 1\n10117 Berlin": "DE",
        "Rynek 5\n30-001 Kraków\nPolska": "",
        "a, b, c, d, e, f": "",
        "one\ntwo\nthree\nfour\nfive": "UA",
        "long " * 190: "",
        "\n".join(["ab"] * 330): "",
        " ".join(["x" * 201] * 4): "",
        "01001 " + "k" * 300: "UA",
    }
    made = [CustomerFactory.create(address=text, country=country) for text, country in texts.items()]
    none, own = CustomerFactory.create(address=""), CustomerFactory.create(address="x", addresses=[KEPT])
    carry_over = import_module("users.migrations.0015_addresses_of_texts").carry_over

    for _time in range(2):  # the second finds nothing left to do
        carry_over(None, connection.schema_editor())
        found = [Customer.objects.get(pk=each.pk) for each in made]
        shown = [each.addresses[0] for each in found]

    assert [[each["kind"] for each in customer.addresses] for customer in found] == [["delivery", "billing"]] * 9
    assert [(each["city"], each["postal_code"], each["country"]) for each in shown] == [
        ("", "", "DE"),
        ("Berlin", "10117", "DE"),
        ("Kraków", "30-001", "PL"),
        ("", "", ""),
        ("", "", "UA"),
        *[("", "", "")] * 3,
        ("", "", "UA"),
    ]
    for text, each in zip(texts, shown, strict=True):
        words = set(text.replace(",", " ").split()) - {"Polska"}
        assert words <= set(" ".join([*each["lines"], each["city"], each["postal_code"]]).replace(",", " ").split())
    assert [customer.address for customer in found] == list(texts), "the text stays where it is"
    assert Customer.objects.get(pk=none.pk).addresses == []
    assert Customer.objects.get(pk=own.pk).addresses == [KEPT]


def test_the_text_of_who_has_addresses_is_shown_and_not_asked_for(db: None) -> None:
    customer = CustomerFactory.create(address="Київ", addresses=[KEPT])
    boss = signed_in(superuser())
    shown = opened(boss, page_url(customer))

    saved = save(boss, page_url(customer), shown, name="Ada", address="Elsewhere 1")

    customer.refresh_from_db()
    assert "address" not in shown
    assert (saved.status_code, customer.name, customer.address) == (302, "Ada", "Київ")
    assert "address" in opened(boss, page_url(CustomerFactory.create()))


def test_staff_keep_addresses_on_a_page_of_their_own(db: None) -> None:
    customer = CustomerFactory.create()
    boss, url = signed_in(superuser()), f"/admin/users/customer/{customer.pk}/addresses/"
    home = {"a1_kind": "delivery", "a1_lines": "Main 1\nDoor 2", "a1_city": "Kyiv", "a1_country": "ua"}

    refused_page = boss.post(url, home)
    saved = boss.post(url, {**home, "a1_postal_code": "01001"})

    assert refused_page.status_code == 400
    assert "is required" in refused_page.content.decode()
    assert saved.status_code == 302
    customer.refresh_from_db()
    (kept,) = customer.addresses
    assert (kept["lines"], kept["country"], kept["is_default"]) == (["Main 1", "Door 2"], "UA", True)
    assert "Main 1" in boss.get(url).content.decode()
    emptied = boss.post(url, {"a1_kind": "delivery", "a2_kind": "billing"})
    assert emptied.status_code == 302
    customer.refresh_from_db()
    assert customer.addresses == []

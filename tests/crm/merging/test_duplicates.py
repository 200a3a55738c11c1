"""Staff find customers that are one, merge them field by field, and part them again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.merging.links import CUSTOM, check_merging, pointers
from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge, MergedRow
from crm.models.duplicate_pair import DuplicatePair
from crm.models.task import Task
from crm.services.merging.find_duplicates import find_duplicates
from crm.services.merging.forget_merges import forget_merges
from crm.services.merging.merge_customers import ErasedCustomer, merge_customers
from crm.services.merging.undo_merge import CannotUndo, undo_merge
from orders.models.order import Order
from shared.actor import SYSTEM
from shared.errors import InvalidInput, NotFound, StaleVersion
from tests.shop.admin_rows import make_deal
from tests.shop.customer_pasts import give_past, make_company, make_customer, make_pair
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import hidden, list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from users.models.customer import Customer

ADMIN = "/admin/crm/duplicatepair"


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def _merged(kept: Customer, duplicate: Customer, **more: Any) -> CustomerMerge:
    return merge_customers(kept_id=kept.pk, duplicate_id=duplicate.pk, actor=SYSTEM, **more)


def test_a_name_is_the_same_with_the_letters_that_somebody_does_not_have(boss: Client) -> None:
    company = make_company()
    thor = make_customer(name="Þór Sæbø", email="ts@x.example", company=company).customer
    typed = make_customer(name="Saebo, Thor", email="saebo@y.example", company=company).customer

    find_duplicates()

    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.reasons) == (thor, typed, ["name", "company"])


def test_the_job_finds_who_is_alike_and_remembers_who_is_not(boss: Client) -> None:
    company = make_company()
    ann = make_customer(name="Ann Müller", email="Ann@Bell.example", company=company).customer
    loud = make_customer(name="A. M.", email="ANN@bell.EXAMPLE").customer
    typo = make_customer(name="Muller, Anne", email="am@x.example", company=company).customer
    phone = make_customer(name="Bob", email="bob@x.example", phone="+49 30 123456").customer
    written = make_customer(name="Robert", email="r@x.example", phone="+4930123456").customer
    make_customer(name="Ann Müller", email="another@y.example")
    for number in range(21):
        make_customer(name=f"Guest {number}", email="guest@shop.example")

    find_duplicates()

    found = {(pair.first, pair.second): pair for pair in DuplicatePair.objects.select_related("first", "second")}
    assert set(found) == {(ann, loud), (ann, typo), (phone, written)}
    assert found[ann, loud].reasons == ["email"]
    assert found[ann, typo].reasons == ["similar_name", "company"]
    boss.post(f"{ADMIN}/dismiss/{loud.pk}/{ann.pk}/")
    Customer.objects.filter(pk=written.pk).update(phone_e164="")
    find_duplicates()
    states = {(pair.first_id, pair.second_id): pair.state for pair in DuplicatePair.objects.all()}
    assert states == {(ann.pk, loud.pk): "dismissed", (ann.pk, typo.pk): "open"}
    listed = text_of(boss.get(list_url(DuplicatePair)))
    assert "Muller, Anne" in listed
    assert "A. M." not in listed
    assert "A. M." in text_of(boss.get(f"{list_url(DuplicatePair)}?state__exact=dismissed"))


def test_one_customers_duplicates_are_looked_up_at_once(boss: Client) -> None:
    ann = make_customer(name="Ann Bell", email="ann@bell.example").customer
    turned = make_customer(name="Bell Ann", email="ann@other.example").customer
    same = make_customer(name="Someone", email="ANN@bell.example").customer
    dismissed = make_customer(name="Ann Bell", email="x@y.example").customer
    make_pair(ann, dismissed, is_dismissed=True)

    page = boss.get(f"{ADMIN}/of/{ann.pk}/")

    assert [row[0] for row in page.context["alike"]] == [same, turned]
    assert f"/merge/{ann.pk}/{same.pk}/" in page.content.decode()
    assert "Nobody seems to be the same" in text_of(boss.get(f"{ADMIN}/of/{make_customer(name='Zed').customer.pk}/"))


def test_two_are_merged_field_by_field_and_parted_again(boss: Client) -> None:
    kept = make_customer(name="Ann", address="", custom_fields={"size": "L"})
    match = make_customer(name="Ann Bell", address="Oak 1", user=None, custom_fields={"size": "M", "since": 2020})
    give_past(kept, ["order"], tags=["red", "blue"])
    give_past(match, ["order", "paid order", "deal's task", "note", "lead"], tags=["red", "green"])
    order = Order.objects.filter(customer=match.customer)[0]
    page = f"{ADMIN}/merge/{kept.customer.pk}/{match.customer.pk}/"

    shown = boss.get(page)
    text = text_of(shown)
    assert all(word in text for word in ("Oak 1", "Orders 2", "Deals 1", "Tasks 1", "Keep the other one instead"))
    fields = {name: hidden(shown, name) for name in ("seen_kept", "seen_duplicate")}
    chosen = {
        "name": "duplicate",
        "address": "duplicate",
        "email": "kept",
        "user": "kept",
        CUSTOM + "since": "duplicate",
    }
    told = text_of(boss.post(page, {**fields, **chosen}, follow=True))

    customer = Customer.objects.get(pk=kept.customer.pk)
    assert "Ann Bell is merged" in told
    assert (customer.name, customer.address, customer.user) == ("Ann Bell", "Oak 1", kept.customer.user)
    assert customer.custom_fields == {"size": "L", "since": 2020}
    assert sorted(tag.name for tag in customer.tags.all()) == ["blue", "green", "red"]
    assert Order.objects.filter(customer=customer).count() == 3
    assert Order.objects.get(pk=order.pk).customer_name == order.customer_name
    assert Activity.objects.filter(customer=customer, kind="change", subject="Merged with Ann Bell").exists()
    for address in (page_url(match.customer, "page"), page_url(match.customer)):
        assert boss.get(address)["Location"] == page_url(customer, "page")
    merge = CustomerMerge.objects.get()
    boss.post(page_url(merge, "undo"))
    assert Customer.objects.get(pk=match.customer.pk).tags.count() == 2
    assert Order.objects.filter(customer=match.customer).count() == 2
    assert Customer.objects.get(pk=customer.pk).name == "Ann"
    assert boss.get(page_url(match.customer, "page")).status_code == 200


def test_a_merged_customer_is_unknown_to_the_api(boss: Client) -> None:
    kept, match = make_customer(), make_customer()
    _merged(kept.customer, match.customer)

    answer = boss.get(f"/api/v1/customers/{match.customer.pk}")

    assert answer.status_code == 404
    assert str(kept.customer.pk) not in answer.content.decode()


def test_who_has_changed_since_the_page_was_opened_is_looked_at_again(boss: Client) -> None:
    kept, match = make_customer().customer, make_customer().customer
    seen = {kept.pk: kept.updated_at, match.pk: match.updated_at}
    match.save()

    with pytest.raises(StaleVersion):
        _merged(kept, match, seen=seen)

    assert Customer.objects.filter(pk=match.pk).exists()


def test_what_cannot_be_merged_is_refused(db: None) -> None:
    kept, erased = make_customer().customer, make_customer(erased_at=datetime.now(UTC)).customer

    with pytest.raises(InvalidInput):
        _merged(kept, kept)
    with pytest.raises(InvalidInput):
        _merged(kept, erased, take=["is_staff"])
    with pytest.raises(ErasedCustomer):
        _merged(kept, erased)
    erased.delete()
    with pytest.raises(NotFound):
        _merged(kept, erased)


def test_what_was_changed_since_stays_and_what_is_new_goes_along(db: None) -> None:
    kept, match, third = make_customer(name="Ann"), make_customer(name="Anna", phone="+4930123456"), make_customer()
    deal, order = make_deal(match), order_of(match, (make_level(on_hand=5), 1))
    moved_on = order_of(match, (make_level(on_hand=5), 1))
    merge = _merged(kept.customer, match.customer, take=["name", "phone"])

    Order.objects.filter(pk=moved_on.pk).update(customer=third.customer)
    Customer.objects.filter(pk=kept.customer.pk).update(name="Anneliese")
    new_task = Task.objects.create(title="Call", customer=kept.customer, deal=deal)
    own_task = Task.objects.create(title="Call", customer=kept.customer)
    new_order = order_of(kept, (make_level(on_hand=5), 1))
    undo_merge(merge_id=merge.pk, actor=SYSTEM)

    kept.customer.refresh_from_db()
    assert (kept.customer.name, kept.customer.phone) == ("Anneliese", "")
    owners = dict(Order.objects.values_list("pk", "customer_id"))
    assert owners == {order.pk: match.customer.pk, moved_on.pk: third.customer.pk, new_order.pk: kept.customer.pk}
    assert Task.objects.get(pk=new_task.pk).customer == match.customer
    assert Task.objects.get(pk=own_task.pk).customer == kept.customer
    assert undo_merge(merge_id=merge.pk, actor=SYSTEM).undone_at is not None


def test_what_stands_in_the_way_of_an_undo_is_said(boss: Client) -> None:
    kept, match, later = make_customer(name="Ann"), make_customer(name="Anna"), make_customer(name="Hanna")
    login = match.customer.user
    first = _merged(kept.customer, match.customer)
    second = _merged(kept.customer, later.customer)

    refused = boss.post(page_url(first, "undo"))
    assert refused.status_code == 409
    assert "merged again since, with Hanna" in text_of(refused)
    undo_merge(merge_id=second.pk, actor=SYSTEM)
    Customer.objects.create(name="Thief", email="t@x.example", user=login)
    with pytest.raises(CannotUndo, match="acts for Thief now"):
        undo_merge(merge_id=first.pk, actor=SYSTEM)
    Customer.objects.filter(name="Thief").delete()
    with pytest.raises(CannotUndo, match="30 days"):
        undo_merge(merge_id=first.pk, actor=SYSTEM, now=datetime.now(UTC) + timedelta(days=31))
    assert not Customer.objects.filter(pk=match.customer.pk).exists()


def test_after_thirty_days_only_the_way_to_the_kept_customer_is_known(boss: Client) -> None:
    kept, match = make_customer(), make_customer()
    merge = _merged(kept.customer, match.customer, take=["name"])

    assert forget_merges() == 0
    assert forget_merges(now=datetime.now(UTC) + timedelta(days=31)) == 1

    merge.refresh_from_db()
    assert (merge.duplicate_name, MergedRow.objects.count()) == ("", 0)
    assert boss.get(page_url(match.customer, "page"))["Location"] == page_url(kept.customer, "page")
    with pytest.raises(CannotUndo):
        undo_merge(merge_id=merge.pk, actor=SYSTEM)


def test_merging_is_for_those_who_may(db: None) -> None:
    clerk = superuser("clerk@example.com")
    clerk.is_superuser = False
    clerk.save()
    kept, match = make_customer(), make_customer()

    for place in (f"merge/{kept.customer.pk}/{match.customer.pk}", f"of/{kept.customer.pk}"):
        assert signed_in(clerk).get(f"{ADMIN}/{place}/").status_code == 403


def test_a_new_key_to_a_customer_must_say_how_it_merges() -> None:
    assert check_merging() == []
    assert len(list(pointers())) >= 12

    faults = check_merging(links=())

    assert {fault.id for fault in faults} == {"crm.E1"}
    assert any("orders.Order.customer" in fault.msg for fault in faults)

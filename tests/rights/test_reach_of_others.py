"""What is done to two records, or to one by the id of another, keeps within the reach of whoever does it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge
from crm.models.deal import Deal
from crm.models.duplicate_pair import DuplicatePair
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.merging.merge_customers import merge_customers
from shared.actor import SYSTEM
from tests.shop.customer_pasts import make_pair
from tests.shop.http.admin_pages import add_url, hidden, list_url, page_url, signed_in, text_of
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import login, ok, refused
from tests.shop.people import CompanyFactory, CustomerFactory, UserFactory
from users.models.consent import Consent
from users.models.customer import Customer
from users.models.role import AccessLevel, Role
from users.models.user import User

ADMIN = "/admin/crm/duplicatepair"


@pytest.fixture
def seller(db: None) -> User:
    """Sales: sees all, changes their own."""
    return colleague("sales")


@pytest.fixture
def mine(seller: User) -> Customer:
    return CustomerFactory.create(name="Mine Bell", owner=seller)


@pytest.fixture
def others(db: None) -> Customer:
    return CustomerFactory.create(name="Other's Bell", email="secret@other.example", owner=colleague("sales"))


def colleague(role: str) -> User:
    user = UserFactory.create(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def sees_own_alone() -> None:
    Role.objects.filter(key="sales").update(sees=AccessLevel.OWN)


def merge_in_admin(user: User, kept: Customer, duplicate: Customer) -> Answer:
    client, page = signed_in(user), f"{ADMIN}/merge/{kept.pk}/{duplicate.pk}/"
    shown = client.get(page)
    if shown.status_code != 200:
        return shown
    return client.post(page, {name: hidden(shown, name) for name in ("seen_kept", "seen_duplicate")})


@pytest.mark.parametrize("is_kept", [True, False])
def test_nobody_merges_anothers_customer_away_or_over(
    seller: User, mine: Customer, others: Customer, is_kept: bool
) -> None:
    kept, duplicate = (others, mine) if is_kept else (mine, others)
    body = {"kept": str(kept.pk), "duplicate": str(duplicate.pk)}

    refused(login(seller).post("/merges", body), 403, "permission_denied")
    assert merge_in_admin(seller, kept, duplicate).status_code == 403
    posted = signed_in(seller).post(f"{ADMIN}/merge/{kept.pk}/{duplicate.pk}/", {"name": "duplicate"})

    assert posted.status_code == 403
    assert Customer.objects.filter(pk__in=[mine.pk, others.pk]).count() == 2
    assert not CustomerMerge.objects.exists()


def test_ones_own_two_are_merged_and_parted(seller: User, mine: Customer) -> None:
    twin = CustomerFactory.create(owner=None)

    merge = ok(login(seller).post("/merges", {"kept": str(mine.pk), "duplicate": str(twin.pk)}), 201)
    ok(login(seller).post(f"/merges/{merge['id']}/undo", None))

    assert Customer.objects.filter(pk=twin.pk).exists()


@pytest.mark.parametrize("whose", ["kept", "duplicate"])
def test_nobody_parts_what_was_merged_of_anothers(seller: User, mine: Customer, others: Customer, whose: str) -> None:
    kept, duplicate = (others, mine) if whose == "kept" else (mine, others)
    merge = merge_customers(kept_id=kept.pk, duplicate_id=duplicate.pk, actor=SYSTEM)

    refused(login(seller).post(f"/merges/{merge.pk}/undo", None), 403, "permission_denied")
    assert signed_in(seller).get(page_url(merge, "undo")).status_code == 403
    assert signed_in(seller).post(page_url(merge, "undo")).status_code == 403

    merge.refresh_from_db()
    assert merge.undone_at is None


def test_nobody_says_of_anothers_customer_that_it_is_another(seller: User, mine: Customer, others: Customer) -> None:
    pair = make_pair(mine, others)

    refused(login(seller).post(f"/duplicates/{pair.pk}/dismissal", None), 403, "permission_denied")
    assert signed_in(seller).post(f"{ADMIN}/dismiss/{mine.pk}/{others.pk}/").status_code == 403

    assert DuplicatePair.objects.get().state == "open"


def test_lists_of_pairs_merges_and_the_timeline_tell_nothing_of_who_is_out_of_sight(
    seller: User, mine: Customer, others: Customer
) -> None:
    sees_own_alone()
    make_pair(mine, others)
    Activity.objects.create(customer=others, subject="A secret call")
    gone = CustomerFactory.create(name="Gone Bell", owner=others.owner)
    merge_customers(kept_id=others.pk, duplicate_id=gone.pk, actor=SYSTEM)

    shown = "".join(
        text_of(signed_in(seller).get(list_url(model))) for model in (DuplicatePair, CustomerMerge, Activity)
    )
    old_page = signed_in(seller).get(page_url(gone, "page"))

    assert not [word for word in ("Other's", "Gone Bell", "A secret call") if word in shown]
    assert old_page.status_code == 404


def test_a_lead_is_not_converted_into_anothers_customer(seller: User, others: Customer) -> None:
    lead = Lead.objects.create(name="Ann", email="secret@other.example", phone="+4930123456", owner=seller)

    refused(login(seller).post(f"/leads/{lead.pk}/convert", {"customer": str(others.pk)}), 403, "permission_denied")
    page = signed_in(seller).post(page_url(lead, "convert"), {"match": str(others.pk), "customer": ""})

    assert page.status_code == 403
    others.refresh_from_db()
    lead.refresh_from_db()
    assert (others.phone, lead.status) == ("", "new")


def test_a_consent_is_written_down_by_who_may_change_the_customer(seller: User, others: Customer) -> None:
    body = {"customer": str(others.pk), "purpose": "marketing_email", "is_given": True, "source": "web form"}

    refused(login(seller).post("/consents", body), 403, "permission_denied")
    assert signed_in(seller).post(page_url(others, "consent"), {"purpose": "marketing_email"}).status_code == 403

    assert not Consent.objects.exists()


def test_no_form_of_the_admin_takes_the_id_of_who_is_out_of_sight(
    seller: User, mine: Customer, others: Customer
) -> None:
    sees_own_alone()
    company = CompanyFactory.create(owner=others.owner)
    client = signed_in(seller)

    answers = [
        client.post(add_url(Task), {"title": "Call", "priority": "2", "repeat": "", "customer": str(others.pk)}),
        client.post(add_url(Activity), {"kind": "note", "text": "Hm", "customer": str(others.pk)}),
        client.post(add_url(Deal), {"title": "Chairs", "value": "1", "currency": "USD", "customer": str(others.pk)}),
        client.post(page_url(mine), form_of(mine) | {"company": str(company.pk)}),
    ]

    assert all("That choice is not one of the available choices" in text_of(answer) for answer in answers)
    assert [model.objects.count() for model in (Task, Activity, Deal)] == [0, 0, 0]
    mine.refresh_from_db()
    assert mine.company is None


def test_what_a_record_has_already_stays_though_it_is_out_of_sight(
    seller: User, mine: Customer, others: Customer
) -> None:
    sees_own_alone()
    mine.company = CompanyFactory.create(owner=others.owner)
    mine.save()

    answer = signed_in(seller).post(page_url(mine), form_of(mine) | {"company": str(mine.company.pk), "name": "New"})

    assert answer.status_code == 302, text_of(answer)
    mine.refresh_from_db()
    assert mine.name == "New"


def test_no_company_out_of_sight_is_named_over_http(seller: User, mine: Customer, others: Customer) -> None:
    sees_own_alone()
    company = str(CompanyFactory.create(owner=others.owner).pk)

    refused(login(seller).patch(f"/customers/{mine.pk}", {"company": company}), 400, "invalid")
    refused(login(seller).post("/customers", {"name": "A", "email": "a@b.example", "company": company}), 400, "invalid")


@pytest.mark.parametrize("name", ["assign_owner", "add_tag", "remove_tag"])
def test_changing_many_leaves_anothers_out(seller: User, mine: Customer, others: Customer, name: str) -> None:
    tag = mine.tags.create(name="VIP")
    others.tags.add(tag)
    values: dict[str, Any] = {"owner": str(seller.pk)} if name == "assign_owner" else {"tag": str(tag.pk)}

    url = reverse("admin:bulk", args=["users.customer", name])
    sent = {"keys": f"{mine.pk},{others.pk}", **values}
    answer = signed_in(seller).post(url, sent, headers={"Accept": "application/json"})

    assert answer.json()["left_out"] == 1
    others.refresh_from_db()
    assert others.owner != seller
    assert others.tags.get() == tag


def form_of(customer: Customer) -> dict[str, str]:
    who = {"name": customer.name, "email": customer.email, "language": customer.language, "country": ""}
    return {**who, "owner": str(customer.owner_id)}

"""What became of a record, and who did it, as staff read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from shared.jobs import purge_record_changes
from shared.models.record_change import RecordChange
from tests.shop.http.admin_pages import list_url, page_url, signed_in, statements, superuser, text_of
from tests.shop.people import CompanyFactory, CustomerFactory
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_a_record_shows_before_and_after_with_names_in_place_of_keys(boss: Client) -> None:
    old, new = CompanyFactory.create(name="Old & Co"), CompanyFactory.create(name="New <Co>")
    customer = CustomerFactory.create(name="Ada", company=old)
    customer.tags.add(Tag.objects.create(name="Regular"))
    boss.post(page_url(customer), {"name": "Ada Byron", "email": customer.email, "company": new.pk, "language": "en"})

    page = text_of(boss.get(page_url(customer, "history")))

    assert "boss@example.com" in page
    assert "Ada Ada Byron" in page
    assert "Old & Co New <Co>" in page
    assert "Regular" in page
    assert "system" in page
    assert not LogEntry.objects.exists(), "written once, not twice"


def test_the_history_is_paged_and_takes_the_same_few_statements(boss: Client) -> None:
    customer = CustomerFactory.create()
    few = len(statements(boss, page_url(customer, "history")))
    for number in range(60):
        Customer.objects.filter(pk=customer.pk).update(name=f"Name {number}")

    many = len(statements(boss, page_url(customer, "history")))
    second = text_of(boss.get(f"{page_url(customer, 'history')}?p=3"))

    assert many == few <= 12
    assert "Name 3" in second
    assert "Name 58" not in second, "the title says Name 59"


def test_all_changes_are_found_by_person_kind_record_and_time(boss: Client) -> None:
    ada, tag = CustomerFactory.create(name="Ada"), Tag.objects.create(name="Regular")
    boss.post(page_url(tag), {"name": "Renamed"})
    me = User.objects.get(email="boss@example.com")
    url = list_url(RecordChange)

    def found(**query: Any) -> str:
        return text_of(boss.get(url, query)).split("Filters", 1)[-1]

    assert "Renamed" not in found(), "values are on the pages behind the list"
    by_me = found(actor__id__exact=me.pk)
    assert "Changed Tag" in by_me
    assert "Customer" not in by_me.split("Changed Tag")[0][-60:]
    assert str(ada.pk)[-12:] in found(kind="users_customer")
    assert str(tag.pk)[-12:] not in found(kind="users_customer")
    assert str(ada.pk)[-12:] in found(q=str(ada.pk))
    detail = boss.get(page_url(RecordChange.objects.filter(actor=me, table="users_tag").get()))
    assert "Regular Renamed" in text_of(detail)


def test_nobody_rewrites_the_history_and_not_everybody_reads_it(boss: Client) -> None:
    customer = CustomerFactory.create()
    change = RecordChange.objects.filter(record=str(customer.pk)).get()
    visitor = User.objects.create_user("new@example.com", is_staff=True)

    assert boss.post(page_url(change), {"source": "me"}).status_code == 403
    assert boss.post(page_url(change, "delete"), {"post": "yes"}).status_code == 403
    assert signed_in(visitor).get(list_url(RecordChange)).status_code == 403
    assert signed_in(visitor).get(page_url(customer, "history")).status_code == 403
    visitor.user_permissions.add(Permission.objects.get(codename="view_customer"))
    assert signed_in(visitor).get(page_url(customer, "history")).status_code == 200


def test_history_is_kept_as_long_as_is_set(db: None, settings: Any) -> None:
    old, new = CustomerFactory.create(), CustomerFactory.create()
    RecordChange.objects.filter(record=str(old.pk)).update(at=timezone.now() - timedelta(days=31))

    settings.HISTORY_DAYS = 0
    assert purge_record_changes() == 0
    settings.HISTORY_DAYS = 30
    assert purge_record_changes() == 1

    assert not RecordChange.objects.filter(record=str(old.pk)).exists()
    assert RecordChange.objects.filter(record=str(new.pk)).exists()

"""Many rows of a list are changed at once: asked first, counted afterwards, in the timeline where there is one."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.bulk import check_many
from tests.shop.admin_rows import make_deal
from tests.shop.http.admin_pages import list_url, signed_in, superuser, text_of
from tests.shop.http.bulk_pages import ask, change
from tests.shop.people import CustomerFactory, StaffFactory, make_buyer
from users.models.customer import Customer
from users.models.tag import Tag
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_nothing_happens_before_it_is_confirmed(boss: Client) -> None:
    leads = [Lead.objects.create(name=f"Lead {n}") for n in range(3)]

    page = text_of(ask(boss, "set_status", *leads))

    assert "3 leads will be changed" in page
    assert "Lead 1" in page
    assert set(Lead.objects.values_list("status", flat=True)) == {"new"}


def test_customers_get_an_owner_and_their_timelines_say_so(boss: Client) -> None:
    owner = StaffFactory.create()
    customers = [CustomerFactory.create() for _ in range(3)]
    Customer.objects.filter(pk=customers[0].pk).update(owner=owner)

    told = change(boss, "assign_owner", *customers, owner=owner.pk)

    assert "2 changed, 1 were so already." in told
    assert Customer.objects.filter(owner=owner).count() == 3
    entries = Activity.objects.values_list("customer_id", "kind", "subject", "author__email")
    assert set(entries) == {(row.pk, "change", "Owner changed", "boss@example.com") for row in customers[1:]}


def test_a_tag_is_added_and_removed(boss: Client) -> None:
    tag = Tag.objects.create(name="vip")
    first, second = CustomerFactory.create(), CustomerFactory.create()
    first.tags.add(tag)

    assert "1 changed, 1 were so already" in change(boss, "add_tag", first, second, tag=tag.pk)
    assert "1 changed." in change(boss, "remove_tag", first, tag=tag.pk)

    assert list(tag.customers.all()) == [second]
    subjects = Activity.objects.order_by("happened_at").values_list("subject", flat=True)
    assert list(subjects) == ["Tag vip added", "Tag vip removed"]


def test_leads_get_a_status_but_converted_ones_keep_theirs(boss: Client) -> None:
    converted = Lead.objects.create(name="Converted Carl", status="converted")
    fresh = Lead.objects.create(name="Fresh Fran")

    told = change(boss, "set_status", converted, fresh, status="lost")

    assert "1 changed." in told
    assert "Converted Carl: a lead that is a customer stays converted" in told
    assert "Select a valid choice" in change(boss, "set_status", fresh, status="converted")
    assert {row.status for row in Lead.objects.all()} == {"converted", "lost"}


def test_deals_get_a_date_and_an_owner(boss: Client) -> None:
    deals = [make_deal(make_buyer(), f"Deal {n}") for n in range(2)]

    change(boss, "set_expected_close", *deals, expected_close="2031-02-03")
    change(boss, "assign_owner", *deals, owner="")

    assert set(Deal.objects.values_list("expected_close", "owner")) == {(date(2031, 2, 3), None)}
    assert Activity.objects.filter(deal=deals[0]).count() == 2


def test_tasks_are_assigned_planned_ranked_and_done(boss: Client) -> None:
    owner = StaffFactory.create()
    tasks = [Task.objects.create(title=f"Task {n}") for n in range(2)]

    change(boss, "assign", *tasks, owner=owner.pk)
    change(boss, "set_due", *tasks, due_at_0="2031-02-03", due_at_1="09:30")
    change(boss, "set_priority", *tasks, priority="1")
    told = change(boss, "complete", *tasks)

    assert "2 changed." in told
    values = set(Task.objects.values_list("assignee", "due_at", "priority"))
    assert values == {(owner.pk, datetime(2031, 2, 3, 9, 30, tzinfo=UTC), 1)}
    assert not Task.objects.filter(done_at=None).exists()


def test_a_repeating_task_keeps_its_due_time_and_comes_back_when_done(boss: Client) -> None:
    due = datetime(2031, 2, 3, tzinfo=UTC)
    weekly = Task.objects.create(title="Water the plants", due_at=due, repeat="weekly")

    assert "needs a due time" in change(boss, "set_due", weekly, due_at_0="", due_at_1="")
    change(boss, "complete", weekly)

    assert Task.objects.filter(title="Water the plants", done_at=None).count() == 1


def test_all_that_match_are_changed_up_to_a_thousand(boss: Client) -> None:
    Lead.objects.bulk_create(Lead(name=f"Lead {n}", status="new" if n < 60 else "lost") for n in range(100))
    one = Lead.objects.filter(status="new")[0]

    page = ask(boss, "set_status", one, across=True, query="?status__exact=new")

    assert "60 leads will be changed" in text_of(page)
    Lead.objects.bulk_create(Lead(name=f"More {n}") for n in range(1000))
    refused = ask(boss, "set_status", one, across=True, query="?status__exact=new")
    assert "More than 1,000 are selected" in text_of(refused)


def test_a_thousand_customers_take_a_few_statements(boss: Client) -> None:
    Customer.objects.bulk_create(Customer(name=f"C {n}", email="c@example.com") for n in range(1000))
    keys = ",".join(str(key) for key in Customer.objects.values_list("pk", flat=True))
    owner = StaffFactory.create()

    with CaptureQueriesContext(connection) as captured:
        answer = boss.post(
            "/admin/bulk/users.customer/assign_owner/",
            {"keys": keys, "owner": owner.pk},
            headers={"Accept": "application/json"},
        )

    assert answer.json() == {"changed": 1000, "unchanged": 0, "left_out": 0, "refused": []}
    assert len(captured.captured_queries) <= 20


def test_who_may_not_change_is_refused_and_rows_that_are_gone_are_counted(boss: Client) -> None:
    lead = Lead.objects.create(name="Lead")
    reader = StaffFactory.create()
    reader.user_permissions.add(Permission.objects.get(codename="view_lead"))
    url = "/admin/bulk/crm.lead/set_status/"

    assert signed_in(reader).post(url, {"keys": str(lead.pk), "status": "lost"}).status_code == 403
    told = text_of(boss.post(url, {"keys": f"{lead.pk},{uuid4()}", "status": "lost"}, follow=True))

    assert "1 changed, 1 are gone or not yours to change." in told


@pytest.mark.parametrize("keys", ["nonsense", ",".join(str(UUID(int=n)) for n in range(check_many.MAX_ROWS + 1))])
def test_keys_that_cannot_be_are_refused(boss: Client, keys: str) -> None:
    assert boss.post("/admin/bulk/crm.lead/set_status/", {"keys": keys, "status": "lost"}).status_code == 400
    assert boss.get("/admin/bulk/crm.lead/set_status/").status_code == 303
    assert boss.post("/admin/bulk/crm.lead/drop/", {"keys": ""}).status_code == 404


def test_only_colleagues_at_work_are_assigned(boss: Client) -> None:
    customer = CustomerFactory.create()
    gone = StaffFactory.create(is_active=False)
    stranger = User.objects.create_user("buyer@example.com")

    for user in (gone, stranger):
        assert "no such colleague at work" in change(boss, "assign_owner", customer, owner=user.pk)


def test_nobody_is_led_to_another_site_afterwards(boss: Client) -> None:
    lead = Lead.objects.create(name="Lead")

    sent = {"keys": str(lead.pk), "status": "lost", "back": "https://evil.example/"}

    assert boss.post("/admin/bulk/crm.lead/set_status/", sent)["Location"] == list_url(Lead)

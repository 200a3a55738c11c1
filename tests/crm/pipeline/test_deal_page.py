"""A deal's page: the next step stands out, what was said and done stands in one timeline, the facts beside it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.task import Task
from crm.services.deals.order_deal import order_deal
from shared.actor import SYSTEM
from tests.shop.admin_rows import make_deal
from tests.shop.deal_lines import add_line
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, statements, superuser, text_of
from tests.shop.people import make_buyer
from users.models.customer import Customer
from users.models.role import AccessLevel, Role
from users.models.user import User

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def deal(db: None) -> Deal:
    return make_deal(make_buyer())


def next_step(client: Client, deal: Deal) -> str:
    page = client.get(page_url(deal)).content.decode()
    main = re.search(r'<ul class="k-actions-main">(.*?)</ul>', page, flags=re.S)
    return re.sub(r"<span[^>]*>.*?</span>|<[^>]*>|\s+", " ", main[1]).strip() if main else ""


def say(client: Client, deal: Deal, text: str) -> Any:
    return client.post(reverse("admin:deal_comment", args=[deal.pk]), {"text": text}, follow=True)


def test_the_next_step_is_another_stage_then_the_order_then_nothing(boss: Client, deal: Deal) -> None:
    assert "Move to a stage" in next_step(boss, deal)

    add_line(deal, make_level(on_hand=5).variant_id)
    assert "Place order" in next_step(boss, deal)

    order_deal(deal_id=deal.pk, actor=SYSTEM, agrees_prices=True)
    assert "Place order" not in next_step(boss, deal)
    deal.refresh_from_db()
    assert deal.order is not None
    assert f"Order {deal.order.number}" in text_of(boss.get(page_url(deal)))


def test_a_comment_stands_on_the_deal_and_on_its_customers_page_and_tells_who_is_named(
    boss: Client, deal: Deal
) -> None:
    ann = User.objects.create_user("ann@example.com", is_staff=True)
    ann.groups.add(Group.objects.get(name="sales"))

    answer = say(boss, deal, "@ann she wants oak.")

    assert answer.redirect_chain[-1][0] == f"{page_url(deal)}#timeline"
    assert 'data-mention="ann"' in answer.content.decode()
    for page in (answer, boss.get(page_url(deal.customer, "page"))):
        assert "she wants oak." in text_of(page)
    assert Task.objects.get().assignee == ann
    say(boss, deal, " ")
    assert Activity.objects.filter(deal=deal, kind="note").count() == 1


def test_the_timeline_says_what_changed_without_ids(boss: Client, deal: Deal) -> None:
    level = make_level(on_hand=5)
    add_line(deal, level.variant_id, 2)
    say(boss, deal, "Agreed by phone")

    page = boss.get(page_url(deal)).content.decode()
    story = re.sub(r"<[^>]*>", "", page.split('id="timeline"')[1].split("</section>")[0])

    assert "lines changed" in story
    assert f"2 x {level.variant.sku}" in story
    assert not UUID.search(story)
    assert not re.search(r"\b[a-z]+_[a-z]+\b|[{}]", story)


def test_who_does_not_read_notes_reads_none_and_comments_nothing(deal: Deal) -> None:
    say(signed_in(superuser()), deal, "She sounded angry.")
    colleague = User.objects.create_user("desk@example.com", is_staff=True)
    colleague.user_permissions.set(Permission.objects.filter(codename__in=["view_deal"]))
    client = signed_in(colleague)

    page = text_of(client.get(page_url(deal)))

    assert deal.title in page
    assert "angry" not in page
    assert client.post(reverse("admin:deal_comment", args=[deal.pk]), {"text": "x"}).status_code == 403


def test_the_page_takes_as_many_statements_for_a_long_story_as_for_a_short_one(boss: Client, deal: Deal) -> None:
    say(boss, deal, "first")
    few = len(statements(boss, page_url(deal)))

    for number in range(5):
        say(boss, deal, f"again {number}")

    assert len(statements(boss, page_url(deal))) == few


def test_who_does_not_see_a_deals_customer_writes_no_comment_on_it(deal: Deal) -> None:
    mine, other = (User.objects.create_user(f"{name}@example.com", is_staff=True) for name in ("mine", "other"))
    mine.groups.add(Group.objects.get(name="sales"))
    Role.objects.filter(key="sales").update(sees=AccessLevel.OWN)
    Deal.objects.filter(pk=deal.pk).update(owner=mine)
    client = signed_in(mine)
    assert "comment-text" in client.get(page_url(deal)).content.decode()
    Customer.objects.filter(pk=deal.customer_id).update(owner=other)

    assert "comment-text" not in client.get(page_url(deal)).content.decode()
    assert say(client, deal, "Hello").status_code == 404
    assert not Activity.objects.filter(kind="note").exists()

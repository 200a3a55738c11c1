"""People of one seller are told of its stock alone, wherever the admin speaks of a variant's stock."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from catalog.models.seller_member import SellerMember
from catalog.models.variant import Variant
from orders.services.payments.confirm_payment import confirm_payment
from shared.actor import SYSTEM
from tests.shop.goods import make_seller, make_variant, stock_at
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import StaffFactory, make_buyer


@pytest.fixture
def variant(db: None) -> Variant:
    """3 of the own seller's, 1,233 of another's, of whom one was sold."""
    made = make_variant("SHARED")
    stock_at(made, 3, make_seller("Own", priority=60))
    order = order_of(make_buyer(), (stock_at(made, 1234, make_seller("Strange", priority=50)), 1))
    confirm_payment(order_id=order.pk, actor=SYSTEM, reference="paid")
    return made


@pytest.fixture
def helper(variant: Variant) -> Client:
    user = StaffFactory.create()
    user.groups.add(Group.objects.get(name="seller"))
    SellerMember.objects.create(user=user, seller=variant.stock_levels.get(on_hand=3).location.seller)
    return signed_in(user)


def test_the_products_page_sums_their_stock_and_no_sales(variant: Variant, helper: Client) -> None:
    text = text_of(helper.get(page_url(variant.product, "page")))

    assert "On hand 3" in text
    assert "Reserved 0" in text
    assert "10.00 USD 3" in text
    assert "Sold" not in text
    assert "123" not in text  # neither 1,233 nor 1,236
    whole = text_of(signed_in(superuser()).get(page_url(variant.product, "page")))
    assert "On hand 1,236" in whole
    assert "10.00 USD 1,236" in whole
    assert "Sold in 30 days 1" in whole


def test_the_list_and_pickers_count_their_stock(variant: Variant, helper: Client) -> None:
    found = helper.get(reverse("admin:catalog_variant_find"), {"q": "SHARED"}).json()["exact"]

    assert found["text"].endswith(" 3 available")
    listed = text_of(helper.get(list_url(Variant)))
    assert "SHARED" in listed
    assert "1,236" not in listed


def test_what_their_sellers_lack_is_none_to_them(variant: Variant, helper: Client) -> None:
    other = make_variant("FOREIGN")
    stock_at(other, 777, make_seller("Third", priority=70))

    found = helper.get(reverse("admin:catalog_variant_find"), {"q": "FOREIGN"}).json()["exact"]

    assert (found["is_none"], found["text"].endswith(" 0 available")) == (True, True)
    page = text_of(helper.get(page_url(other)))
    assert "777" not in page
    assert "nobody can buy it" not in page  # others have it


def test_the_variants_page_lists_their_levels(variant: Variant, helper: Client) -> None:
    own, strange = (variant.stock_levels.get(on_hand=units) for units in (3, 1233))

    page = helper.get(page_url(variant)).content.decode()

    assert page_url(own) in page
    assert page_url(strange) not in page
    assert "1,233" not in page


def test_what_waits_at_all_sellers_together_is_not_told(variant: Variant, helper: Client) -> None:
    Variant.objects.filter(pk=variant.pk).update(backorder_limit=5_000)
    order_of(make_buyer(), (variant.stock_levels.get(on_hand=1233), 1_233 + 88))

    assert "Waiting for goods 88" in text_of(signed_in(superuser()).get(page_url(variant)))
    assert "Waiting for goods" not in text_of(helper.get(page_url(variant)))


def test_who_may_not_see_stock_is_shown_none_on_the_variants_page(variant: Variant) -> None:
    colleague = StaffFactory.create()
    colleague.user_permissions.add(Permission.objects.get(codename="view_variant"))

    text = text_of(signed_in(colleague).get(page_url(variant)))

    assert "SHARED" in text
    assert "1,233" not in text
    assert "Latest movements" not in text
    assert "There is no stock" not in text

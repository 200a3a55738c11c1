"""Two colleagues have the same form of the admin open, and both save it."""

import pytest
from django.test import Client

from orders.models.coupon import Coupon, CouponKind
from tests.shop.admin_rows import make_one_of_each
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, registered, signed_in, superuser, text_of
from tests.shop.http.sent_forms import fields_of, opened, save
from tests.shop.people import make_buyer
from users.models.customer import Customer
from users.models.tag import Tag


@pytest.fixture
def ann(db: None) -> Client:
    return signed_in(superuser("ann@example.com"))


@pytest.fixture
def ben(db: None) -> Client:
    return signed_in(superuser("ben@example.com"))


@pytest.fixture
def customer(db: None) -> Customer:
    return Customer.objects.create(name="Two Forms", email="two@example.com", phone="+49301")


def test_each_changes_another_field_and_both_changes_stay(ann: Client, ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)

    assert save(ann, url, hers, phone="+493022").status_code == 302
    said = save(ben, url, his, name="Two Forms B")

    customer.refresh_from_db()
    assert (customer.phone, customer.name) == ("+493022", "Two Forms B")
    assert said.status_code == 302
    told = text_of(ben.get(url))
    assert "ann@example.com" in told, "who is named"
    assert "Phone" in told


def test_both_change_the_same_field_and_the_second_is_asked(ann: Client, ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, hers, phone="+493022")

    asked = save(ben, url, his, phone="+493033", name="Two Forms B")

    assert asked.status_code == 409
    customer.refresh_from_db()
    assert (customer.phone, customer.name) == ("+493022", "Two Forms"), "nothing is saved before it is said"
    told = text_of(asked)
    assert "ann@example.com changed it on" in told
    assert "When you opened the form: +49301" in told
    assert "Keep mine +493033" in told
    assert "Keep theirs +493022" in told
    assert fields_of(asked)["name"] == ["Two Forms B"], "what was typed is still there"


@pytest.mark.parametrize(("choice", "phone"), [("mine", "+493033"), ("theirs", "+493022")])
def test_the_second_says_whose_value_stays(
    ann: Client, ben: Client, customer: Customer, choice: str, phone: str
) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, hers, phone="+493022")
    asked = save(ben, url, his, phone="+493033", name="Two Forms B")

    said = save(ben, url, fields_of(asked), **{"_choice-phone": choice})

    assert said.status_code == 302
    customer.refresh_from_db()
    assert (customer.phone, customer.name) == (phone, "Two Forms B")


def test_who_says_nothing_is_asked_again(ann: Client, ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, hers, phone="+493022")
    asked = save(ben, url, his, phone="+493033")

    again = save(ben, url, fields_of(asked))

    assert again.status_code == 409
    assert "Keep mine +493033" in text_of(again)
    customer.refresh_from_db()
    assert customer.phone == "+493022"


def test_what_changes_while_one_is_asked_is_asked_about_again(ann: Client, ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, hers, phone="+493022")
    asked = save(ben, url, his, phone="+493033")
    save(ann, url, opened(ann, url), phone="+493044")

    again = save(ben, url, fields_of(asked), **{"_choice-phone": "mine"})

    assert again.status_code == 409
    assert "Keep theirs +493044" in text_of(again)


def test_tags_of_both_are_joined(ann: Client, ben: Client, customer: Customer) -> None:
    old, red, blue = (Tag.objects.create(name=name) for name in ("old", "red", "blue"))
    customer.tags.add(old)
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    ann.post(url, {**hers, "tags": [str(old.pk), str(red.pk)]})

    said = ben.post(url, {**his, "tags": [str(blue.pk)]})

    assert said.status_code == 302
    assert set(customer.tags.all()) == {red, blue}


def test_the_same_change_by_both_is_no_conflict(ann: Client, ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, hers, phone="+493022")

    assert save(ben, url, his, phone="+493022").status_code == 302


def test_a_coupon_and_a_variant_keep_both_changes(ann: Client, ben: Client) -> None:
    coupon = Coupon.objects.create(code="TWO", kind=CouponKind.PERCENT, value="5")
    variant = make_level(on_hand=3).variant
    for row, first, second in (
        (coupon, {"value": "7"}, {"usage_limit": "3"}),
        (variant, {"price": "11.00"}, {"name": "Blue"}),
    ):
        url = page_url(row)
        hers, his = opened(ann, url), opened(ben, url)
        assert save(ann, url, hers, **first).status_code == 302, text_of(save(ann, url, hers, **first))
        assert save(ben, url, his, **second).status_code == 302
        row.refresh_from_db()
        for name, value in {**first, **second}.items():
            assert str(getattr(row, name)).startswith(value)


def test_a_record_deleted_meanwhile_leaves_what_was_typed(ann: Client, ben: Client, db: None) -> None:
    tag = Tag.objects.create(name="old")
    url = page_url(tag)
    his = opened(ben, url)
    tag.delete()

    gone = save(ben, url, his, name="a long name that I do not want to type again")

    assert gone.status_code == 410
    assert "Deleted meanwhile" in text_of(gone)
    assert "a long name that I do not want to type again" in text_of(gone)


def test_a_page_that_was_tampered_with_asks_about_everything(ben: Client, customer: Customer) -> None:
    url = page_url(customer)
    his = opened(ben, url)

    asked = save(ben, url, his, phone="+493033", _opened="of-another-form")

    assert asked.status_code == 409
    assert "Keep mine +493033" in text_of(asked)
    assert save(ben, url, fields_of(asked), **{"_choice-phone": "mine"}).status_code == 302
    customer.refresh_from_db()
    assert customer.phone == "+493033"


def test_buyers_can_be_saved_as_they_are(ben: Client) -> None:
    customer = make_buyer().customer
    url = page_url(customer)

    assert save(ben, url, opened(ben, url)).status_code == 302


def test_every_form_says_what_it_was_opened_with_and_can_be_saved_as_it_is(ben: Client) -> None:
    make_one_of_each("a1")
    faults, saved = [], 0
    for model in registered():
        row = model._default_manager.order_by("pk").first()
        if row is None:
            continue
        page = ben.get(page_url(row))
        if 'name="_save"' not in page.content.decode():
            continue
        fields = fields_of(page)
        if "_opened" not in fields:
            faults.append(f"{model._meta.label} does not say what it was opened with")
        said = save(ben, page_url(row), fields)
        if said.status_code != 302:
            faults.append(f"{model._meta.label}: {said.status_code} {text_of(said)[-600:]}")
        saved += 1

    assert not faults, "\n".join(faults)
    assert saved > 20

"""Two colleagues have a form with lines open: what either adds, changes or deletes stays, or they are asked."""

from decimal import Decimal

import pytest
from django.test import Client

from catalog.models.price_list import Price, PriceList
from catalog.models.variant import Variant
from crm.models.deal_line import DealLine
from orders.models.draft import Draft, DraftLine, DraftStatus
from tests.shop.admin_rows import make_deal
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser, text_of
from tests.shop.http.sent_forms import Fields, fields_of, opened, save
from tests.shop.people import make_buyer


@pytest.fixture
def ann(db: None) -> Client:
    return signed_in(superuser("ann@example.com"))


@pytest.fixture
def ben(db: None) -> Client:
    return signed_in(superuser("ben@example.com"))


def prices(number: int) -> tuple[PriceList, list[Variant]]:
    price_list = PriceList.objects.create(name="Summer", currency="USD")
    variants = [make_level(on_hand=1).variant for _ in range(number)]
    Price.objects.bulk_create(Price(price_list=price_list, variant=variant, amount=5) for variant in variants)
    return price_list, variants


def row_of(fields: Fields, prefix: str, key: object) -> str:
    """The beginning of the names of a row's fields."""
    return next(
        name.removesuffix("id")
        for name, values in fields.items()
        if name.startswith(prefix) and values == [str(key)] and name.endswith("-id")
    )


def new_row(fields: Fields, prefix: str, **values: str) -> Fields:
    count = int(fields[f"{prefix}-TOTAL_FORMS"][0])
    added = {f"{prefix}-{count}-{name}": [value] for name, value in values.items()}
    return {**fields, **added, f"{prefix}-TOTAL_FORMS": [str(count + 1)]}


def price_of(price_list: PriceList, variant: Variant) -> Decimal | None:
    return Price.objects.filter(price_list=price_list, variant=variant).values_list("amount", flat=True).first()


def test_each_changes_another_line(ann: Client, ben: Client) -> None:
    price_list, (one, two) = prices(2)
    url = page_url(price_list)
    hers, his = opened(ann, url), opened(ben, url)
    first, second = (row_of(hers, "prices", Price.objects.get(variant=variant).pk) for variant in (one, two))

    save(ann, url, hers, **{f"{first}amount": "6.00"})
    said = save(ben, url, his, **{f"{second}amount": "7.00"})

    assert said.status_code == 302
    assert (price_of(price_list, one), price_of(price_list, two)) == (6, 7)


def test_both_change_the_same_line_and_the_second_is_asked(ann: Client, ben: Client) -> None:
    price_list, (one,) = prices(1)
    url = page_url(price_list)
    hers, his = opened(ann, url), opened(ben, url)
    row, key = row_of(hers, "prices", Price.objects.get().pk), f"_choice-prices:{Price.objects.get().pk}:amount"
    save(ann, url, hers, **{f"{row}amount": "6.00"})

    asked = save(ben, url, his, **{f"{row}amount": "7.00"}, name="Summer sale")

    assert asked.status_code == 409
    assert "ann@example.com changed it on" in text_of(asked)
    assert price_of(price_list, one) == 6
    assert save(ben, url, fields_of(asked), **{key: "mine"}).status_code == 302
    price_list.refresh_from_db()
    assert (price_of(price_list, one), price_list.name) == (7, "Summer sale")


def test_a_line_that_another_deleted_is_gone_where_i_did_not_touch_it(ann: Client, ben: Client) -> None:
    price_list, (one, two) = prices(2)
    url = page_url(price_list)
    hers, his = opened(ann, url), opened(ben, url)
    first, second = (row_of(hers, "prices", Price.objects.get(variant=variant).pk) for variant in (one, two))

    save(ann, url, hers, **{f"{first}DELETE": "on"})
    said = save(ben, url, his, **{f"{second}amount": "7.00"})

    assert said.status_code == 302
    assert (price_of(price_list, one), price_of(price_list, two)) == (None, 7)


@pytest.mark.parametrize(("choice", "amount"), [("mine", 8), ("theirs", None)])
def test_a_line_that_another_deleted_and_i_changed_is_asked_about(
    ann: Client, ben: Client, choice: str, amount: int | None
) -> None:
    price_list, (one, two) = prices(2)
    url = page_url(price_list)
    hers, his = opened(ann, url), opened(ben, url)
    gone = Price.objects.get(variant=one).pk
    first, second = (row_of(hers, "prices", Price.objects.get(variant=variant).pk) for variant in (one, two))
    save(ann, url, hers, **{f"{first}DELETE": "on"})

    asked = save(ben, url, his, **{f"{first}amount": "8.00", f"{second}amount": "7.00"})

    assert asked.status_code == 409
    assert "ann@example.com changed it on" in text_of(asked)
    assert "8.00" in text_of(asked)
    assert str(one) in text_of(asked), "which row it is"
    said = save(ben, url, fields_of(asked), **{f"_choice-prices:{gone}:GONE": choice})
    assert said.status_code == 302, text_of(said)
    assert (price_of(price_list, one), price_of(price_list, two)) == (amount, 7)


@pytest.mark.parametrize(("choice", "amount"), [("mine", None), ("theirs", 6)])
def test_a_line_that_i_delete_and_another_changed_is_asked_about(
    ann: Client, ben: Client, choice: str, amount: int | None
) -> None:
    price_list, (one,) = prices(1)
    url = page_url(price_list)
    hers, his = opened(ann, url), opened(ben, url)
    key = Price.objects.get().pk
    row = row_of(hers, "prices", key)
    save(ann, url, hers, **{f"{row}amount": "6.00"})

    asked = save(ben, url, his, **{f"{row}DELETE": "on"})

    assert asked.status_code == 409
    assert "6.00" in text_of(asked)
    said = save(ben, url, {**fields_of(asked), f"{row}DELETE": ["on"]}, **{f"_choice-prices:{key}:DELETE": choice})
    assert said.status_code == 302
    assert price_of(price_list, one) == amount


def test_lines_that_both_add_to_a_deal_are_all_there(ann: Client, ben: Client) -> None:
    deal = make_deal(make_buyer())
    kept, hers_new, his_new = (make_level(on_hand=5).variant for _ in range(3))
    DealLine.objects.create(deal=deal, variant=kept, quantity=1, unit_price=10)
    url = page_url(deal)
    hers, his = opened(ann, url), opened(ben, url)

    first = save(ann, url, new_row(hers, "lines", variant=str(hers_new.pk), quantity="2", unit_price="3.00"))
    said = save(
        ben, url, new_row(his, "lines", variant=str(his_new.pk), quantity="4", unit_price="5.00"), title="More chairs"
    )

    assert (first.status_code, said.status_code) == (302, 302), text_of(said)
    lines = dict(DealLine.objects.filter(deal=deal).values_list("variant", "quantity"))
    assert lines == {kept.pk: 1, hers_new.pk: 2, his_new.pk: 4}
    deal.refresh_from_db()
    assert (deal.title, deal.value) == ("More chairs", 36)


def test_a_field_that_is_there_no_more_shows_what_was_typed(ann: Client, ben: Client) -> None:
    """While a deal has lines, its value is their sum."""
    deal = make_deal(make_buyer())
    variant = make_level(on_hand=5).variant
    url = page_url(deal)
    hers, his = opened(ann, url), opened(ben, url)
    save(ann, url, new_row(hers, "lines", variant=str(variant.pk), quantity="2", unit_price="3.00"))

    asked = save(ben, url, his, value="777.00", title="More chairs")

    assert asked.status_code == 409
    assert "You typed 777.00" in text_of(asked)
    said = save(ben, url, fields_of(asked), **{"_choice-value": "theirs"})
    assert said.status_code == 302, text_of(said)
    deal.refresh_from_db()
    assert (deal.title, deal.value) == ("More chairs", 6)


@pytest.fixture
def draft(db: None) -> Draft:
    made = Draft.objects.create(number="D-1", customer=make_buyer().customer, currency="USD")
    for _ in range(2):
        DraftLine.objects.create(draft=made, variant=make_level(on_hand=9).variant, quantity=1)
    return made


def test_each_changes_another_line_of_a_draft(ann: Client, ben: Client, draft: Draft) -> None:
    one, two = draft.lines.order_by("id")
    url = page_url(draft)
    hers, his = opened(ann, url), opened(ben, url)

    save(ann, url, hers, **{f"{row_of(hers, 'lines', one.pk)}quantity": "3"})
    said = save(ben, url, his, **{f"{row_of(his, 'lines', two.pk)}quantity": "4"}, note="by Friday")

    assert said.status_code == 302, text_of(said)
    assert [line.quantity for line in DraftLine.objects.filter(draft=draft).order_by("id")] == [3, 4]


def test_a_draft_that_was_decided_meanwhile_leaves_what_was_typed(ben: Client, draft: Draft) -> None:
    url = page_url(draft)
    his = opened(ben, url)
    Draft.objects.filter(pk=draft.pk).update(status=DraftStatus.DECLINED)

    closed = save(ben, url, his, note="a long note that I do not want to type again")

    assert closed.status_code == 409
    assert "Closed meanwhile" in text_of(closed)
    assert "a long note that I do not want to type again" in text_of(closed)

"""Whatever the API may make can be saved in the admin, however long its form is."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from catalog.models.product import Product
from catalog.models.variant import Variant
from orders.models.draft import Draft, DraftLine
from orders.placing.requested_lines import MAX_LINES
from tests.shop.http.admin_pages import page_url, signed_in, statements, superuser, text_of
from tests.shop.http.sent_forms import URLENCODED, opened, save
from tests.shop.people import make_buyer
from users.models.tag import Tag
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def make_product(variants: int, slug: str = "big") -> Product:
    product = Product.objects.create(name="Big", slug=slug)
    Variant.objects.bulk_create(
        Variant(product=product, sku=f"{slug.upper()}-{number:04}", price=2) for number in range(variants)
    )
    return product


def test_a_product_of_many_variants_is_saved_as_it_is_and_shows_a_page_of_them(boss: Client) -> None:
    product = make_product(111)
    url = page_url(product)
    fields = opened(boss, url)

    assert len(fields) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert "BIG-0000" in str(fields)
    assert "BIG-0110" not in str(fields), "it is on another page"
    assert save(boss, url, fields, name="Bigger").status_code == 302
    product.refresh_from_db()
    assert product.name == "Bigger"
    assert product.variants.count() == 111


def test_a_variant_of_the_last_page_is_changed(boss: Client) -> None:
    product = make_product(111)
    last = product.variants.order_by("id")[110]
    url = f"{page_url(product)}?variants-page=3"
    assert 'href="?variants-page=2#variants-group"' in boss.get(url).content.decode(), "a link, without scripts"
    fields = opened(boss, url)
    row = next(name for name, values in fields.items() if values == [last.sku])

    assert save(boss, url, fields, **{row: "LAST"}).status_code == 302
    last.refresh_from_db()
    assert last.sku == "LAST"


def test_a_row_that_moved_to_another_page_meanwhile_is_still_changed(boss: Client) -> None:
    product = make_product(60)
    last = product.variants.order_by("id")[55]
    url = f"{page_url(product)}?variants-page=2"
    fields = opened(boss, url)
    row = next(name for name, values in fields.items() if values == [last.sku])
    other = make_product(0, "other")
    product.variants.filter(pk__in=product.variants.order_by("id").values("pk")[:10]).update(product=other)

    assert save(boss, url, fields, **{row: "LAST"}).status_code == 302
    last.refresh_from_db()
    assert last.sku == "LAST"


def test_a_products_page_takes_the_same_statements_for_many_variants_as_for_some(boss: Client) -> None:
    some, many = make_product(60, "some"), make_product(400, "many")
    boss.get(page_url(some))

    few, more = statements(boss, page_url(some)), statements(boss, page_url(many))

    assert len(more) == len(few)


def test_a_draft_of_as_many_lines_as_there_may_be_is_saved(boss: Client) -> None:
    product = make_product(MAX_LINES)
    draft = Draft.objects.create(number="D-1", customer=make_buyer().customer, currency="USD")
    DraftLine.objects.bulk_create(
        DraftLine(draft=draft, variant=variant, quantity=1) for variant in product.variants.order_by("id")
    )
    url = page_url(draft)
    fields = opened(boss, url)
    assert len(fields) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    said = save(boss, url, fields, **{"lines-199-quantity": "7"})

    assert said.status_code == 302, text_of(said)
    assert sorted(draft.lines.values_list("quantity", flat=True))[-2:] == [1, 7]


def test_a_form_too_long_even_for_staff_says_so_and_shows_what_was_typed(boss: Client) -> None:
    tag = Tag.objects.create(name="old")
    filler = {f"field-{number}": "" for number in range(settings.STAFF_FORM_MAX_FIELDS)}

    said = boss.post(page_url(tag), urlencode({"name": "typed for hours", **filler}), URLENCODED)

    assert said.status_code == 413
    assert "Nothing is saved" in text_of(said)
    assert "typed for hours" in text_of(said)
    tag.refresh_from_db()
    assert tag.name == "old"


def test_a_form_of_more_bytes_than_are_read_says_so(boss: Client) -> None:
    tag = Tag.objects.create(name="old")
    much = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

    said = boss.post(page_url(tag), urlencode({"name": much}), URLENCODED)

    assert said.status_code == 413
    assert "Nothing is saved" in text_of(said)


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["nobody", "a customer's login"])
def test_of_nobody_else_a_longer_form_is_read_than_django_reads(db: None, is_signed_in: bool) -> None:
    client = signed_in(User.objects.create_user("buyer@example.com")) if is_signed_in else Client()
    filler = {f"field-{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    assert client.post("/admin/login/", urlencode(filler), URLENCODED).status_code == 400

"""Pictures in the admin: on the product's page, in lists, in pickers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.models.picture import Picture
from catalog.models.product import Product
from tests.shop.goods import VariantFactory
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser
from tests.shop.pictures import png, product_form

EXIF = Image.Exif()
EXIF[0x0112] = 6  # turned to the right
EXIF[0x010E] = "taken at home"


def test_a_form_decodes_its_pictures_once_and_before_it_locks_the_product(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, form = signed_in(superuser()), product_form(product)
    locked: list[list[str]] = []
    decode = Image.open

    def noted(*args: Any, **options: Any) -> Image.Image:
        locked.append([each["sql"] for each in seen.captured_queries if "FOR NO KEY UPDATE" in each["sql"]])
        return decode(*args, **options)

    monkeypatch.setattr(Image, "open", noted)
    with CaptureQueriesContext(connection) as seen:
        assert page.post(page_url(product), form).status_code == 302

    assert locked == [[]]
    assert any("FOR NO KEY UPDATE" in each["sql"] for each in seen.captured_queries)
    assert Picture.objects.count() == 1


def test_lists_and_pickers_show_the_small_one(product: Product) -> None:
    page = signed_in(superuser())
    bare = VariantFactory.create(product=product)
    dressed = VariantFactory.create(product=product)
    first, own = _added(product), _added(product, variant_id=dressed.pk)

    products, variants = page.get(list_url(Product)).content.decode(), page.get(list_url(type(bare))).content.decode()
    picked = page.get(
        "/admin/autocomplete/?app_label=orders&model_name=draftline&field_name=variant&term=Ridge"
    ).json()["results"]

    assert f"/media/pictures/{first.pk}/small.webp" in products
    assert f"/media/pictures/{first.pk}/small.webp" in variants
    assert f"/media/pictures/{own.pk}/small.webp" in variants
    by_id = {row["id"]: row["picture"] for row in picked}
    assert by_id[str(dressed.pk)].endswith(f"{own.pk}/small.webp")
    assert by_id[str(bare.pk)].endswith(f"{first.pk}/small.webp")


def _added(product: Product, **columns: Any) -> Picture:
    place = product.pictures.count()
    return Picture.objects.create(product=product, position=place, width=1, height=1, **columns)


def test_the_products_page_takes_puts_in_order_and_deletes_pictures(product: Product) -> None:
    page = signed_in(superuser())
    url = page_url(product)
    kept, moved, gone = (_added(product) for _ in range(3))
    rows = {
        "pictures-TOTAL_FORMS": "4",
        "pictures-INITIAL_FORMS": "3",
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
        "name": product.name,
        "slug": product.slug,
        "is_active": "on",
    }
    for number, (row, place) in enumerate([(kept, "1"), (moved, "0"), (gone, "2")]):
        rows |= {f"pictures-{number}-id": str(row.pk), f"pictures-{number}-product": str(product.pk)}
        rows |= {f"pictures-{number}-position": place, f"pictures-{number}-alternative_text": f"Text {number}"}
    rows |= {"pictures-2-DELETE": "on", "pictures-3-product": str(product.pk), "pictures-3-alternative_text": "New"}

    answer = page.post(url, {**rows, "pictures-3-file": SimpleUploadedFile("new.png", png(), "image/png")})

    assert answer.status_code == 302, answer.content.decode()
    found = list(Picture.objects.order_by("position").values_list("alternative_text", flat=True))
    assert found == ["Text 1", "Text 0", "New"]
    refused_page = page.post(url, {**rows, "pictures-3-file": SimpleUploadedFile("x.png", b"<svg/>", "image/png")})
    assert refused_page.status_code == 200

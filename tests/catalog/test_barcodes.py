"""The code on the package, as scanners read it."""

import pytest
from django.db import IntegrityError
from django.test import Client

from catalog.models.variant import Variant
from inventory.documents.lines import find_variants
from tests.shop.goods import VariantFactory
from tests.shop.http.admin_pages import signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused

EAN, UPC = "4006381333931", "036000291452"


def test_a_barcode_is_kept_without_what_is_printed_between_its_digits(staff: Caller) -> None:
    path = f"/variants/{VariantFactory.create().pk}"

    assert ok(staff.patch(path, {"barcode": "978-3-16-148410-0"}))["barcode"] == "9783161484100"
    assert ok(staff.patch(path, {"barcode": ""}))["barcode"] == ""


@pytest.mark.parametrize("code", ["4006381333932", "123", "40063813339310000", "ABCDEFGH", "\uff14" * 13])
def test_what_is_no_gtin_is_refused(staff: Caller, code: str) -> None:
    variant = VariantFactory.create()

    problem = refused(staff.patch(f"/variants/{variant.pk}", {"barcode": code}), 400, "invalid")

    assert pointers(problem) == ["/barcode"]


def test_two_variants_do_not_share_one_however_many_zeros_stand_before_it(staff: Caller) -> None:
    VariantFactory.create(barcode=UPC)
    other = VariantFactory.create()

    problem = refused(staff.patch(f"/variants/{other.pk}", {"barcode": f"0{UPC}"}), 409, "already_exists")

    assert pointers(problem) == ["/barcode"]
    with pytest.raises(IntegrityError):
        Variant.objects.filter(pk=other.pk).update(barcode=f"00{UPC}")


def test_a_scanned_code_finds_its_variant_everywhere(staff: Caller) -> None:
    variant = VariantFactory.create(barcode=UPC)
    VariantFactory.create(barcode=EAN)
    page: Client = signed_in(superuser())

    searched = ok(staff.get(f"/variants?search=0{UPC}"))["results"]
    filtered = ok(staff.get(f"/variants?barcode={UPC}"))["results"]

    assert [row["sku"] for row in searched] == [row["sku"] for row in filtered] == [variant.sku]
    assert ok(staff.get("/variants?barcode=nothing"))["results"] == []
    for url in (f"/admin/catalog/variant/?q=0{UPC}", f"/admin/catalog/product/?q={UPC}"):
        assert str(variant.product.name) in page.get(url).content.decode()
    assert find_variants([f"0{UPC}", "unknown"]) == {f"0{UPC}": variant.pk}

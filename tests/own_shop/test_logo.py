"""The shop's logo: taken as pictures of products are, shown on pages and on documents, and kept by those issued."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shared.models.kept_file import KeptFile
from shop.models.shop import Shop
from shop.printed import shop_as_printed
from shop.services.ensure_shop import ensure_shop
from tests.shop.goods import for_sale
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, Form, ok, pointers, refused
from tests.shop.http.sent_forms import fields_of
from tests.shop.pictures import png


def send(caller: Caller, data: bytes) -> Answer:
    return caller.post("/shop/logo", Form(file=SimpleUploadedFile("logo.png", data, "image/png")))


def test_it_stands_in_the_header_and_on_the_sign_in_page(staff: Caller) -> None:
    boss = signed_in(superuser())
    before = ok(staff.get("/shop"))

    url = ok(send(staff, png((900, 300))))["logo"]

    assert before["logo"] == ""
    assert ok(staff.get("/shop"))["version"] == before["version"] + 1
    assert url in boss.get("/admin/").content.decode()
    assert url in Client().get("/admin/login/").content.decode()
    assert Client().get(url)["Content-Type"] == "image/png"
    assert staff.delete("/shop/logo").status_code == 204
    assert url not in boss.get("/admin/").content.decode()
    assert "/media/" not in Client().get("/admin/login/").content.decode()


def test_an_issued_invoice_keeps_the_logo_it_was_issued_with(staff: Caller, order_for: Any) -> None:
    ok(staff.patch("/shop", {"name": "Tea"}))
    ok(send(staff, png((300, 100))))
    order = ok(staff.pay(ok(staff.place(order_for((for_sale(), 1))), 201)))
    invoice = ok(staff.post(f"/orders/{order['id']}/invoices", {}), 201)
    path = f"/invoices/{invoice['id']}.pdf"
    first = images_in(staff.get(path).content)

    ok(send(staff, png((120, 120), "blue")))
    assert staff.delete("/shop/logo").status_code == 204

    assert first == images_in(staff.get(path).content) == [(300, 100)]


def images_in(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each, in pixels."""
    found = re.findall(rb"/Height (\d+)\n/Length \d+\n/Subtype /Image\n/Type /XObject\n/Width (\d+)", pdf)
    return [(int(width), int(height)) for height, width in found]


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", png()[:30]])
def test_what_is_no_picture_is_refused(staff: Caller, data: bytes) -> None:
    assert pointers(refused(send(staff, data), 400, "invalid")) == ["/file"]
    assert shop_as_printed()["logo"] == ""


def test_who_may_not_change_the_shop_sets_none(buyer: Caller, visitor: Caller) -> None:
    assert send(buyer, png()).status_code == 403
    assert send(visitor, png()).status_code == 401


def test_the_shops_page_takes_it_and_takes_it_away(db: None) -> None:
    boss, url = signed_in(superuser()), page_url(ensure_shop())
    fields = {name: values[-1] for name, values in fields_of(boss.get(url)).items()}

    sent = boss.post(url, {**fields, "new_logo": SimpleUploadedFile("l.png", png(), "image/png"), "name": "Tea"})
    assert sent.status_code == 302, sent.content.decode()
    shop = Shop.objects.get()
    assert (shop.name, bool(shop.logo)) == ("Tea", True)

    fields = {name: values[-1] for name, values in fields_of(boss.get(url)).items()}
    assert boss.post(url, {**fields, "without_logo": "on"}).status_code == 302
    assert Shop.objects.get().logo == ""


def test_the_shops_page_takes_all_or_nothing(db: None) -> None:
    boss, url = signed_in(superuser()), page_url(ensure_shop())
    fields = {name: values[-1] for name, values in fields_of(boss.get(url)).items()}

    for wrong in ({"phone_region": "QQ"}, {"without_logo": "on"}, {"tax_number": "1\u20282"}):
        file = SimpleUploadedFile("l.png", png(), "image/png")
        refused_page = boss.post(url, {**fields, "new_logo": file, "city": "Lviv", **wrong})
        assert refused_page.status_code in (200, 400), wrong
        shop = Shop.objects.get()
        assert (shop.logo, shop.city, KeptFile.objects.count()) == ("", fields["city"], 0), wrong

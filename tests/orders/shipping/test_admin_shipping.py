"""Staff pack, send and deliver shipments, issue invoices, and see what waits to be packed."""

from typing import Any

import pytest
from django.test import Client

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from orders.models.invoice import Invoice
from orders.models.order import Order
from orders.models.shipment import Shipment
from tests.shop.goods import add_level, make_level, make_location
from tests.shop.http.admin_pages import hidden, page_url, signed_in, statements, superuser, text_of
from tests.shop.orders import order_of
from tests.shop.people import make_buyer
from tests.shop.shipments import lines_of, pack, paid_order, seen, send
from users.models.user import User

pytestmark = pytest.mark.django_db(transaction=True)
WORKLIST = "/admin/orders/shipment/worklist/"


@pytest.fixture
def boss(transactional_db: None) -> Client:
    return signed_in(superuser())


def filled(client: Client, order: Order, *units: int) -> dict[str, Any]:
    """The fields of the page that packs, with so many units of each line."""
    page = client.get(page_url(order, "pack"))
    location = page.context["form"].initial["location"]
    fields = {"version": hidden(page, "version"), "location": str(location), "carrier": "Post"}
    return fields | {f"item_{number}": str(count) for number, count in enumerate(units, 1)}


def test_a_shipment_is_packed_sent_and_delivered(boss: Client) -> None:
    order = paid_order(3, 2)

    packed = boss.post(page_url(order, "pack"), filled(boss, order, 2, 2), follow=True)
    shipment = Shipment.objects.get()
    assert f"Shipment {shipment.number} is packed." in text_of(packed)
    sent = boss.post(page_url(shipment, "send"), {"version": "1", "tracking_number": "RR1"}, follow=True)
    assert "is on its way" in text_of(sent)
    boss.post(page_url(shipment, "deliver"), {"version": "2"})

    assert seen(order) == ("PROCESSING", [("PROCESSING", 2), ("DELIVERED", 2)])
    shipment.refresh_from_db()
    assert (shipment.carrier, shipment.tracking_number, shipment.status) == ("Post", "RR1", "DELIVERED")
    page = text_of(boss.get(page_url(order)))
    assert shipment.number in page
    assert f"Shipment {shipment.number} was delivered" in text_of(boss.get("/admin/orders/orderevent/"))


def test_only_buttons_that_the_table_allows_are_shown(boss: Client) -> None:
    order = paid_order(1)
    assert "Pack a shipment" in text_of(boss.get(page_url(order)))
    shipment = pack(order)
    ready = text_of(boss.get(page_url(shipment)))
    assert all(word in ready for word in ("Send", "Unpack", "Packing slip"))

    boss.post(page_url(shipment, "send"), {"version": "1"})

    gone = text_of(boss.get(page_url(shipment)))
    assert "Arrived" in gone
    assert "Unpack" not in gone
    assert "Pack a shipment" not in text_of(boss.get(page_url(order)))
    refused = boss.post(page_url(shipment, "unpack"), {"version": "2"})
    assert refused.status_code == 409


def test_a_page_that_somebody_overtook_changes_nothing(boss: Client) -> None:
    order = paid_order(2)
    fields = filled(boss, order, 1)
    shipment = pack(order, 1)

    late = boss.post(page_url(order, "pack"), fields)
    stale = boss.post(page_url(shipment, "unpack"), {"version": "9"})

    assert (late.status_code, stale.status_code) == (412, 412)
    assert Shipment.objects.count() == 1


def test_an_invoice_is_issued_and_downloaded(boss: Client) -> None:
    order = paid_order(2)

    answer = boss.post(page_url(order, "invoice"), {"version": str(order.version), "document": ""}, follow=True)

    invoice = Invoice.objects.get()
    assert f"{invoice.number} is issued." in text_of(answer)
    assert f"{invoice.number} Invoice {order.number}" in text_of(boss.get("/admin/orders/invoice/"))
    assert "23.80 USD" in text_of(boss.get(page_url(invoice)))
    pdf = boss.get(page_url(invoice, "pdf"))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert boss.get(page_url(send(order), "packing_slip")).content.startswith(b"%PDF-")


def test_a_slip_with_a_letter_that_no_font_has_says_which(boss: Client) -> None:
    order = paid_order(2)
    Order.objects.filter(pk=order.pk).update(customer_name="Tablet \U00012000")
    shipment = send(order)

    answer = boss.get(page_url(shipment, "packing_slip"), follow=True)

    assert answer.redirect_chain[-1][0] == page_url(shipment)
    assert "CUNEIFORM SIGN A, U+12000" in text_of(answer)


def test_the_worklist_shows_what_is_paid_and_not_packed_by_location(boss: Client) -> None:
    level = make_level(on_hand=2)
    attic = make_location("Attic")
    add_level(level.variant, attic, on_hand=3)
    split, packed, part = order_of(make_buyer(), (level, 5)), paid_order(1), paid_order(4)
    order_of(make_buyer(), (make_level(on_hand=1), 1))
    boss.post(page_url(split, "confirm_payment"), {"amount": str(split.total), "reference": "x"})
    pack(packed)
    send(part, 1)

    everything, upstairs = text_of(boss.get(WORKLIST)), text_of(boss.get(WORKLIST, {"location": str(attic.pk)}))

    sku, rest = lines_of(split)[0].sku, lines_of(part)[0].sku
    assert f"2 x {sku}" in everything
    assert f"3 x {sku}" in everything
    assert f"3 x {rest}" in everything
    assert packed.number not in everything
    assert f"3 x {sku}" in upstairs
    assert rest not in upstairs


def test_the_worklist_reads_as_much_for_many_orders_as_for_few(boss: Client) -> None:
    paid_order(1)
    boss.get(WORKLIST)
    few = len(statements(boss, WORKLIST))
    for _ in range(5):
        paid_order(1, 2)

    assert len(statements(boss, WORKLIST)) == few


def test_a_sellers_people_see_their_own_shipments_and_work(boss: Client) -> None:
    order, other = paid_order(1), paid_order(1)
    shipment = pack(order)
    colleague = User.objects.create_user("own@sellers.example", is_staff=True)
    colleague.groups.add(*_group("seller"))
    client = signed_in(colleague)
    assert client.get(page_url(shipment)).status_code in {302, 404}
    assert other.number not in text_of(client.get(WORKLIST))

    SellerMember.objects.create(user=colleague, seller=Seller.objects.get(pk=lines_of(order)[0].seller_id))

    assert shipment.number in text_of(client.get(page_url(shipment)))
    assert other.number in text_of(client.get(WORKLIST))
    assert client.get("/admin/orders/invoice/").status_code == 403


def _group(name: str) -> Any:
    from django.contrib.auth.models import Group

    return Group.objects.filter(name=name)

"""Pictures of products: in which form they are kept, who reads them, and that they go when told to."""

from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image

from catalog.models.picture import MAX_PICTURES, Picture
from catalog.models.product import Product
from catalog.services.pictures.make_thumbnails import make_thumbnails
from events.services.sequence_events import sequence_events
from shared.models.kept_file import KeptFile
from tests.shop.goods import VariantFactory
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.pictures import opened, picture, png, send

EXIF = Image.Exif()
EXIF[0x0112] = 6  # turned to the right
EXIF[0x010E] = "taken at home"


def shown(caller: Caller, product: Product) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(caller.get(f"/products/{product.pk}"))["pictures"]
    return found


def test_a_picture_is_kept_upright_as_webp_without_what_else_the_file_says(staff: Caller, product: Product) -> None:
    photo = picture("JPEG", (3_000, 2_000), exif=EXIF)

    made = ok(send(staff, product, photo, alternative_text="A red mug"), 201)

    assert (made["width"], made["height"], made["alternative_text"]) == (1_067, 1_600, "A red mug")
    kept = opened(made["urls"]["large"])
    assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (1_067, 1_600), {})
    assert b"taken at home" not in Client().get(made["urls"]["large"]).content
    assert shown(Caller(), product) == shown(staff, product) == [made]
    assert ok(staff.get(f"/pictures/{made['id']}")) == made


def test_smaller_sizes_are_made_by_a_job_and_the_large_one_is_shown_until_then(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, png((900, 600))), 201)
    before = Client().get(made["urls"]["small"])

    assert make_thumbnails(picture_id=made["id"]) == 2
    assert make_thumbnails(picture_id=made["id"]) == 0

    after = Client().get(made["urls"]["small"])
    assert Image.open(BytesIO(before.content)).size == (900, 600)
    assert "immutable" not in before["Cache-Control"]
    assert Image.open(BytesIO(after.content)).size == (96, 64)
    assert "immutable" in after["Cache-Control"]
    assert opened(made["urls"]["medium"]).size == (480, 320)


def test_pictures_change_places_and_the_others_make_room(staff: Caller, product: Product) -> None:
    first, second, third = (ok(send(staff, product, png(colour=each)), 201)["id"] for each in ("red", "green", "blue"))

    ok(staff.patch(f"/pictures/{third}", {"position": 0, "alternative_text": "Blue"}))

    assert [(each["id"], each["position"]) for each in shown(staff, product)] == [(third, 0), (first, 1), (second, 2)]
    assert shown(staff, product)[0]["alternative_text"] == "Blue"
    assert staff.delete(f"/pictures/{third}").status_code == 204
    assert [each["id"] for each in shown(staff, product)] == [first, second]
    fourth = ok(send(staff, product, png()), 201)
    assert [each["id"] for each in shown(staff, product)] == [first, second, fourth["id"]]


def test_a_deleted_picture_leaves_no_file(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, png((900, 600))), 201)
    make_thumbnails(picture_id=made["id"])

    assert staff.delete(f"/pictures/{made['id']}").status_code == 204

    assert not KeptFile.objects.exists()
    assert Client().get(made["urls"]["large"]).status_code == 404
    assert make_thumbnails(picture_id=made["id"]) == 0


def test_a_product_has_a_bounded_number_of_pictures(staff: Caller, product: Product) -> None:
    columns = {"product": product, "width": 1, "height": 1}
    Picture.objects.bulk_create(Picture(position=place, **columns) for place in range(1, MAX_PICTURES))

    ok(send(staff, product, png()), 201)  # the gap in front is closed

    refused(send(staff, product, png()), 409, "too_many_pictures")
    assert [each["position"] for each in shown(staff, product)] == list(range(MAX_PICTURES))


def test_a_picture_may_be_of_one_variant_of_the_product_alone(staff: Caller, product: Product) -> None:
    own, other = VariantFactory.create(product=product), VariantFactory.create()

    made = ok(send(staff, product, png(), variant=str(own.pk)), 201)

    assert made["variant"] == str(own.pk)
    assert pointers(refused(send(staff, product, png(), variant=str(other.pk)), 400, "invalid")) == ["/variant"]
    assert pointers(refused(staff.patch(f"/pictures/{made['id']}", {"variant": str(other.pk)}), 400, "invalid")) == [
        "/variant"
    ]
    assert ok(staff.patch(f"/pictures/{made['id']}", {"variant": None}))["variant"] is None


def test_a_repeat_under_the_same_key_adds_nothing_and_another_file_is_refused(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, png(), key="k"), 201)
    again = send(staff, product, png(), key="k")

    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (201, "true", made)
    refused(send(staff, product, png(colour="blue"), key="k"), 422, "idempotency_key_reused")
    assert len(shown(staff, product)) == 1


def test_what_happens_to_pictures_is_told_as_a_change_of_their_product_and_stands_in_its_history(
    staff: Caller, product: Product
) -> None:
    made = ok(send(staff, product, png(), alternative_text="A red mug"), 201)
    ok(staff.patch(f"/pictures/{made['id']}", {"alternative_text": "A blue mug"}))
    assert staff.delete(f"/pictures/{made['id']}").status_code == 204
    sequence_events()

    told = ok(staff.get("/events", aggregate=product.pk))["events"]

    assert [event["type"] for event in told] == ["product.created", *["product.updated"] * 3]
    assert {event["data"].get("table") for event in told[1:]} == {"catalog_picture"}
    history = signed_in(superuser()).get(page_url(product).replace("/change/", "/history/")).content.decode()
    assert "A red mug" in history
    assert "A blue mug" in history


def test_pictures_of_what_is_not_sold_are_read_by_staff_alone(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, png()), 201)
    Product.objects.update(is_active=False)

    assert Caller().get(f"/pictures/{made['id']}").status_code == 404
    assert ok(staff.get(f"/pictures/{made['id']}"))["id"] == made["id"]


def test_pictures_of_a_variant_that_is_not_sold_are_read_by_staff_alone(staff: Caller, product: Product) -> None:
    hidden = VariantFactory.create(product=product)
    made = [ok(send(staff, product, png(), **of), 201) for of in ({"variant": str(hidden.pk)}, {})]
    type(hidden).objects.update(is_active=False)

    assert shown(Caller(), product) == made[1:]
    (listed,) = ok(Caller().get("/products"))["results"]
    assert (listed["pictures"], listed["images"]) == (made[1:], made[1:])
    assert Caller().get(f"/pictures/{made[0]['id']}").status_code == 404
    assert shown(staff, product) == made
    assert ok(staff.get(f"/pictures/{made[0]['id']}")) == made[0]


def test_a_picture_is_changed_and_deleted_by_its_present_tag_alone(staff: Caller, product: Product) -> None:
    path = f"/pictures/{ok(send(staff, product, png()), 201)['id']}"
    tag = staff.get(path)["ETag"]

    changed = staff.patch(path, {"alternative_text": "Red"}, if_match=tag)

    assert changed["ETag"] not in (tag, None)
    refused(staff.patch(path, {"alternative_text": "Blue"}, if_match=tag), 412, "stale_version")
    refused(staff.delete(path, if_match=tag), 412, "stale_version")
    assert staff.delete(path, if_match=changed["ETag"]).status_code == 204


def test_files_are_served_as_what_they_are_and_nothing_else_is(staff: Caller, product: Product) -> None:
    url = ok(send(staff, product, png()), 201)["urls"]["large"]
    folder = url.rpartition("/")[0]

    answer = Client().get(url)

    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer
    for wrong in (
        "/media/", f"{folder}/", "/media/pictures/", f"{folder}/../../secret_key", f"{folder}/%2e%2e/large.webp",
        "/media//etc/passwd", f"{folder}/large.webp%00.png", f"{folder}/large.svg", "/media/../manage.py",
    ):  # fmt: skip
        assert Client().get(wrong).status_code == 404, wrong
    assert Client().post(url).status_code == 405

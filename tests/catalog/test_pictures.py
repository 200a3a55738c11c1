"""Pictures of products: what is taken, in which form it is kept, where it is shown, and that it goes when told to."""

from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageCms

from catalog.models.picture import MAX_PICTURES, Picture
from catalog.models.product import Product
from catalog.services.pictures.make_thumbnails import make_thumbnails
from events.services.sequence_events import sequence_events
from shared.files import pictures
from shared.models.kept_file import KeptFile
from tests.shop.goods import ProductFactory, VariantFactory
from tests.shop.http.admin_pages import list_url, page_url, signed_in, superuser
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, Form, ok, pointers, refused
from tests.shop.pictures import damaged_exif, picture, png, torn_avif

EXIF = Image.Exif()
EXIF[0x0112] = 6  # turned to the right
EXIF[0x010E] = "taken at home"


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create(name="Ridge mug")


def send(caller: Caller, product: Product, data: bytes, *, key: str = "", **fields: Any) -> Answer:
    form = Form(file=SimpleUploadedFile("a.png", data, "image/png"), **fields)
    return caller.post(f"/products/{product.pk}/pictures", form, **({"idempotency_key": key} if key else {}))


def shown(caller: Caller, product: Product) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(caller.get(f"/products/{product.pk}"))["pictures"]
    return found


def opened(url: str) -> Image.Image:
    answer = Client().get(url)
    assert answer.status_code == 200, answer.status_code
    return Image.open(BytesIO(answer.content))


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


def _bomb() -> bytes:
    """A file of some bytes that says it is 10 GB once unpacked."""
    data = bytearray(png())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def test_a_photo_with_damaged_exif_is_taken_upright(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, damaged_exif()), 201)

    assert (made["width"], made["height"]) == (20, 40)


def test_grey_of_sixteen_bits_stays_grey(staff: Caller, product: Product) -> None:
    written = BytesIO()
    Image.new("I;16", (20, 10), 128 << 8).save(written, "PNG")

    made = ok(send(staff, product, written.getvalue()), 201)

    assert all(abs(level - 128) <= 2 for level in _colour(made))


def test_colours_are_those_of_the_files_profile(staff: Caller, product: Product) -> None:
    swapped = bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped = swapped[:red] + b"gXYZ" + swapped[red + 4 : green] + b"rXYZ" + swapped[green + 4 :]

    made = ok(send(staff, product, picture("JPEG", (16, 16), icc_profile=swapped)), 201)
    plain = ok(send(staff, product, picture("JPEG", (16, 16), icc_profile=b"no profile")), 201)

    assert _colour(made)[1] > 200 > 100 > _colour(made)[0]
    assert _colour(plain)[0] > 200 > 100 > _colour(plain)[1]


def test_a_large_paletted_picture_is_taken_whole_and_keeps_what_is_clear(staff: Caller, product: Product) -> None:
    large = Image.new("P", (6_000, 1_100), 1)
    large.putpalette([0, 0, 255, 255, 0, 0])
    large.paste(0, (0, 0, 3_000, 1_100))
    written = BytesIO()
    large.save(written, "PNG", transparency=0)

    made = ok(send(staff, product, written.getvalue()), 201)

    kept: Any = opened(made["urls"]["large"]).convert("RGBA")
    assert kept.size == (made["width"], made["height"]) == (1_600, 293)
    assert [kept.getpixel((place, 280))[3] for place in (10, 790, 810, 1_590)] == [0, 0, 255, 255]


def test_only_one_is_decoded_at_a_time_and_who_waits_too_long_is_asked_to_come_again(
    staff: Caller, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.01)
    page, form = signed_in(superuser()), _product_form(product)

    with pictures._turn_to_decode:
        answer = send(staff, product, png())
        shown_page = page.post(page_url(product), form)

    assert refused(answer, 503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "Others are sending pictures" in shown_page.content.decode()
    assert not Picture.objects.exists()
    assert ok(send(staff, product, png()), 201)


def test_a_form_decodes_its_pictures_once_and_before_it_locks_the_product(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, form = signed_in(superuser()), _product_form(product)
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


def _product_form(product: Product) -> dict[str, Any]:
    """With a new picture."""
    return {
        "pictures-TOTAL_FORMS": "1",
        "pictures-INITIAL_FORMS": "0",
        "pictures-0-product": str(product.pk),
        "pictures-0-file": SimpleUploadedFile("new.png", png(), "image/png"),
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
        "name": product.name,
        "slug": product.slug,
        "is_active": "on",
    }


def _colour(made: dict[str, Any]) -> tuple[int, ...]:
    found: Any = opened(made["urls"]["large"]).convert("RGB").getpixel((5, 5))
    return tuple(found)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(SVG, "unknown_kind", id="svg"),
        pytest.param(b"<html><script>alert(1)</script>", "unknown_kind", id="page"),
        pytest.param(b"%PDF-1.7 ...", "unknown_kind", id="pdf"),
        pytest.param(picture("TIFF"), "unknown_kind", id="tiff"),
        pytest.param(png((400, 400))[:300], "broken", id="half"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "", id="only a head"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(torn_avif(), "broken", id="avif without its frame"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_kept(
    staff: Caller, product: Product, data: bytes, code: str
) -> None:
    problem = refused(send(staff, product, data), 400, "invalid")

    assert pointers(problem) == ["/file"]
    assert not code or problem["errors"][0]["code"] == code
    assert not Picture.objects.exists()
    assert not KeptFile.objects.exists()


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(staff: Caller, product: Product) -> None:
    problem = refused(send(staff, product, _bomb()), 400, "invalid")

    assert problem["errors"][0]["code"] == "too_many_pixels"


def test_a_file_beyond_the_limit_is_refused(staff: Caller, product: Product) -> None:
    assert send(staff, product, b"x" * (11 * 1024 * 1024)).status_code == 413
    problem = refused(send(staff, product, png() + b"x" * (10 * 1024 * 1024)), 400, "invalid")
    assert problem["errors"][0]["code"] == "max_size"


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
    assert [each["pictures"] for each in ok(Caller().get("/products"))["results"]] == [made[1:]]
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
    refused_page = page.post(url, {**rows, "pictures-3-file": SimpleUploadedFile("x.png", SVG, "image/png")})
    assert refused_page.status_code == 200

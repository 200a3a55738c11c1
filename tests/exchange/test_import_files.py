"""Files that come to be imported: read as they are meant, or refused with a reason."""

import io
import zipfile

import pytest
from django.test import Client

from exchange.models.data_import import Import
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.import_files import checked, imported, step, upload, uploaded, workbook
from users.models.custom_field import CustomField
from users.models.customer import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "Žofie"), ("utf-16", "Олена"), ("windows-1251", "Олена Шевченко"), ("windows-1252", "José Müller")],
)
def test_encodings_and_delimiters_are_found_out(boss: Client, encoding: str, name: str) -> None:
    imported(boss, f"name\temail\n{name}\ta@example.com\n".encode(encoding))

    assert Customer.objects.get().name == name


def test_a_wrong_guess_is_corrected(boss: Client) -> None:
    data_import = uploaded(boss, "name,email\nJosé,a@example.com\n".encode("windows-1252"))

    step(boss, data_import, "read_again", encoding="windows-1251", delimiter=",")

    data_import.refresh_from_db()
    assert (data_import.encoding, data_import.samples[0][0]) == ("windows-1251", "Josй")


def test_a_workbook_is_read_like_a_csv_file(boss: Client) -> None:
    CustomField.objects.create(model="customer", key="size", label="Size", kind="number")

    imported(
        boss,
        workbook(
            ["Name", "E-mail", "Phone", "Size"], ["Ada", "a@example.com", 491234567, 1.5], [], ["Bo", "b@example.com"]
        ),
    )

    ada = Customer.objects.get(name="Ada")
    assert (ada.phone, ada.custom_fields, Customer.objects.count()) == ("491234567", {"size": "1.5"}, 2)


def bomb(part: str = "xl/sharedStrings.xml", megabytes: int = 100) -> bytes:
    file = io.BytesIO(workbook(["name"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(f"{part}.x", "w") as big:
        for _ in range(megabytes):
            big.write(b"\0" * 2**20)
    return file.getvalue()


HOSTILE = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n", "is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "PNG"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"),
    "an archive": (b"PK\x03\x04garbage", "damaged"),
    "a bomb": (bomb(), "unpacks to more"),
    "too wide": (b",".join(b"c%d" % n for n in range(10_000)), "10,000 columns"),
    "binary": (b"\0" * 100, "not text"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_are_no_tables_are_refused_with_a_reason(boss: Client, name: str) -> None:
    content, reason = HOSTILE[name]

    answer = upload(boss, content)

    assert answer.status_code in (200, 400)
    assert reason in text_of(answer)
    assert not Import.objects.exists()


GOOD = b"name,email\n" + b"Ada,a@example.com\n" * 10_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD + b"\xe9,b@example.com\n", "choose another encoding"),
        (GOOD + b'"' + b"x" * 200_000, "closing quotation mark"),
        (b"name,email\n", "headers only"),
    ],
)
def test_faults_deeper_in_the_file_end_the_check(boss: Client, content: bytes, reason: str) -> None:
    data_import = uploaded(boss, content)
    step(boss, data_import, "read_again", encoding="utf-8-sig", delimiter=",")

    data_import = checked(boss, data_import)

    assert data_import.status == "failed"
    assert reason in data_import.message

"""CSV as spreadsheets, shops and old programs write it: read right, asked about, or refused with what to do."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.test import Client

from exchange.models.data_import import Import
from tests.shop.goods import VariantFactory
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.import_files import checked, errors, imported, page, step, upload, uploaded
from users.models.customer import Customer

pytestmark = pytest.mark.django_db

NAMES = [
    ("windows-1250", "Łukasz Wiśniewski"),
    ("windows-1250", "Jiří Dvořák"),
    ("windows-1251", "ОЛЕНА ШЕВЧЕНКО"),
    ("windows-1252", "João Conceição"),
    ("windows-1253", "Νίκος Παπάς"),
    ("windows-1254", "Özgür Şahin I\u015f\u0131k"),
    ("windows-1255", "דוד לוי"),
    ("windows-1256", "محمد علي"),
    ("windows-1257", "Jānis Bērziņš"),
    ("koi8-u", "Олена Шевченко"),
    ("koi8-r", "Иван Петров"),
    ("cp850", "José Müller"),
    ("cp866", "Олена Шевченко"),
    ("mac-roman", "José Müller"),
    ("mac-cyrillic", "Олена Шевченко"),
    ("cp932", "山田 太郎"),
    ("gbk", "王小明"),
    ("big5", "陳怡君"),
    ("euc-kr", "김철수"),
    ("utf-16-le", "Олена"),
    ("utf-16-be", "山田"),
]


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


@pytest.mark.parametrize(("encoding", "name"), NAMES)
def test_names_of_many_countries_are_read(boss: Client, encoding: str, name: str) -> None:
    imported(boss, f"name;email\r\n{name};a@example.com\r\n".encode(encoding))

    assert Customer.objects.get().name == name


def test_the_whole_file_counts_and_not_its_beginning(boss: Client) -> None:
    plain = "".join(f"Person {n};p{n}@example.com\r\n" for n in range(5_000))
    text = f"name;email\r\n{plain}Žofie Dvořáková;z@example.com\r\nJiří;j@example.com\r\n"

    data_import = uploaded(boss, text.encode("windows-1250"))

    assert (data_import.encoding, data_import.doubts) == ("windows-1250", [])


def test_an_unclear_encoding_is_asked_about_with_lines_that_differ(boss: Client) -> None:
    data_import = uploaded(boss, "name;email\r\nPřibyl;a@example.com\r\nPlain;b@example.com\r\n".encode("windows-1250"))

    shown = text_of(boss.get(page(data_import)))
    assert "Přibyl;a@example.com" in shown
    assert "Pøibyl;a@example.com" in shown
    guessed = {f"column-{place}": name for place, name in data_import.mapping.items()}
    refused = step(boss, data_import, "check", key="email", mode="both", **guessed)
    assert refused.status_code == 400
    assert "choose the encoding first" in text_of(refused)

    step(boss, data_import, "read_again", encoding="windows-1250", delimiter=";")

    data_import.refresh_from_db()
    assert (data_import.doubts, data_import.samples[0][0]) == ([], "Přibyl")
    assert checked(boss, data_import).status == "checked"


HEADED = {
    "a line that names the delimiter": "sep=;\r\nname;email;phone\r\nAda;a@example.com;1\r\n",
    "a delimiter of its own": "sep=^\r\nname^email^phone\r\nAda^a@example.com^1\r\n",
    "headers that end with a delimiter": "name;email;phone;\r\nAda;a@example.com;1\r\n",
    "rows that end with a delimiter": "name;email;phone\r\nAda;a@example.com;1;\r\nBob;b@example.com;2;\r\n",
    "rows that leave out their end": "name;email;phone;address;tags\r\nAda;a@example.com;1\r\nBob;b@example.com\r\n",
    "a comma within a header": "name;email;phone;likes, dislikes\r\nAda;a@example.com;1\r\n",
    "commas within cells": "name;email;phone\r\nAda, Bob, Cy;a@example.com;1\r\nAda, B;b@example.com;2\r\n",
    "titles above the headers": "Customers\r\n\r\nMade;today\r\nname;email;phone\r\nAda;a@example.com;1\r\n",
    "lines that end as on old Macs": "name;email;phone\rAda;a@example.com;1\r",
    "a mark before the first header": "\ufeff\ufeffname;email;phone\r\nAda;a@example.com;1\r\n",
    "line breaks within a cell": 'name;email;phone;"of\r\nnote"\r\n"Ada";"a@example.com";"1";"a\r\nb"\r\n',
    "spaces that do not break": "name\u00a0;\u00a0email;phone\r\n\u00a0Ada\u00a0;a@example.com\u00a0;1\r\n",
    "tabs": "name\temail\tphone\r\nAda\ta@example.com\t1\r\n",
}


@pytest.mark.parametrize("what", HEADED)
def test_headers_are_found(boss: Client, what: str) -> None:
    data_import = checked(boss, uploaded(boss, HEADED[what]))

    assert data_import.mapping == {"0": "name", "1": "email", "2": "phone"} | (
        {"3": "address", "4": "tags"} if "address" in HEADED[what] else {}
    )
    assert (data_import.status, data_import.faulty) == ("checked", 0), errors(boss, data_import)


def test_the_row_of_the_headers_can_be_set(boss: Client) -> None:
    data_import = uploaded(boss, "a,b\r\nc,d\r\nAda,a@example.com\r\n")

    step(boss, data_import, "read_again", encoding="utf-8-sig", delimiter=",", header_row="2")

    data_import.refresh_from_db()
    assert (data_import.header_row, data_import.headers) == (2, ["c", "d"])
    assert step(boss, data_import, "read_again", header_row="x").status_code == 400


def test_one_column_is_a_table(boss: Client) -> None:
    data_import = checked(boss, uploaded(boss, "email\r\na@example.com\r\n"))

    assert [column for _row, column, _text in errors(boss, data_import)] == ["Name"]


CELLS = {
    "3.80501E+11": None,
    "3,80501E+11": None,
    "#N/A": None,
    "=A1+1": None,
    "+49 \ufffd30": None,
    '="0501234567"': "0501234567",
    "380501234567.0": "380501234567",
    "'+380501234567": "+380501234567",
}


@pytest.mark.parametrize("cell", CELLS)
def test_phone_numbers_that_went_through_a_spreadsheet(boss: Client, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'

    data_import = checked(boss, uploaded(boss, f"name,email,phone\r\nAda,a@example.com,{quoted}\r\n"))

    assert [column for _row, column, _text in errors(boss, data_import)] == ([] if CELLS[cell] else ["Phone"])
    if CELLS[cell]:
        assert data_import.rows.get().values["phone"] == CELLS[cell]


PRICES = {
    "1 234,50": "1234.50",
    "1.234,50": "1234.50",
    "1,234.50": "1234.50",
    "1\u2019234.50": "1234.50",
    "12,5": "12.50",
    "1,234": None,
    "12,34,5": None,
    "1.5E+3": None,
    "9.50 €": None,
}


@pytest.mark.parametrize("cell", PRICES)
def test_prices_are_read_or_refused_but_never_a_thousand_times_too_much(boss: Client, cell: str) -> None:
    lamp = VariantFactory.create(sku="LAMP", price=Decimal(7))

    data_import = checked(boss, uploaded(boss, f"sku;price\r\nLAMP;{cell}\r\n", kind="variants"))

    if PRICES[cell] is None:
        assert [column for _row, column, _text in errors(boss, data_import)] == ["Price"]
    else:
        assert Decimal(data_import.rows.get(object_id=lamp.pk).values["price"]) == Decimal(PRICES[cell] or 0)


CONTACTS = {
    "google": (
        "First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,"
        "Phone 1 - Value,Organization Name",
        "Ada,King,Byron,Family ::: * myContacts,,old@example.com,* Work,a@example.com,+44 1 ::: +44 2,Engines",
        "Ada King Byron",
    ),
    "google before 2024": (
        "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Value,Organization 1 - Name",
        "Ada Byron,Ada,Byron,*,a@example.com ::: b@example.com,+44 1,Engines",
        "Ada Byron",
    ),
    "outlook": (
        "First Name,Last Name,E-mail Address,E-mail 2 Address,Primary Phone,Mobile Phone,Company,Home Street,Home City",
        "Ada,Byron,,a@example.com,+44 9,+44 1,Engines,1 High St,London",
        "Ada Byron",
    ),
    "outlook in german": (
        "Vorname,Nachname,E-Mail-Adresse,Mobiltelefon,Firma",
        "Ada,Byron,a@example.com,+44 1,Engines",
        "Ada Byron",
    ),
    "shopify": (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
        "Default Address Country Code,Phone,Tags",
        "'7001,Ada,Byron,a@example.com,yes,Engines,GB,'+44 1,vip",
        "Ada Byron",
    ),
    "woocommerce": (
        "id,billing_first_name,billing_last_name,billing_company,billing_email,billing_phone,billing_country",
        "17,Ada,Byron,Engines,a@example.com,+44 1,GB",
        "Ada Byron",
    ),
    "two parts in german": ("Name,Vorname,E-Mail,Telefon,Firma", "Byron,Ada,a@example.com,+44 1,Engines", "Ada Byron"),
}


@pytest.mark.parametrize("program", CONTACTS)
def test_contacts_of_other_programs_are_read_as_they_come(boss: Client, program: str) -> None:
    headers, row, name = CONTACTS[program]

    imported(boss, f"{headers}\r\n{row}\r\n")

    ada = Customer.objects.get()
    assert (ada.name, ada.email, ada.phone) == (name, "a@example.com", "+44 1")
    assert ada.company is not None
    assert not [tag.name for tag in ada.tags.all() if "*" in tag.name]


def packed(name: str, content: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
        archive.writestr("content.xml", b"")
    return file.getvalue()


OTHERS = {
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600, "save it as XLSX or CSV"),
    "xlsx with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
    "ods": (packed("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "ODS"),
    "numbers": (packed("Index/Document.iwa"), "Numbers"),
    "xlsb": (packed("xl/workbook.bin"), "XLSB"),
    "csv in a zip": (packed("people.csv"), "Unpack it"),
    "html called xls": (b"<html><table><tr><td>name</td></tr></table></html>", "HTML"),
    "xml of 2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "Excel 2003"),
    "vcard": (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "vCard"),
    "gzip": (b"\x1f\x8b\x08\x00", "Unpack it"),
    "two encodings": (
        "name\nOlé\nÑu\nÉa\nÜx\nÄy\n".encode() + b"\xe9\n",
        "line 7",
    ),
    "a row of millions of cells": (b"name,email\n" + b"x," * 2_000_000, "1,048,576 characters"),
    "more columns than can be read": (b"name,email\n" + b"x," * 400 + b"\n", "at most 300"),
    "a cell without end": (b'name,email\n"' + b"x" * 70_000 + b'"\n', "65,535 characters"),
    "a mark that is never closed": (b'name,email\n"Ada,a@example.com\n', "closing quotation mark"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_cannot_be_read_is_refused_with_what_to_do(boss: Client, what: str) -> None:
    content, reason = OTHERS[what]

    answer = upload(boss, content)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert not Import.objects.exists()

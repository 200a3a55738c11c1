"""What a sheet shows is what is taken; what it does not tell is an error of the dry run, and never an empty cell."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from exchange.models.data_import import Import
from tests.exchange.raw_workbook import Book, Raw, Sheet, error, formula, number, sheet_of
from tests.shop.goods import VariantFactory
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.import_files import checked, errors, imported, page, upload, uploaded, written
from tests.shop.people import CustomerFactory
from users.models.custom_field import CustomField
from users.models.customer import Customer

pytestmark = pytest.mark.django_db
HEADERS = ["name", "email", "phone", "note"]


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


@pytest.fixture
def note() -> CustomField:
    return CustomField.objects.create(model="customer", key="note", label="Note", kind="text")


def row_with(cell: Any) -> list[Any]:
    return ["Ada", "ada@example.com", None, cell]


UNKNOWN = {
    "a formula whose result was never stored": formula("CONCATENATE(A1)"),
    "a formula with an empty result of no kind": formula("A1", ""),
    "an error": error("#N/A"),
    "an error of a formula": Raw("<f>A1/0</f><v>#DIV/0!</v>", 't="e"'),
    "an error written as a text": "#REF!",
    "a number that was cut off": "3.80501E+11",
    "a column that was too narrow": "########",
    "letters that were lost": "M\ufffdller",
    "more digits than a sheet keeps": number("12345678901234567890"),
    "a format that nobody knows": number("0.5", 1),
    "what is no number": number("twelve"),
    "a date beyond the calendar": number("99999999", 2),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_unknown_is_an_error_and_empties_nothing(boss: Client, note: CustomField, what: str) -> None:
    ada = CustomerFactory.create(name="Ada", email="ada@example.com", custom_fields={"note": "kept"})
    file = sheet_of(HEADERS, row_with(UNKNOWN[what]), formats=["# ?/?", "dd.mm.yyyy"])

    data_import = checked(boss, uploaded(boss, file), clears_empty="on")

    assert [(row, column) for row, column, _text in errors(boss, data_import)] == [("2", "Note")]
    ada.refresh_from_db()
    assert ada.custom_fields == {"note": "kept"}


SHOWN = {
    "zeros in front": (number("4173", 1), "00004173"),
    "a number in groups": (number("123456789", 2), "123-45-6789"),
    "per cent": (number("0.125", 3), "12.5%"),
    "an amount": (number("-1234.5", 4), "-1,234.50 €"),
    "a date": (number("46112", 5), "31.03.2026"),
    "a moment": (number("46112.75", 6), "2026-03-31 18:00"),
    "a long number": (number("380501234567"), "380501234567"),
    "a long number with an exponent": (number("3.80501234567E11"), "380501234567"),
    "what a computer makes of a third of a number": (number("0.30000000000000004"), "0.3"),
    "the stored result of a formula": (formula("A1", "Ada King", "str"), "Ada King"),
    "yes or no": (Raw("<v>1</v>", 't="b"'), "TRUE"),
    "a text with runs and a reading aid": (
        Raw("<is><r><t>山</t></r><r><t>田</t></r><rPh><t>やま</t></rPh></is>", 't="inlineStr"'),
        "山田",
    ),
    "a text that looks like a formula": ("=A1", "=A1"),
    "a date of the strict dialect": (Raw("<v>2026-03-31T00:00:00</v>", 't="d"'), "2026-03-31"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_text_is_what_the_sheet_shows(boss: Client, note: CustomField, what: str) -> None:
    cell, shown = SHOWN[what]
    formats = ["00000000", "000-00-0000", "0.0%", "#,##0.00\\ [$€-407]", "dd.mm.yyyy", "yyyy-mm-dd hh:mm"]

    imported(boss, sheet_of(HEADERS, row_with(cell), formats=formats))

    assert Customer.objects.get().custom_fields == {"note": shown}


def test_an_empty_result_of_a_formula_is_empty(boss: Client) -> None:
    ada = CustomerFactory.create(name="Ada", email="ada@example.com", phone="+49 30 1")

    imported(boss, sheet_of(HEADERS[:3], ["Ada", "ada@example.com", formula('""', "", "str")]), clears_empty="on")

    ada.refresh_from_db()
    assert ada.phone == ""


def test_a_zero_that_a_program_stored_in_place_of_a_result_is_unknown(boss: Client) -> None:
    lamp = VariantFactory.create(sku="LAMP", price=Decimal(7))
    rows: list[Any] = [["sku", "price"], ["LAMP", formula("B9*2", "0")]]
    book = Book([Sheet(rows)], properties='<calcPr fullCalcOnLoad="1"/>')

    data_import = checked(boss, uploaded(boss, book.content(), kind="variants"))

    assert [(row, column) for row, column, _text in errors(boss, data_import)] == [("2", "Price")]
    lamp.refresh_from_db()
    assert lamp.price == 7


def test_a_price_is_the_number_and_a_sku_what_is_shown(boss: Client) -> None:
    other, meant = (
        VariantFactory.create(sku="4173", price=Decimal(5)),
        VariantFactory.create(sku="00004173", price=Decimal(7)),
    )
    rows: list[Any] = [["sku", "price", "tax"], [number("4173", 1), number("9.5", 2), number("0.2", 3)]]

    imported(boss, sheet_of(*rows, formats=["00000000", '#,##0.00 "EUR"', "0%"]), kind="variants")

    other.refresh_from_db()
    meant.refresh_from_db()
    assert (other.price, meant.price, meant.tax_rate) == (5, Decimal("9.5"), Decimal("0.2"))


def test_a_date_in_place_of_a_code_or_a_number_is_an_error(boss: Client) -> None:
    rows: list[Any] = [["sku", "price"], [number("46082", 1), 5], ["LAMP", number("46082", 1)]]

    data_import = checked(boss, uploaded(boss, sheet_of(*rows, formats=["d-mmm"]), kind="variants"), mode="update")

    assert {(row, column) for row, column, _text in errors(boss, data_import)} >= {("2", "SKU"), ("3", "Price")}


@pytest.mark.parametrize(("properties", "serial"), [("", "46112"), ('<workbookPr date1904="1"/>', "44650")])
def test_dates_are_days_whatever_they_are_counted_from(boss: Client, properties: str, serial: str) -> None:
    CustomField.objects.create(model="customer", key="since", label="Since", kind="date")
    rows: list[Any] = [
        ["name", "email", "since"],
        ["A", "a@example.com", number(serial, 1)],
        ["B", "b@example.com", number(serial)],
        ["C", "c@example.com", "31.03.2026"],
        ["D", "d@example.com", "03/04/2026"],
    ]

    data_import = checked(boss, uploaded(boss, Book([Sheet(rows)], ["m/d/yy"], properties).content()))
    written(boss, data_import, leaves_out_faulty="on")

    assert {row for row, *_ in errors(boss, data_import)} == {"3", "5"}
    assert {c.custom_fields["since"] for c in Customer.objects.all()} == {"2026-03-31"}


def test_a_value_merged_over_rows_is_each_rows_and_one_over_columns_is_an_error(boss: Client) -> None:
    rows: list[Any] = [
        ["company", "name", "email", "phone"],
        ["Merged Ltd", "A", "a@example.com"],
        [None, "B", "b@example.com"],
        [None, "C", "c@example.com"],
        [None, "D", "d@example.com"],
        [None, "E", "e@example.com", None],
        [None, "Wide", None, "1"],
    ]
    tail = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B7:C7"/></mergeCells>'

    data_import = checked(boss, uploaded(boss, sheet_of(*rows, tail=tail)))
    written(boss, data_import, leaves_out_faulty="on")

    assert [(row, column) for row, column, _text in errors(boss, data_import)] == [("7", "E-mail")]
    assert {c.name for c in Customer.objects.filter(company__name="Merged Ltd")} == {"A", "B", "C"}


def test_what_is_hidden_is_left_out_and_the_dry_run_says_so(boss: Client) -> None:
    people = Sheet(
        [["name", "email", "phone"], ["A", "a@example.com", "1"], ["B", "b@example.com", "2"]],
        name="People",
        hidden=[3],
        columns='<cols><col min="3" max="3" hidden="1"/></cols>',
    )
    book = Book([Sheet([["x"]], "Old", "hidden"), people, Sheet([["y"]], "More")])

    data_import = checked(boss, uploaded(boss, book.content()))

    shown = text_of(boss.get(page(data_import)))
    assert "Hidden sheets are not read: Old." in shown
    assert "Only the sheet “People” is read. Not read: More." in shown
    assert "1 hidden row is left out: 3." in shown
    assert "Hidden columns are left out unless you say what they mean: C." in shown
    written(boss, data_import)
    assert [(customer.name, customer.phone) for customer in Customer.objects.all()] == [("A", "")]


def titled() -> bytes:
    return sheet_of(["Customers of 2026"], [], ["name", "email"], ["Ada", "ada@example.com"])


COMMON = {
    "an empty fill": sheet_of(["name", "email"], ["Ada", "ada@example.com"]),
    "no references": sheet_of(["name", "email"], ["Ada", "ada@example.com"], is_terse=True),
    "absolute paths": Book(
        [Sheet([["name", "email"], ["Ada", "ada@example.com"]])], target="/xl/worksheets/sheet{}.xml"
    ).content(),
    "no styles and no texts": Book(
        [Sheet([["name", "email"], ["Ada", "ada@example.com"]])],
        parts={"xl/styles.xml": None, "xl/sharedStrings.xml": None},
    ).content(),
    "shared texts": Book(
        [Sheet([[Raw(f"<v>{n}</v>", 't="s"') for n in pair] for pair in ((0, 1), (2, 3))])],
        texts=["name", "email", "Ada", "ada@example.com"],
    ).content(),
    "the strict dialect with prefixes": Book(
        [Sheet([])],
        parts={
            "xl/worksheets/sheet1.xml": '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
            '<x:row><x:c t="str"><x:v>name</x:v></x:c><x:c t="str"><x:v>email</x:v></x:c></x:row>'
            '<x:row><x:c t="str"><x:v>Ada</x:v></x:c><x:c t="str"><x:v>ada@example.com</x:v></x:c></x:row>'
            "</x:sheetData></x:worksheet>"
        },
    ).content(),
    "a title above the headers": titled(),
    "the summary that Numbers puts first": Book(
        [Sheet([["Exported"]], "Export Summary"), Sheet([["name", "email"], ["Ada", "ada@example.com"]], "Table 1")]
    ).content(),
}


@pytest.mark.parametrize("what", COMMON)
def test_workbooks_of_other_programs_are_read(boss: Client, what: str) -> None:
    imported(boss, COMMON[what])

    assert Customer.objects.get().name == "Ada"


def test_rows_are_numbered_as_the_sheet_numbers_them(boss: Client) -> None:
    data_import = checked(boss, uploaded(boss, titled()))
    assert data_import.header_row == 3
    assert "What stands above the headers is left out: Customers of 2026." in text_of(boss.get(page(data_import)))

    faulty = sheet_of(["name", "email"], [], [], ["Ada", "no address"])

    assert errors(boss, checked(boss, uploaded(boss, faulty)))[0][0] == "4"


def large_cell() -> bytes:
    return sheet_of(["name", "email"], ["x" * 70_000, "a@example.com"])


def sheet_xml(xml: str) -> bytes:
    return Book([Sheet([])], parts={"xl/worksheets/sheet1.xml": xml}).content()


ROWS = "<row><c t='str'><v>name</v></c></row>"
REFUSED = {
    "a cell that is too long": (large_cell(), "65,535 characters"),
    "columns without end": (
        sheet_xml(f"<w><sheetData><row><c r='ZZ1'><v>1</v></c></row>{ROWS}</sheetData></w>"),
        "300",
    ),
    "declared entities": (sheet_xml(f"<!DOCTYPE w [<!ENTITY a 'b'>]><w><sheetData>{ROWS}</sheetData></w>"), "entities"),
    "a tag without end": (sheet_xml("<w><sheetData><row r='" + "1" * 3_000_000), "damaged"),
    "rows out of order": (sheet_xml("<w><sheetData><row r='2'/><row r='1'/></sheetData></w>"), "after row 2"),
    "a text that is not there": (sheet_xml("<w><sheetData><row><c t='s'><v>7</v></c></row></sheetData></w>"), "text 7"),
    "a broken part": (sheet_xml("<w><sheetData><row>"), "damaged"),
    "no sheet": (Book([Sheet([["a"]], state="hidden")]).content(), "no sheet"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_workbooks_beyond_the_limits_are_refused_with_the_limit(boss: Client, what: str) -> None:
    content, reason = REFUSED[what]

    answer = upload(boss, content)

    assert answer.status_code == 400
    assert reason in text_of(answer)
    assert not Import.objects.exists()

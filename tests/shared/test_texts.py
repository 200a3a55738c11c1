"""A text is found by exactly what it was stored as, and by the same letters written otherwise; what nobody sees in an
address is not kept."""
# ruff: noqa: RUF001

import json
import sys
import unicodedata

import pytest
from django.test import Client

from shared.text.tidy import MOST_MARKS, TooManyMarks, in_one_form
from tests.shop.http.admin_pages import add_url, list_url, signed_in, superuser
from tests.shop.http.api_client import Caller, login, ok, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import SuperuserFactory
from users.models.customer import Customer

NAMES = [
    ("ΝΙΚΟΣ", ["ΝΙΚΟΣ", "νικος", "Νικος", "ΝΙΚ", "νικοσ"]),
    ("Παπαδόπουλος Γ", ["ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδόπουλος γ"]),
    ("İstanbul Ticaret", ["İstanbul Ticaret", "istanbul ticaret", "İSTANBUL TİCARET"]),
    ("Straße 7", ["Straße", "STRASSE 7", "strasse", "STRAẞE"]),
    ("Ofﬁce", ["office", "OFFICE", "Ofﬁce"]),
    ("Ｆｕｌｌ Width", ["full width", "ＦＵＬＬ"]),
    ("Ångström", ["ångström", "A\u030angstro\u0308m"]),
    ("Їжак", ["їжак", "\u0406\u0308жак"]),
]
INVISIBLE = {
    "zero-width space": "\u200b",
    "no-break space": "\u00a0",
    "BOM": "\ufeff",
    "LRM": "\u200e",
    "soft hyphen": "\u00ad",
}


@pytest.fixture
def staff(db: None) -> Caller:
    return login(SuperuserFactory.create())


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.mark.parametrize(("stored", "terms"), NAMES, ids=range(len(NAMES)))
def test_a_name_is_found_however_its_letters_are_written(
    staff: Caller, boss: Client, stored: str, terms: list[str]
) -> None:
    made = ok(staff.post("/customers", {"name": stored, "email": "a@example.com"}), 201)
    ok(staff.post("/customers", {"name": "Somebody else", "email": "b@example.com"}), 201)

    for term in terms:
        assert [row["id"] for row in ok(staff.get("/customers", name=term))["results"]] == [made["id"]], term
        page = boss.get(list_url(Customer), {"q": term}).content.decode()
        assert made["id"] in page, term
        assert "Somebody else" not in page, term


@pytest.mark.parametrize("kind", ["companies", "products", "leads"])
def test_other_names_are_folded_likewise(staff: Caller, kind: str) -> None:
    made = ok(staff.post(f"/{kind}", {"name": "ΟΔΟΣ Straße"}), 201)

    assert [row["id"] for row in ok(staff.get(f"/{kind}", name="οδος STRASSE"))["results"]] == [made["id"]]


def test_text_comes_in_in_one_form_of_unicode(staff: Caller, boss: Client) -> None:
    apart = unicodedata.normalize("NFD", "Ångström Її")
    whole = unicodedata.normalize("NFC", apart)
    assert apart != whole

    plain = ok(
        staff.post("/customers", json.dumps({"name": apart, "email": "a@example.com"}, ensure_ascii=False).encode()),
        201,
    )
    escaped = ok(staff.post("/customers", {"name": apart, "email": "b@example.com"}), 201)
    save(boss, add_url(Customer), opened(boss, add_url(Customer)), name=apart, email="c@example.com")

    assert plain["name"] == escaped["name"] == whole
    assert list(Customer.objects.values_list("name", flat=True)) == [whole] * 3


def test_a_pile_of_combining_marks_is_refused_at_once(staff: Caller, boss: Client) -> None:
    pile = "a" + "\u0301\u0316" * 100_000

    problem = refused(staff.post("/customers", json.dumps({"name": pile}, ensure_ascii=False).encode()), 400, "invalid")
    page = boss.post(add_url(Customer), {"name": pile})

    assert problem["errors"][0]["code"] == "too_many_marks"
    assert page.status_code == 400
    assert boss.get(list_url(Customer), {"q": "\u0301\u0316" * 40}).status_code == 400


def test_a_pile_of_any_mark_of_unicode_is_refused() -> None:
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    assert len(marks) > 900

    for mark in marks:
        with pytest.raises(TooManyMarks):
            in_one_form("a" + mark * (MOST_MARKS + 1))


@pytest.mark.parametrize("name", INVISIBLE)
def test_what_nobody_sees_is_not_kept_in_an_address_or_a_code(staff: Caller, name: str) -> None:
    sign = INVISIBLE[name]

    made = ok(staff.post("/customers", {"name": "A", "email": f"{sign} ann@example.com{sign}"}), 201)
    product = ok(staff.post("/products", {"name": "Mug"}), 201)
    variant = ok(staff.post("/variants", {"product": product["id"], "sku": f"{sign}MUG 1{sign}", "price": "5"}), 201)

    assert (made["email"], variant["sku"]) == ("ann@example.com", "MUG 1")
    refused(staff.post("/customers", {"name": "A", "email": f"ann@exam{sign}ple.com"}), 400, "invalid")
    refused(staff.post("/leads", {"name": "A", "email": f"ann@exam{sign}ple.com"}), 400, "invalid")
    refused(staff.post("/variants", {"product": product["id"], "sku": f"MUG{sign}2", "price": "5"}), 400, "invalid")
    assert len(ok(staff.get("/customers", email="ann@example.com"))["results"]) == 1


def test_an_address_typed_into_a_form_is_tidied_too(boss: Client) -> None:
    form = opened(boss, add_url(Customer))

    save(boss, add_url(Customer), form, name="A", email="\ufeffann@example.com\u200b")
    page = save(boss, add_url(Customer), form, name="B", email="b@exam\u200bple.com")

    assert list(Customer.objects.values_list("email", flat=True)) == ["ann@example.com"]
    assert "invisible" in page.content.decode()

"""The shop's own data: one row, over REST and in the admin."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from catalog.models.variant import Variant
from crm.models.deal import Deal
from shop.current import current_shop
from shop.models.shop import Shop
from shop.services.update_shop import update_shop
from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.shop.http.api_client import Caller, machine, ok, pointers, refused
from tests.shop.http.sent_forms import opened, save
from tests.shop.people import CustomerFactory
from users.services.create_customer import create_customer

GOOD = "DE89 3704 0044 0532 0130 00"
ADDRESS = {"lines": ["Lindenstr. 5", "Hof"], "city": "Köln", "region": "", "postal_code": "50667", "country": "DE"}


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


def test_what_staff_say_of_the_shop_is_read_back(staff: Caller) -> None:
    said = {
        "name": "Tee & Tassen",
        "legal_name": "Tee & Tassen GmbH",
        "address": ADDRESS,
        "tax_number": "DE123456789",
        "registration_number": "HRB 4711, Amtsgericht Köln",
        "bank_accounts": [{"bank": "Sparkasse", "iban": GOOD, "bic": "cobadeffxxx", "currency": "EUR"}],
        "email": "hallo@example.com",
        "phone": "0221 123456",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "phone_region": "DE",
        "payment_terms": "14 Tage netto",
        "invoice_footer": "Danke!",
    }

    changed = ok(staff.patch("/shop", said))

    account = {"bank": "Sparkasse", "iban": GOOD.replace(" ", ""), "bic": "COBADEFFXXX", "currency": "EUR"}
    beside = {"logo": "", "version": 2, "updated_at": changed["updated_at"]}
    assert changed == {**said, "bank_accounts": [account], **beside}
    assert ok(staff.get("/shop")) == changed
    assert current_shop().time_zone == "Europe/Berlin"


def test_every_fault_is_named_at_its_place_and_nothing_is_written(staff: Caller) -> None:
    accounts = [{"iban": GOOD}, {"iban": "DE89 3704 0044 0532 0130 01", "bic": "NOBANK"}]

    problem = refused(
        staff.patch("/shop", {"time_zone": "Mars/Olympus", "phone_region": "XX", "bank_accounts": accounts}),
        400,
        "invalid",
    )

    places = {"/time_zone", "/phone_region", "/bank_accounts/1/iban", "/bank_accounts/1/bic"}
    assert set(pointers(problem)) == places
    assert ok(staff.get("/shop"))["version"] == 1


def test_an_address_that_is_sent_replaces_the_one_that_was_there(staff: Caller) -> None:
    ok(staff.patch("/shop", {"address": ADDRESS}))

    moved = ok(staff.patch("/shop", {"address": {"lines": ["Hafen 1"], "city": "Bremen"}}))

    assert moved["address"] == {"lines": ["Hafen 1"], "city": "Bremen", "region": "", "postal_code": "", "country": ""}


@pytest.mark.parametrize("sign", ["\n", "\r", "\x7f", "\u2028"])
def test_a_name_is_one_line(staff: Caller, sign: str) -> None:
    said = {"name": f"Tea{sign}Bcc: x@example.com", "legal_name": f"Tea{sign}Ltd", "address": {"lines": ["1"]}}

    problem = refused(staff.patch("/shop", said), 400, "invalid")

    assert set(pointers(problem)) == {"/name", "/legal_name"}


def test_the_database_takes_no_name_of_two_lines(db: None) -> None:
    with pytest.raises(IntegrityError, match="shop_name_on_one_line"), transaction.atomic():
        Shop.objects.update(name="Tea\nCups")
    Shop.objects.update(name="Чай")


def test_what_names_no_currency_is_in_the_shops(staff: Caller, boss: Client) -> None:
    ok(staff.patch("/shop", {"currency": "UAH"}))
    product = ok(staff.post("/products", {"name": "Tea"}), 201)

    variant = ok(staff.post("/variants", {"product": product["id"], "sku": "TEA", "price": "10"}), 201)
    draft = ok(staff.post("/drafts", {"customer": str(CustomerFactory.create().pk), "lines": []}), 201)

    assert (variant["currency"], draft["currency"]) == ("UAH", "UAH")
    assert 'value="UAH"' in boss.get(add_url(Variant)).content.decode()
    assert Deal().currency == "UAH"


def test_an_older_name_of_a_time_zone_stays_when_the_page_is_saved(boss: Client) -> None:
    update_shop(changes={"time_zone": "Europe/Kiev"})
    url = page_url(Shop.objects.get())

    saved = save(boss, url, opened(boss, url), name="Tea")

    assert saved.status_code == 302, text_of(saved)
    assert (Shop.objects.get().name, Shop.objects.get().time_zone) == ("Tea", "Europe/Kiev")


def test_an_account_is_there_once(staff: Caller) -> None:
    ok(staff.patch("/shop", {"bank_accounts": [{"iban": GOOD}]}))

    refused(staff.patch("/shop", {"bank_accounts": [{"iban": GOOD}, {"iban": GOOD.lower()}]}), 409, "already_exists")

    assert len(ok(staff.get("/shop"))["bank_accounts"]) == 1


def test_an_iban_is_taken_with_whatever_people_put_between_its_letters(staff: Caller, boss: Client) -> None:
    for written in (GOOD.replace(" ", "-"), GOOD.replace(" ", "."), f"{GOOD} "):
        account = ok(staff.patch("/shop", {"bank_accounts": [{"iban": written, "bic": "COBA-DE-FF"}]}))["bank_accounts"]
        assert [(one["iban"], one["bic"]) for one in account] == [(GOOD.replace(" ", ""), "COBADEFF")]
    url = page_url(Shop.objects.get())

    saved = save(boss, url, opened(boss, url), **{"bank_accounts-0-iban": "NL91-ABNA-0417-1643-00"})

    assert saved.status_code == 302, text_of(saved)
    assert ok(staff.get("/shop"))["bank_accounts"][0]["iban"] == "NL91ABNA0417164300"


def test_who_read_an_older_version_changes_nothing(staff: Caller) -> None:
    read = staff.get("/shop")
    ok(staff.patch("/shop", {"name": "First"}))

    refused(staff.patch("/shop", {"name": "Second"}, if_match=read["ETag"]), 412, "stale_version")
    refused(staff.patch("/shop", {"name": "Second", "version": 1}), 412, "stale_version")

    assert ok(staff.get("/shop"))["name"] == "First"
    assert staff.send("GET", "/shop", headers={"If-None-Match": staff.get("/shop")["ETag"]}).status_code == 304


def test_a_key_needs_the_shops_scopes(staff: Caller) -> None:
    reads, writes = machine(staff.user, "shop:read"), machine(staff.user, "shop:write")

    ok(reads.get("/shop"))
    refused(reads.patch("/shop", {"name": "X"}), 403, "missing_scope")
    ok(writes.patch("/shop", {"name": "X"}))


def test_buyers_and_strangers_do_not_read_it(buyer: Caller, visitor: Caller) -> None:
    refused(buyer.get("/shop"), 403, "permission_denied")
    refused(visitor.get("/shop"), 401, "not_authenticated")


def test_there_is_one_shop_whatever_writes_it(db: None) -> None:
    with pytest.raises(IntegrityError, match="shop_is_one"), transaction.atomic():
        Shop.objects.create(currency="USD", phone_region="US", time_zone="UTC")


def test_the_shop_begins_with_what_the_environment_says(db: None, settings: Any) -> None:
    Shop.objects.all().delete()
    settings.SHOP_TIME_ZONE, settings.DEFAULT_CURRENCY, settings.DEFAULT_PHONE_REGION = "Europe/Kyiv", "UAH", "UA"

    before = current_shop()
    call_command("migrate", verbosity=0)

    assert (before.time_zone, before.currency, before.phone_region) == ("Europe/Kyiv", "UAH", "UA")
    assert Shop.objects.get().currency == "UAH"


def test_a_number_without_country_code_is_one_of_the_shops_region(db: None) -> None:
    update_shop(changes={"phone_region": "UA"})

    customer = create_customer(name="Олена", email="olena@example.com", phone="050 123 45 67")

    assert customer.phone_e164 == "+380501234567"


def test_settings_lead_straight_to_the_shops_one_page(boss: Client) -> None:
    page = boss.get("/admin/shop/shop/", follow=True)

    assert page.redirect_chain == [(page_url(Shop.objects.get()), 302)]
    assert "Europe/Kyiv" in text_of(page)


def test_the_page_saves_by_the_same_rules(boss: Client) -> None:
    shop = Shop.objects.get()
    url = page_url(shop)
    typed = {"name": "Чай", "address_lines": "вул. Хрещатик, 1\n\nкв. 5", "country": "ua", "currency": "uah"}
    account = {"bank_accounts-TOTAL_FORMS": "1", "bank_accounts-0-bank": "", "bank_accounts-0-currency": ""}

    bad = save(boss, url, opened(boss, url), **typed, **account, **{"bank_accounts-0-iban": GOOD.replace("3", "4")})
    assert "This is no IBAN" in text_of(bad)
    assert Shop.objects.get().name == ""
    good = save(boss, url, opened(boss, url), **typed, **account, **{"bank_accounts-0-iban": GOOD})

    assert good.status_code == 302
    shop = Shop.objects.get()
    assert (shop.name, shop.country, shop.currency) == ("Чай", "UA", "UAH")
    assert shop.address_lines == ["вул. Хрещатик, 1", "кв. 5"]
    assert [account.iban for account in shop.bank_accounts.all()] == [GOOD.replace(" ", "")]

"""Files into the books: checked first, written as a whole or not at all, and taken back as a whole."""

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client

from exchange import jobs
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportRow
from shared.clock import database_now
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import signed_in, superuser, text_of
from tests.shop.http.import_files import checked, errors, imported, page, step, undone, upload, uploaded, written
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, make_buyer
from users.models.company import Company
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.models.customer_group import CustomerGroup
from users.models.tag import Tag
from users.models.user import User

pytestmark = pytest.mark.django_db

PEOPLE = (
    "Full name;E-Mail address;Telephone;Company;Tags;Owner;Tier\r\n"
    "Ada Lovelace;ada@example.com;+49 30 123456;Acme;vip, press;boss@example.com;gold\r\n"
    '"Grace; Hopper";grace@example.com;;acme;;;silver\r\n'
)


@pytest.fixture
def boss() -> Client:
    return signed_in(superuser())


@pytest.fixture
def tier() -> CustomField:
    return CustomField.objects.create(
        model="customer", key="tier", label="Tier", kind="choice", choices=["gold", "silver"]
    )


def test_columns_are_guessed_and_people_come_with_company_tags_owner_and_own_fields(
    boss: Client, tier: CustomField
) -> None:
    done = imported(boss, PEOPLE)

    assert (done.status, done.creates, done.updates) == ("done", 2, 0)
    ada = Customer.objects.get(email="ada@example.com")
    assert (ada.name, ada.phone, ada.custom_fields) == ("Ada Lovelace", "+49 30 123456", {"tier": "gold"})
    assert ada.phone_e164.endswith("30123456")
    assert (ada.company, ada.owner) == (Company.objects.get(name="Acme"), User.objects.get())
    assert {tag.name for tag in ada.tags.all()} == {"vip", "press"}
    grace = Customer.objects.get(name="Grace; Hopper")
    assert (grace.company, grace.owner) == (ada.company, None), "case does not count, and one company is made"


def test_group_and_country_are_set_emptied_and_taken_back(boss: Client) -> None:
    trade = CustomerGroup.objects.create(name="Trade")
    lines = ["name,email,group,country", "Ada,ada@example.com,TRADE,ua", "Bob,bob@example.com,Wholesale,Germany"]

    data_import = checked(boss, uploaded(boss, "\n".join(lines)))

    found = {(row, column) for row, column, _text in errors(boss, data_import)}
    assert found == {("3", "Customer group"), ("3", "Country")}
    written(boss, data_import, leaves_out_faulty="on")
    ada = Customer.objects.get()
    assert (ada.group, ada.country) == (trade, "UA")
    emptied = imported(boss, "email,customer group,country\nada@example.com,,\n", clears_empty="on")
    ada.refresh_from_db()
    assert (ada.group, ada.country) == (None, "")
    assert not CustomerGroup.objects.exclude(pk=trade.pk).exists()
    undone(boss, emptied)
    ada.refresh_from_db()
    assert (ada.group, ada.country) == (trade, "UA")


def test_known_rows_are_updated_and_what_the_file_does_not_say_stays(boss: Client, tier: CustomField) -> None:
    imported(boss, PEOPLE)

    done = imported(boss, "name,email,phone\nAda King,ADA@example.com,\n")

    assert (done.creates, done.updates, done.unchanged) == (0, 1, 0)
    ada = Customer.objects.get(name="Ada King")
    assert (ada.email, ada.phone, ada.custom_fields) == ("ADA@example.com", "+49 30 123456", {"tier": "gold"})
    assert ada.tags.count() == 2

    emptied = imported(boss, "email,phone,tags\nada@example.com,,\n", clears_empty="on")
    ada.refresh_from_db()
    assert (emptied.updates, ada.phone, ada.phone_e164, ada.tags.count()) == (1, "", "", 0)
    assert imported(boss, "email,phone\nada@example.com,\n", clears_empty="on").unchanged == 1


def test_a_text_does_not_part_from_the_addresses_that_it_follows(boss: Client) -> None:
    lives = '[{"kind":"delivery","lines":["Main 1"],"city":"Київ","postal_code":"01001","country":"UA"}]'
    imported(boss, f'name;email;addresses\nAda;ada@example.com;"{lives.replace(chr(34), chr(34) * 2)}"\n')
    imported(boss, "name,email,address\nBob,bob@example.com,Elm 2\n")
    ada, bob = (Customer.objects.get(name=name) for name in ("Ada", "Bob"))

    data_import = checked(boss, uploaded(boss, "email,address\nada@example.com,Oak 1\nbob@example.com,Oak 1\n"))

    assert [error[:2] for error in errors(boss, data_import)] == [["2", "Address"]]
    written(boss, data_import, leaves_out_faulty="on")
    assert Customer.objects.get(pk=ada.pk).address == ada.address != ""
    assert Customer.objects.get(pk=bob.pk).address == "Oak 1"
    imported(boss, "email,address,addresses\nbob@example.com,Pine 3,[]\nada@example.com,Pine 3,[]\n")
    assert list(Customer.objects.values_list("address", "addresses")) == [("Pine 3", [])] * 2


def test_every_error_says_row_column_and_what_is_wrong_and_nothing_is_written(boss: Client) -> None:
    CompanyFactory.create_batch(2, name="Twice Ltd")
    CustomerFactory.create_batch(2, email="two@example.com")
    rows = [
        "name,email,language,company,owner",
        "Good,good@example.com,,,",
        "No mail,not-an-address,,,",
        "Klingon,k@example.com,tlh,,",
        ",nameless@example.com,,,",
        "Ambiguous,two@example.com,,,",
        "Same,same@example.com,,,",
        "Same,SAME@example.com,,,",
        "Which,w@example.com,,Twice Ltd,",
        "Whose,o@example.com,,,nobody@example.com",
        "Long,l@example.com,,,,one,more",
        "Nul\0,n@example.com,,,",
    ]

    data_import = checked(boss, uploaded(boss, "\n".join(rows)))

    found = {(row, column) for row, column, _text in errors(boss, data_import)}
    assert found == {
        ("3", "E-mail"), ("4", "Language"), ("5", "Name"), ("6", "E-mail"), ("7", "E-mail"), ("8", "E-mail"),
        ("9", "Company"), ("10", "Owner's e-mail"), ("11", ""), ("12", "Name"),
    }  # fmt: skip
    assert (data_import.status, data_import.total, data_import.faulty) == ("checked", 11, 10)
    shown = text_of(boss.get(page(data_import)))
    assert "Row 8 has the same key" in shown
    assert step(boss, data_import, "run").status_code == 400
    assert Customer.objects.count() == 2

    done = written(boss, data_import, leaves_out_faulty="on")
    assert (done.status, done.creates, Customer.objects.count()) == ("done", 1, 3)


@pytest.mark.parametrize(("mode", "faulty"), [("create", {"2"}), ("update", {"3"}), ("both", set())])
def test_the_mode_says_which_rows_are_wanted(boss: Client, mode: str, faulty: set[str]) -> None:
    CustomerFactory.create(email="known@example.com")
    text = "name,email\nKnown,known@example.com\nNew,new@example.com\n"

    data_import = checked(boss, uploaded(boss, text), mode=mode)

    assert {row for row, *_ in errors(boss, data_import)} == faulty


def test_an_own_field_can_be_the_key_as_an_id_of_another_program(boss: Client) -> None:
    CustomField.objects.create(model="customer", key="erp_id", label="ERP id", kind="text")
    known = CustomerFactory.create(name="Old", custom_fields={"erp_id": "A-7"})
    text = "ERP id,name,email\nA-7,New name,n@example.com\nA-8,Other,o@example.com\n"

    done = imported(boss, text, key="custom_fields.erp_id")

    known.refresh_from_db()
    assert (done.creates, done.updates, known.name) == (1, 1, "New name")
    assert Customer.objects.get(name="Other").custom_fields == {"erp_id": "A-8"}


def test_a_whole_import_is_undone(boss: Client, tier: CustomField) -> None:
    CustomerFactory.create(name="Ada", email="ada@example.com", custom_fields={"tier": "silver"}).tags.add(
        Tag.objects.create(name="old")
    )
    before = snapshot()
    done = imported(boss, PEOPLE)
    assert snapshot() != before

    undo = undone(boss, done)

    assert (undo.status, undo.conflicts) == ("undone", 0)
    assert snapshot() == before
    assert not Company.objects.exists(), "made by the import, used by nobody"
    assert {tag.name for tag in Tag.objects.all()} == {"old"}


def snapshot() -> list[object]:
    fields = ("pk", "name", "email", "phone", "phone_e164", "company_id", "owner_id", "custom_fields", "updated_at")
    rows = list(Customer.objects.order_by("pk").values(*fields))
    return [(row, sorted(Customer.objects.get(pk=row["pk"]).tags.values_list("name", flat=True))) for row in rows]


def test_an_undo_names_what_has_changed_since_or_is_in_use_and_then_leaves_it_out(boss: Client) -> None:
    text = "name,email\n" + "".join(f"{name},{name}@example.com\n" for name in ("edited", "buys", "idle"))
    done = imported(boss, text)
    Customer.objects.filter(name="edited").update(phone="1")
    buyer = make_buyer()
    order = order_of(buyer, (make_level(on_hand=1), 1))
    type(order).objects.filter(pk=order.pk).update(customer=Customer.objects.get(name="buys"))

    refused = undone(boss, done)

    assert (refused.status, refused.conflicts) == ("done", 2)
    assert Customer.objects.filter(name="idle").exists(), "nothing is undone"
    assert {(why, who) for _row, why, who in errors(boss, refused)} == {
        ("changed since", "edited@example.com"), ("in use, e.g. by an order", "buys@example.com"),
    }  # fmt: skip
    assert undone(boss, refused, skips_conflicts="on").status == "undone"
    assert set(Customer.objects.values_list("name", flat=True)) == {"edited", "buys", buyer.customer.name}


def test_of_two_who_share_an_address_the_name_tells_who_is_meant(boss: Client) -> None:
    ada, bob = (CustomerFactory.create(name=name, email="home@example.com") for name in ("Ada", "Bob"))

    imported(boss, "name,email,phone\nbob,HOME@example.com,+49 30 2\n")

    ada.refresh_from_db()
    bob.refresh_from_db()
    assert (ada.phone, bob.phone) == ("", "+49 30 2")


def test_a_deleted_customer_is_not_changed_unseen_but_made_anew(boss: Client) -> None:
    gone = CustomerFactory.create(name="Ada", email="ada@example.com", phone="1", deleted_at=database_now())

    data_import = checked(boss, uploaded(boss, "name,email,phone\nAda,ada@example.com,2\n"))

    assert (data_import.creates, data_import.updates) == (1, 0)
    assert "1 row is of a record that was deleted" in text_of(boss.get(page(data_import)))
    written(boss, data_import)
    assert Customer.objects.get().phone == "2"
    assert Customer.everyone.get(pk=gone.pk).phone == "1"
    by_id = checked(boss, uploaded(boss, f"id,name\n{gone.pk},New\n"))
    assert "ID" in {column for _row, column, _text in errors(boss, by_id)}, "no such record"


def test_what_changed_between_dry_run_and_writing_stops_the_import(boss: Client) -> None:
    data_import = checked(boss, uploaded(boss, "name,email\nAda,ada@example.com\n"))
    CustomerFactory.create_batch(2, email="ada@example.com")

    late = written(boss, data_import)

    assert (late.status, late.faulty, Customer.objects.count()) == ("checked", 1, 2)
    assert "changed since" in late.message


def test_a_job_that_comes_twice_writes_once(boss: Client) -> None:
    done = imported(boss, "name,email\nAda,ada@example.com\n")

    jobs.apply_import(str(done.pk))
    jobs.check_import(str(done.pk))

    assert Customer.objects.count() == 1


def test_only_those_with_the_rights_import(boss: Client) -> None:
    staff = StaffFactory.create()
    stranger = signed_in(staff)
    data_import = uploaded(boss, "name,email\nAda,ada@example.com\n")

    assert upload(stranger, b"name,email\n").status_code == 403
    grant(staff, "import_records", "add_customer", "view_customer")
    stranger = signed_in(User.objects.get(pk=staff.pk))
    assert stranger.get(page(data_import)).status_code in (302, 404), "somebody else's file"
    own = uploaded(stranger, "name,email\nAda,ada@example.com\n")
    fields = {"column-0": "name", "column-1": "email", "key": "email"}
    assert step(stranger, own, "check", mode="both", **fields).status_code == 403, "may not change customers"
    assert step(stranger, own, "check", mode="create", **fields).status_code == 302


def grant(user: User, *codenames: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def test_what_is_past_its_time_is_forgotten(boss: Client) -> None:
    done = imported(boss, "name,email\nAda,ada@example.com\n")
    Import.objects.update(expires_at="2020-01-01T00:00Z")

    assert jobs.purge_files() == 1

    done.refresh_from_db()
    assert (done.file_id, ImportRow.objects.count(), done.changes.count()) == (None, 0, 0)
    assert step(boss, done, "undo").status_code == 409


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "exchange", check=True, dry_run=True, verbosity=0)

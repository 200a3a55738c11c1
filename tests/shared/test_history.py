"""What is written into the history of records, whatever way a change comes."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from shared.history.signing import acting
from shared.history.tracking import ensure_triggers, tracked_tables
from shared.models.record_change import RecordChange
from tests.plugins.database import SLOW_STATEMENT_MS
from tests.shop.books import sql
from tests.shop.goods import make_level
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.api_client import Caller, login, ok
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, make_buyer
from users.models.customer import Customer
from users.models.tag import Tag


def history(row: Any) -> list[RecordChange]:
    """Newest first."""
    return list(RecordChange.objects.filter(record=str(row.pk)))


def latest(row: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    change = history(row)[0]
    return change.operation, change.before, change.after


def test_a_row_is_followed_from_its_first_to_its_last_day(db: None) -> None:
    customer = CustomerFactory.create(name="Ada", email="ada@example.com")
    customer.name = "Ada Byron"
    customer.save()
    key = customer.pk
    customer.delete()
    customer.pk = key

    added, changed, gone = reversed(history(customer))
    assert (added.operation, added.before, added.after["name"]) == ("I", {}, "Ada")
    assert (changed.operation, changed.before, changed.after) == ("U", {"name": "Ada"}, {"name": "Ada Byron"})
    assert (gone.operation, gone.before["name"], gone.after) == ("D", "Ada Byron", {})


def test_bulk_updates_and_raw_sql_are_caught_row_by_row(db: None) -> None:
    ada, bob = CustomerFactory.create(phone="1"), CustomerFactory.create(phone="2")

    Customer.objects.update(phone="3")
    assert latest(ada) == ("U", {"phone": "1"}, {"phone": "3"})
    assert latest(bob) == ("U", {"phone": "2"}, {"phone": "3"})

    sql("UPDATE users_customer SET phone = '4' WHERE id = %s", ada.pk)
    assert latest(ada) == ("U", {"phone": "3"}, {"phone": "4"})
    assert latest(bob)[2] == {"phone": "3"}

    Customer.objects.bulk_update([Customer(pk=ada.pk, phone="5"), Customer(pk=bob.pk, phone="6")], ["phone"])
    assert latest(bob) == ("U", {"phone": "3"}, {"phone": "6"})

    Customer.objects.bulk_create(
        [Customer(pk=bob.pk, phone="7")], update_conflicts=True, unique_fields=["id"], update_fields=["phone"]
    )
    assert latest(bob) == ("U", {"phone": "6"}, {"phone": "7"})

    Customer.objects.all().delete()
    assert (latest(ada)[0], latest(bob)[0]) == ("D", "D")


def test_a_bulk_update_takes_no_longer_for_the_small_ones_before_it(db: None) -> None:
    """The trigger's plan is kept: one for a single row, used for 20,000, would compare all pairs of them."""
    sql("INSERT INTO users_tag (id, name) SELECT gen_random_uuid(), 'Tag ' || n FROM generate_series(1, 20000) n")
    for number in range(8):
        Tag.objects.filter(name=f"Tag {number}").update(name=f"Small {number}")

    sql("SET LOCAL statement_timeout = '8s'")
    Tag.objects.update(name=Concat("name", Value("!")))
    sql(f"SET LOCAL statement_timeout = {SLOW_STATEMENT_MS}")

    assert RecordChange.objects.filter(table="users_tag", operation="U").count() == 20_007


def test_what_changes_nothing_that_matters_is_no_change(db: None) -> None:
    customer = CustomerFactory.create()

    customer.save()  # a new updated_at
    Customer.objects.filter(pk=customer.pk).update(name=customer.name)

    assert [change.operation for change in history(customer)] == ["I"]


def test_links_are_part_of_the_record_that_has_them(db: None) -> None:
    customer, tag = CustomerFactory.create(), Tag.objects.create(name="Regular")

    customer.tags.add(tag)
    assert latest(customer)[2]["tag_id"] == str(tag.pk)

    customer.tags.clear()
    assert (latest(customer)[0], latest(customer)[1]["tag_id"]) == ("D", str(tag.pk))


def test_secrets_are_never_kept(db: None) -> None:
    user = StaffFactory.create(password="first-password")
    first = user.password
    user.set_password("second-password")
    user.calendar_token_hash = "address-of-the-calendar"
    user.save()

    assert latest(user) == (
        "U",
        {"password": "•••", "calendar_token": None},
        {"password": "•••", "calendar_token": "•••"},
    )
    kept = str(list(RecordChange.objects.values("before", "after")))
    assert first not in kept
    assert user.password not in kept
    assert "address-of" not in kept


def test_every_tracked_table_has_its_triggers_and_nothing_else_has(db: None) -> None:
    wanted = {(table, operation) for table, tracked in tracked_tables().items() for operation in tracked.operations}

    def there() -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text, right(tgname, 1) FROM pg_trigger WHERE tgname LIKE 'kontor_history%'"
            )
            return set(cursor.fetchall())

    assert there() == wanted
    sql('DROP TRIGGER "kontor_history_U" ON users_tag')
    sql(
        'CREATE TRIGGER "kontor_history_I" AFTER INSERT ON orders_order REFERENCING NEW TABLE AS new_rows'
        " FOR EACH STATEMENT EXECUTE FUNCTION kontor_record_change('id', '', '', '')"
    )
    ensure_triggers()
    assert there() == wanted


def test_the_colleague_who_acts_is_named_in_the_admin_and_over_the_api(db: None) -> None:
    boss, company, customer = superuser(), CompanyFactory.create(name="Old"), CustomerFactory.create()

    signed_in(boss).post(page_url(company), {"name": "New", "custom_fields": "{}"}, headers={"X-Request-ID": "r-1"})
    ok(login(boss).patch(f"/customers/{customer.pk}", {"phone": "+49 30 1"}))

    change = history(company)[0]
    assert (change.actor, change.before, change.after) == (boss, {"name": "Old"}, {"name": "New"})
    assert change.source == "request r-1"
    assert history(customer)[0].actor == boss


def test_what_nobody_asked_for_is_signed_by_the_program(db: None) -> None:
    ada = CustomerFactory.create()

    assert history(ada)[0].actor is None
    with acting(None, "job import */ 7"):
        Customer.objects.filter(pk=ada.pk).update(phone="1")
    assert history(ada)[0].source == "job import __ 7"

    with connection.cursor() as cursor:  # a client of its own, as far as the trigger can see
        cursor.cursor.execute("UPDATE users_customer SET phone = '2'")
    assert history(ada)[0].source.startswith("kontor as ")


def test_a_value_that_looks_like_a_signature_signs_nothing(db: None) -> None:
    forged = f"/*kontor:{superuser().pk}:request x*/"
    ada = CustomerFactory.create(name=forged)

    assert history(ada)[0].actor is None
    assert history(ada)[0].after["name"] == forged


@pytest.mark.django_db(transaction=True)
def test_threads_with_kept_connections_never_sign_for_each_other() -> None:
    """Each thread keeps its connection over requests of different colleagues and of nobody, statements autocommit."""
    colleagues = [StaffFactory.create(is_superuser=True) for _ in range(4)]
    callers: list[Caller] = [login(user) for user in colleagues]
    customers = [CustomerFactory.create() for _ in range(4)]
    faults: list[str] = []

    def work(place: int) -> None:
        try:
            for turn in range(12):
                who, customer = (place + turn) % 4, customers[place]
                ok(callers[who].patch(f"/customers/{customer.pk}", {"phone": f"+49 30 {place}{turn}"}))
                change = history(customer)[0]
                if change.actor_id != colleagues[who].pk:
                    faults.append(f"{turn}: {change.actor_id} instead of {colleagues[who].pk}")
                Customer.objects.filter(pk=customer.pk).update(name=f"{place} {turn}")
                if history(customer)[0].actor_id is not None:
                    faults.append(f"{turn}: left over")
        except BaseException as error:
            faults.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []


def test_reading_and_placing_are_neither_signed_nor_recorded(db: None) -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    before = RecordChange.objects.count()

    order_of(buyer, (level, 2))
    Client().get("/api/v1/products")

    assert RecordChange.objects.count() == before

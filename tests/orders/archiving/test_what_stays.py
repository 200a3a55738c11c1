"""What is known of orders that left, and whose they are when they come back."""

from pathlib import Path

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from config.environment.variables import env
from crm.models.deal import Deal
from crm.models.order_mail import OrderMail
from crm.models.pipeline import Stage, StageKind
from crm.services.deals.move_deal import DealHasLiveOrder, move_deal
from crm.services.merging.merge_customers import merge_customers
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import export_person
from orders.archiving.detach import detach_month
from orders.archiving.restore import restore_month
from orders.models.order import Order
from orders.models.order_event import OrderEvent
from orders.models.sales import ArchivedOrder
from orders.partitioning.months import Month
from orders.partitioning.tables import TABLES
from shared.actor import SYSTEM
from shared.clock import database_now
from shop.services.note_demo_shop import note_demo_loaded
from tests.orders.archiving.finished import finish_orders
from tests.orders.archiving.old_month import OLD, age_orders, all_rows, ids_of_the_next_month, partitions
from tests.shop.books import audit, sql
from tests.shop.http.api_client import login, refused
from tests.shop.people import make_buyer
from users.models.user import User

pytestmark = pytest.mark.usefixtures("own_tables")


def test_an_order_that_left_is_gone_by_name_and_its_coupon_and_deal_stay_used() -> None:
    buyer, other = finish_orders(), make_buyer()
    age_orders()
    partitions("detach", str(OLD), "--yes")
    left = ArchivedOrder.objects.filter(coupon__isnull=False).get()
    staff = login(User.objects.create_superuser("boss@example.com"))

    gone = refused(staff.get(f"/orders/{left.pk}"), 410, "order_archived")
    assert (gone["number"], gone["month"]) == (left.number, str(OLD))
    refused(login(buyer.customer.user).get(f"/orders/{left.pk}"), 410, "order_archived")
    refused(login(other.customer.user).get(f"/orders/{left.pk}"), 404, "not_found")
    sql("UPDATE orders_archived_order SET deleted_at = now() WHERE id = %s", left.pk)
    refused(staff.get(f"/orders/{left.pk}"), 404, "not_found")
    deal = Deal.objects.get()
    lost = Stage.objects.get(pipeline=deal.pipeline_id, kind=StageKind.LOST)
    with pytest.raises(DealHasLiveOrder, match=str(OLD)):
        move_deal(deal_id=deal.pk, stage_id=lost.pk, actor=SYSTEM, lost_reason="They went elsewhere")
    exported = export_person(customer_id=buyer.customer.pk)["archived_orders"]
    assert {"number": left.number, "month": str(OLD), "created_at": left.created_at.isoformat()} in exported
    with pytest.raises(DatabaseError, match="restore their months"):
        call_command("migrate", "orders", "0013")
    call_command("migrate", "orders", verbosity=0)  # those after it were taken back, each by itself
    refused(staff.post(f"/deals/{Deal.objects.get().pk}/order", {}), 409, "deal_cannot_be_ordered")
    line = sql("SELECT sku FROM catalog_variant JOIN inventory_stock_level ON variant_id = catalog_variant.id LIMIT 1")
    body = {"customer": str(buyer.customer.pk), "items": [{"variant": line[0][0], "quantity": 1}], "coupon": "ONCE"}
    assert "as often as allowed" in refused(staff.post("/orders", body), 409, "coupon_invalid")["detail"]


def test_orders_come_back_to_whom_their_customer_was_merged_into() -> None:
    buyer, kept = finish_orders(), make_buyer()
    age_orders()
    partitions("detach", str(OLD), "--yes")
    merge_customers(kept_id=kept.customer.pk, duplicate_id=buyer.customer.pk, actor=SYSTEM)

    partitions("restore", str(OLD))

    assert set(Order.objects.values_list("customer", flat=True)) == {kept.customer.pk}
    assert audit()[0] == 0


def test_orders_of_a_person_who_was_erased_meanwhile_come_back_without_them(tmp_path: Path) -> None:
    buyer = finish_orders()
    age_orders()
    sql("UPDATE payments_intent SET provider_id = 'pi_1', failure = 'Ada has no money'")
    drafts = [str(pk) for (pk,) in sql("SELECT id FROM orders_draft")]
    partitions("detach", str(OLD), "--yes")
    partitions("archive", str(OLD), "--to", str(tmp_path))
    erase_customer(customer_id=buyer.customer.pk, actor=SYSTEM)

    partitions("restore", str(OLD), "--from", str(tmp_path))

    assert set(Order.objects.values_list("customer_email", flat=True)) == {""}
    assert not OrderMail.objects.exists()
    assert not OrderEvent.objects.exclude(kind="placed").exclude(reason="").exists()
    assert sql("SELECT provider_id, failure FROM payments_intent") == [("pi_1", "")], "the books name the first"
    told = "SELECT count(*) FROM shared_record_change WHERE record = ANY (%s) AND (before <> '{}' OR after <> '{}')"
    assert drafts
    assert sql(told, drafts) == [(0,)]


def test_the_demo_shop_stays_while_orders_are_in_the_archive() -> None:
    note_demo_loaded()
    finish_orders()
    age_orders()
    partitions("detach", str(OLD), "--yes")

    for arguments in ((), ("--yes",)):
        with pytest.raises(CommandError, match=f"Orders of {OLD} are in the archive"):
            call_command("remove_demo_shop", *arguments)


def test_an_order_over_two_months_leaves_with_its_parent_order() -> None:
    finish_orders()
    age_orders()
    ((sub_order,),) = sql("SELECT id FROM orders_order WHERE parent_id IS NOT NULL ORDER BY id LIMIT 1")
    sql("SET session_replication_role = replica")
    for table in ("orders_order_item", "orders_order_event", "orders_shipment", "orders_refund", "orders_order_edit"):
        sql(f"UPDATE {table} SET order_id = %s WHERE order_id = %s", OLD.later(1).first_id, sub_order)
    sql("UPDATE orders_order SET id = %s WHERE id = %s", OLD.later(1).first_id, sub_order)
    sql("SET session_replication_role = origin")
    before = all_rows()

    with pytest.raises(CommandError):  # of the later month there is nothing but a sub-order, which stays
        partitions("archive", str(OLD.later(1)), "--to", "/nowhere")
    partitions("detach", str(OLD.later(1)), "--yes")
    assert all_rows() == before
    partitions("detach", str(OLD), "--yes")

    assert not Order.objects.exists()
    partitions("restore", str(OLD))
    assert {table for table, rows in all_rows().items() if before[table] != rows} == set()


def test_an_archive_older_than_the_last_one_does_not_come_back(tmp_path: Path) -> None:
    finish_orders()
    age_orders()
    for name in ("first", "last"):
        partitions("detach", str(OLD), "--yes")
        partitions("archive", str(OLD), "--to", str(tmp_path / name))
        if name == "first":
            partitions("restore", str(OLD), "--from", str(tmp_path / name))
            Order.objects.update(note="Came back once")

    with pytest.raises(CommandError, match="archived anew since"):
        partitions("restore", str(OLD), "--from", str(tmp_path / "first"))
    partitions("restore", str(OLD), "--from", str(tmp_path / "last"))

    assert set(Order.objects.values_list("note", flat=True)) == {"Came back once"}
    assert audit()[0] == 0


def test_an_encrypted_archive_asks_for_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, key in (("own", own), ("other", other)):
        (tmp_path / name).write_text(str(key))
    finish_orders()
    age_orders()
    before = all_rows()
    partitions("detach", str(OLD), "--yes")
    partitions("archive", str(OLD), "--to", str(tmp_path / "plain"), "--keep")
    monkeypatch.setattr(env, "backup_recipient", str(own.to_public()))
    with pytest.raises(CommandError, match="is not encrypted, and BACKUP_RECIPIENT is set"):
        partitions("archive", str(OLD), "--to", str(tmp_path / "plain"))
    partitions("archive", str(OLD), "--to", str(tmp_path))
    assert (tmp_path / str(OLD) / "orders_order.copy.gz.age").read_bytes().startswith(b"age-encryption.org")

    for wrong in ((), ("--identity", str(tmp_path / "other"))):
        with pytest.raises(CommandError, match="cannot be decrypted"):
            partitions("restore", str(OLD), "--from", str(tmp_path), *wrong)
    partitions("restore", str(OLD), "--from", str(tmp_path), "--identity", str(tmp_path / "own"))

    assert {table for table, rows in all_rows().items() if before[table] != rows} == set()


def test_partitions_that_are_empty_go_and_are_made_again() -> None:
    partitions("convert")
    finish_orders()
    month = Month.of(database_now()).later(2)  # later(1) may be of the past yet
    age_orders(to=month)
    ids_of_the_next_month("orders_order_item", month)
    before, tables = all_rows(), sorted(month.table(table) for table in TABLES)
    assert sql("SELECT count(*) > 5 FROM " + month.table("orders_order")) == [(True,)]
    there = "SELECT relname FROM pg_class WHERE relname = ANY (%s) AND relispartition ORDER BY 1"
    told: list[str] = []

    detach_month(month, now=month.later(13).begins_at, really=True, progress=told.append)
    assert sql(there, tables) == []
    assert sql("SELECT count(*) FROM orders_order_number") == [(ArchivedOrder.objects.count(),)]
    restore_month(month, None, identities=[], progress=told.append)

    assert [name for (name,) in sql(there, tables)] == tables
    assert sql("SELECT count(*) FROM orders_order_item_rest") == [(0,)]
    assert {table for table, rows in all_rows().items() if before[table] != rows} == set()
    assert sql("SELECT count(*) FROM pg_constraint WHERE NOT convalidated") == [(0,)]
    assert audit()[0] == 0

"""What keeps a month from leaving, an archive from being written, and a month from coming back."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from orders.archiving.hanging import FORGETS, LEAVES, NothingSaysHow, read_hanging
from orders.archiving.manifest import read_manifest
from orders.archiving.month_tables import make_tables
from orders.models.sales import ArchivedOrder
from orders.partitioning.months import Month
from orders.services.payments.confirm_payment import confirm_payment
from payments.services.create_intent import create_intent
from shared.actor import SYSTEM
from shared.clock import database_now
from tests.orders.archiving.finished import finish_orders
from tests.orders.archiving.old_month import OLD, age_orders, all_rows, partitions
from tests.shop.books import audit, sql
from tests.shop.goods import make_level
from tests.shop.orders import order_of
from tests.shop.people import make_buyer

pytestmark = pytest.mark.usefixtures("own_tables")


def test_a_month_with_something_open_stays_and_says_what() -> None:
    buyer, level = make_buyer(), make_level(on_hand=9)
    waiting = order_of(buyer, (level, 1))
    paid = confirm_payment(order_id=order_of(buyer, (level, 2)).pk, actor=SYSTEM)
    confirm_payment(order_id=paid.pk, actor=SYSTEM, reference="once more")
    create_intent(order_id=waiting.pk, actor=SYSTEM, provider="manual", method="bank_transfer")
    age_orders()
    before = all_rows()

    for arguments in ((), ("--yes",)):
        with pytest.raises(CommandError) as refused:
            partitions("detach", str(OLD), *arguments)
        assert f"2 are not finished ({waiting.number}, {paid.number})" in str(refused.value)
        assert f"1 have money to give back ({paid.number})" in str(refused.value)
        assert f"1 may be paid at a provider yet ({waiting.number})" in str(refused.value)
        assert f"1 hold stock ({waiting.number})" in str(refused.value)
    assert all_rows() == before


def test_a_month_that_began_to_leave_before_an_upgrade_or_was_touched_of_late_stays() -> None:
    finish_orders()
    age_orders()
    make_tables(read_hanging(), OLD)
    sql("ALTER TABLE orders_refund ADD planted integer NOT NULL DEFAULT 1")
    before = all_rows()
    with pytest.raises(CommandError, match=r"orders_refund\.planted\. Restore it"):
        partitions("detach", str(OLD), "--yes")
    partitions("restore", str(OLD))
    assert all_rows() == before
    sql("ALTER TABLE orders_refund DROP COLUMN planted")

    sql("ALTER TABLE orders_order_event DISABLE TRIGGER USER")
    sql("UPDATE orders_order_event SET created_at = now() WHERE id = (SELECT id FROM orders_order_event LIMIT 1)")

    with pytest.raises(CommandError, match="1 were changed of late"):
        partitions("detach", str(OLD), "--yes")


def test_a_young_month_stays() -> None:
    with pytest.raises(CommandError, match="younger than 13 months"):
        partitions("detach", str(Month.of(database_now()).later(-12)), "--yes")
    for text in ("2024-13", "May"):
        with pytest.raises(CommandError, match="is no month"):
            partitions("detach", text)


def test_every_table_that_hangs_on_orders_leaves_or_forgets_them() -> None:
    hanging = read_hanging()
    assert set(hanging.tables) == LEAVES
    assert {(link.table, link.column) for link in hanging.forgetting} == FORGETS

    sql("CREATE TABLE planted (id bigint PRIMARY KEY, line uuid REFERENCES orders_order_item)")
    with pytest.raises(NothingSaysHow, match=r"planted\.line"):
        read_hanging()


def _flip(folder: Path) -> None:
    path = folder / "orders_payment.copy.gz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _lose(folder: Path) -> None:
    (folder / "orders_invoice.copy.gz").unlink()


def _retell(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["totals"] = {}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _forge(folder: Path, name: str, value: object) -> None:
    """With a sum that is right, which anybody can write."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"][1][name] = value
    text = json.dumps(manifest)
    (folder / "manifest.json").write_text(text)
    (folder / "manifest.json.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())


def _lead_out(folder: Path) -> None:
    _forge(folder, "file", "../orders_payment.copy.gz")


def _name_twice(folder: Path) -> None:
    _forge(folder, "table", "orders_order")


def _inject(folder: Path) -> None:
    _forge(folder, "columns", [["left_with_order", "uuid); CREATE TABLE planted (id int"]])


def _inject_into_the_right_rows(folder: Path) -> None:
    _inject(folder)
    ArchivedOrder.objects.update(archive_sum=read_manifest(folder, str(OLD)).content_sum)


def _change_columns(_folder: Path) -> None:
    sql("ALTER TABLE orders_refund ADD planted integer NOT NULL DEFAULT 1")
    sql("ALTER TABLE orders_refund ALTER planted DROP DEFAULT")


def _drop_column(_folder: Path) -> None:
    sql("ALTER TABLE orders_shipment RENAME tracking_url TO planted")


_SPOILED: tuple[tuple[Callable[[Path], None], str, str], ...] = (
    (_flip, "", "orders_payment.copy.gz is not as it was written"),
    (_lead_out, "", "names a table twice, or files that are not its own"),
    (_name_twice, "", "names a table twice, or files that are not its own"),
    (_inject, "", "archived anew since"),
    (_lose, "", "orders_invoice.copy.gz is missing"),
    (_retell, "", "manifest.json is not as it was written"),
    (_change_columns, "ALTER TABLE orders_refund DROP COLUMN planted", "orders_refund.planted is needed"),
    (_drop_column, "ALTER TABLE orders_shipment RENAME planted TO tracking_url", "tracking_url is not there"),
    (_inject_into_the_right_rows, "", "has no left_with_order, or a column twice"),
)


def test_a_spoiled_archive_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    finish_orders()
    age_orders()
    partitions("detach", str(OLD), "--yes")
    partitions("archive", str(OLD), "--to", str(tmp_path / "whole"))
    before, archive_sum = all_rows(), ArchivedOrder.objects.all()[0].archive_sum
    with pytest.raises(CommandError, match=r"is in an archive\. Restore it first"):
        partitions("detach", str(OLD), "--yes")

    for place, (spoil, undo, named) in enumerate(_SPOILED):
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path / "whole", folder)
        spoil(folder / str(OLD))
        with pytest.raises(CommandError, match=named):
            partitions("restore", str(OLD), "--from", str(folder))
        if undo:
            sql(undo)
    ArchivedOrder.objects.update(archive_sum=archive_sum)

    assert all_rows() == before
    assert sql("SELECT 1 FROM pg_class WHERE relnamespace = 'archived'::regnamespace") == []


def test_what_is_not_where_it_must_be_is_refused(tmp_path: Path) -> None:
    finish_orders()
    age_orders()
    with pytest.raises(CommandError, match="detach it first"):
        partitions("archive", str(OLD), "--to", str(tmp_path))
    with pytest.raises(CommandError, match="is not detached"):
        partitions("restore", str(OLD))
    partitions("detach", str(OLD), "--yes")
    partitions("archive", str(OLD), "--to", str(tmp_path), "--keep")
    partitions("restore", str(OLD))

    with pytest.raises(CommandError, match="did not leave this shop, or are back"):
        partitions("restore", str(OLD), "--from", str(tmp_path))

    assert not ArchivedOrder.objects.exists()
    assert audit()[0] == 0


def test_an_archive_that_is_there_is_compared_and_not_written_over(tmp_path: Path) -> None:
    finish_orders()
    age_orders()
    partitions("detach", str(OLD), "--yes")
    partitions("archive", str(OLD), "--to", str(tmp_path), "--keep")
    sql("UPDATE archived.orders_order_p2024_05 SET note = 'another one'")

    with pytest.raises(CommandError, match="other rows than"):
        partitions("archive", str(OLD), "--to", str(tmp_path))

    assert sql("SELECT count(*) > 5 FROM archived.orders_order_p2024_05") == [(True,)]

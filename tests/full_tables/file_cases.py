"""Imports and exports in each state that a job finds them in."""

from typing import Any

from exchange.exporting.resources import EXPORT_RESOURCES
from exchange.models.data_import import Import, ImportKind, ImportMode
from exchange.services.apply_import import apply_import
from exchange.services.check_again import check_again
from exchange.services.check_import import check_import
from exchange.services.request_export import request_export
from exchange.services.run_import import run_import
from exchange.services.start_undo import start_undo
from exchange.services.upload_import import upload_import
from shared.actor import Actor
from tests.shop.servers.sandbox import Sandbox
from users.models.user import User

Arguments = dict[str, Any]
_FILE = b"name,email,company,tags\nAda,ada@files.example,Acme,vip\nBob,bob@files.example,,press\n"


def acting() -> Actor:
    boss = User.objects.filter(is_superuser=True).earliest("id")
    return Actor(user_id=boss.pk, principal_id=boss.pk, label="boss")


def uploaded_file(_: Sandbox) -> Arguments:
    made = upload_import(kind=ImportKind.CUSTOMERS, name="people.csv", pieces=[_FILE], actor=acting())
    check_again(
        import_id=made.pk,
        mapping=made.mapping,
        key=made.key,
        mode=ImportMode.BOTH,
        clears_empty=False,
        may_add_companies=True,
    )
    return {"import_id": str(made.pk)}


def checked_file(sandbox: Sandbox) -> Arguments:
    arguments = uploaded_file(sandbox)
    made = Import.objects.get(pk=arguments["import_id"])
    check_import(import_id=made.pk)
    run_import(import_id=made.pk, leaves_out_faulty=True)
    return arguments


def written_file(sandbox: Sandbox) -> Arguments:
    arguments = checked_file(sandbox)
    made = Import.objects.get(pk=arguments["import_id"])
    apply_import(import_id=made.pk)
    start_undo(import_id=made.pk, skips_conflicts=True)
    return arguments


# Of the longest lists a part: whatever is asked for is read in one go.
_PART_OF = {"orders": "status__exact=PENDING", "order_items": "status__exact=PENDING", "customers": "q=zoltan"}


def export_of(_: Sandbox, *, resource: str) -> Arguments:
    made = request_export(
        resource=EXPORT_RESOURCES[resource], query=_PART_OF.get(resource, ""), file_format="csv", actor=acting()
    )
    return {"export_id": str(made.pk)}

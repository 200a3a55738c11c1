"""manage.py reconcile"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from payments.providers.base import ProviderUnsure
from payments.services.reconcile_payments import reconcile_payments
from shared.database.restored import open_shop, restored_until


class Command(BaseCommand):
    help = (
        "After a restore: bring what providers took and gave back since into the books, and open the shop. Exit code "
        "1, and the shop stays closed, where something belongs to no order that is there (docs/backups.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=_moment, help="RFC 3339; unset: what the restored database goes up to")
        parser.add_argument(
            "--open", action="store_true", help="open the shop all the same: what is named was settled by hand"
        )

    def handle(self, *, since: datetime | None, open: bool, **options: object) -> None:
        restored = restored_until()
        moment = since or restored
        if moment is None:
            raise CommandError("This database was not restored: say since when (--since).")
        try:
            done = reconcile_payments(since=moment)
        except ProviderUnsure as error:
            raise CommandError(f"A provider does not answer, and nothing is opened: {error}") from error
        self.stdout.write(f"{done.looked_at} payments and refunds looked at, {done.taken} were not in the books.")
        for line in done.strange:
            self.stdout.write(self.style.ERROR(f"Belongs to nothing here: {line}"))
        if done.strange and not open:
            self.stdout.write("Give it back at the provider, or place the order anew; then: reconcile --open.")
            raise SystemExit(1)
        if restored:
            open_shop()
            self.stdout.write(self.style.SUCCESS("The shop is open."))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no moment: write it as 2026-12-31T23:59:00Z") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} has no zone: add Z for UTC, or an offset as +02:00")
    return moment

"""manage.py reconcile"""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from payments.services.reconcile_payments import Reconciled, reconcile_payments
from shared.database.restored import open_shop, restored_until
from shared.text.times import moment_argument


class Command(BaseCommand):
    help = (
        "After a restore: bring what providers took and gave back since into the books, and open the shop. Exit code "
        "1, and the shop stays closed, where a provider could not be asked, or something has to be decided "
        "(docs/backups.md)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since",
            type=moment_argument,
            help="RFC 3339; unset, or later than that: what the restored database goes up to",
        )
        parser.add_argument(
            "--open", action="store_true", help="open the shop all the same: what is named was settled by hand"
        )
        parser.add_argument(
            "--unasked",
            action="store_true",
            help="open it even where a provider could not be asked: refunds that it paid since may be paid twice",
        )

    def handle(self, *, since: datetime | None, open: bool, unasked: bool, **options: object) -> None:
        restored = restored_until()
        moments = [moment for moment in (since, restored) if moment]
        if not moments:
            raise CommandError("This database was not restored: say since when (--since).")
        done = reconcile_payments(since=min(moments))
        self._tell(done)
        # A refund that was due at that moment is sent again once the shop is open, unless the provider told of it.
        if done.faults and not unasked:
            raise CommandError(f"Nothing is opened: {' '.join(done.faults)} Ask again, or open it with --unasked.")
        if not done.is_whole and not (open or unasked):
            raise SystemExit(1)
        if restored:
            open_shop()
            self.stdout.write(self.style.SUCCESS("The shop is open."))

    def _tell(self, done: Reconciled) -> None:
        self.stdout.write(f"Asked: {', '.join(done.asked)}." if done.asked else "No provider to ask is configured.")
        self.stdout.write(
            f"{done.looked_at} payments and refunds looked at, {done.taken} were not in the books, {done.others} are "
            "none of Kontor's."
        )
        for fault in done.faults:
            self.stdout.write(self.style.ERROR(f"Not asked to the end: {fault}"))
        for line in done.gone:
            self.stdout.write(self.style.ERROR(f"Belongs to nothing here: {line}"))
        for line in done.strange:
            self.stdout.write(self.style.ERROR(f"Contradicts the books: {line}"))
        if done.gone:
            self.stdout.write("Give it back at the provider, or place the order anew; then: reconcile --open.")
        if done.strange:
            self.stdout.write("Compare the order with what the provider has, put it right; then: reconcile --open.")

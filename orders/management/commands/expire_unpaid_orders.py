"""manage.py expire_unpaid_orders"""

from django.core.management.base import BaseCommand, CommandError

from orders.services.orders.expire_unpaid_orders import expire_unpaid_orders
from shared.database.restored import restored_until


class Command(BaseCommand):
    help = "Cancel unpaid orders whose deadline is past and give their stock back, as the worker does by itself."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        if restored_until():
            raise CommandError("This database was restored, and some may have been paid since: manage.py reconcile")
        self.stdout.write(f"{expire_unpaid_orders()} expired")
